import { afterEach, describe, expect, test } from 'vitest'
import { Producer, type ProducerConfig, type RecordMetadata } from '../../src/index.js'
import { EmbeddedCluster } from '../../src/testing/index.js'

const TOPIC = 'orders'

let cluster: EmbeddedCluster
let producer: Producer

async function start(
  config: Partial<ProducerConfig> = {},
  brokers = 1,
  partitions = 1,
  clusterConfig: Record<string, string> = {},
): Promise<void> {
  cluster = await EmbeddedCluster.start({
    brokers,
    topics: [{ topic: TOPIC, numPartitions: partitions }],
    config: clusterConfig,
  })
  producer = new Producer({ bootstrapServers: cluster.bootstrapServers, retryBackoffMs: 5, ...config })
}

afterEach(async () => {
  await producer.close({ timeoutMs: 5_000 })
  await cluster.close()
})

function values(): (string | undefined)[] {
  return cluster.records(TOPIC).map((record) => record.value?.toString())
}

describe('what goes wrong on the way costs nothing', () => {
  test('a response lost after the append: the records are in the log once and keep their timestamps', async () => {
    await start({ lingerMs: 50 })
    await producer.send({ topic: TOPIC, value: 'first' })
    cluster.dropAnswers({ api: 'Produce' })
    const sent = [1_000, 2_000, 3_000].map((timestamp) =>
      producer.send({ topic: TOPIC, value: `at ${timestamp}`, timestamp }),
    )
    const metadata = await Promise.all(sent)
    expect(values()).toEqual(['first', 'at 1000', 'at 2000', 'at 3000'])
    expect(metadata.map(({ offset }) => offset)).toEqual([1n, 2n, 3n])
    expect(metadata.map(({ timestamp }) => timestamp)).toEqual([1_000, 2_000, 3_000])
  })

  test.each([
    'NOT_LEADER_OR_FOLLOWER',
    'NOT_ENOUGH_REPLICAS',
    'REQUEST_TIMED_OUT',
    'COORDINATOR_LOAD_IN_PROGRESS',
    'KAFKA_STORAGE_ERROR',
    'CORRUPT_MESSAGE',
  ])('%s is tried again, in order', async (error) => {
    await start({ lingerMs: 0, batchSize: 200 }, 1, 1)
    cluster.failRequests({ api: 'Produce', skip: 1, times: 3 }, error)
    const sent: Promise<RecordMetadata>[] = []
    for (let i = 0; i < 500; i++) sent.push(producer.send({ topic: TOPIC, value: `record ${i}` }))
    const metadata = await Promise.all(sent)
    expect(values()).toEqual(Array.from({ length: 500 }, (_, i) => `record ${i}`))
    expect(metadata.map(({ offset }) => offset)).toEqual(Array.from({ length: 500 }, (_, i) => BigInt(i)))
  })

  // The request arrives in one piece over loopback, so of its bytes only the last makes a difference;
  // byte-sweep.test.ts has them all.
  test('a broker that ends connections within a request, behind it, and at every byte of its response', async () => {
    await start({ lingerMs: 0, reconnectBackoffMs: 0, retryBackoffMs: 0 })
    const expected: string[] = []
    const send = async (value: string): Promise<void> => {
      expected.push(value)
      await producer.send({ topic: TOPIC, value: value.padEnd(30) })
    }
    await send('warm-up')
    await send('measured')
    const size = cluster.requests().findLast(({ api }) => api === 'Produce')?.size ?? 0
    for (const byte of [0, 1, size - 1, size]) {
      const fault = cluster.cutRequests({ api: 'Produce' }, byte)
      await send(`request cut at ${byte}`)
      expect(fault.hits).toBe(1)
    }
    let responseSize = 0
    for (let byte = 0; responseSize === 0 || byte <= responseSize; byte++) {
      const fault = cluster.cutAnswers({ api: 'Produce' }, byte)
      await send(`response cut at ${byte}`)
      expect(fault.hits).toBe(1)
      responseSize = Number(/cut at byte \d+ of (\d+)$/.exec(cluster.events().at(-1)?.message ?? '')?.[1])
    }
    expect(responseSize).toBeGreaterThan(40)
    expect(values().map((value) => value?.trimEnd())).toEqual(expected)
  })

  test('leaders that move under load', async () => {
    await start({ lingerMs: 0, batchSize: 500 }, 3, 3)
    const acknowledged: string[][] = [[], [], []]
    const sent: Promise<void>[] = []
    for (let i = 0; i < 3_000; i++) {
      const partition = i % 3
      sent.push(
        producer.send({ topic: TOPIC, partition, value: `${i}` }).then(() => {
          acknowledged[partition]?.push(`${i}`)
        }),
      )
      if (i % 100 === 0) cluster.moveLeader(TOPIC, partition, 1 + ((i / 100) % 3))
      if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(sent)
    const log = cluster.records(TOPIC)
    for (const partition of [0, 1, 2]) {
      const inLog = log
        .filter((record) => record.partition === partition)
        .map((record) => record.value?.toString())
      expect(inLog).toEqual(acknowledged[partition])
      expect(inLog).toHaveLength(1_000)
    }
  })

  test('a batch larger than the topic takes is split, and a flush waits for all of it', async () => {
    await start({ lingerMs: 20 }, 1, 1, { 'message.max.bytes': '600' })
    const outcomes: (RecordMetadata | null)[] = []
    for (let i = 0; i < 100; i++) {
      producer.send({ topic: TOPIC, value: `record ${i}`.padEnd(100, '.') }, (_, metadata) => {
        outcomes.push(metadata)
      })
    }
    await producer.flush()
    expect(outcomes.map((metadata) => metadata?.offset)).toEqual(
      Array.from({ length: 100 }, (_, i) => BigInt(i)),
    )
    expect(values().map((value) => value?.replace(/\.+$/, ''))).toEqual(
      Array.from({ length: 100 }, (_, i) => `record ${i}`),
    )
  })

  test('a producer id that the broker has forgotten', async () => {
    await start({ lingerMs: 0 })
    await producer.send({ topic: TOPIC, value: 'before' })
    const [first] = cluster.records(TOPIC)
    cluster.expireProducerId(first?.producerId ?? -1n)
    await producer.send({ topic: TOPIC, value: 'after' })
    expect(values()).toEqual(['before', 'after'])
  })
})

describe('batches', () => {
  test('records sent in one turn share a batch, and gzip makes it smaller', async () => {
    await start({ lingerMs: 5, compressionType: 'gzip' })
    const sent = Array.from({ length: 100 }, (_, i) =>
      producer.send({ topic: TOPIC, key: `k${i}`, value: 'x'.repeat(90) }),
    )
    await Promise.all(sent)
    const produced = cluster.requests().filter((request) => request.api === 'Produce')
    expect(produced).toHaveLength(1)
    expect(produced[0]?.size).toBeLessThan(2_000)
    expect(cluster.records(TOPIC).map((record) => record.key?.toString())).toEqual(
      Array.from({ length: 100 }, (_, i) => `k${i}`),
    )
  })

  test('one of 50,000 records reaches its partition in the order of the sends, with five requests in flight', async () => {
    await start({ batchSize: 1_000 }, 3, 6)
    let failed = 0
    const perPartition: number[][] = Array.from({ length: 6 }, () => [])
    for (let i = 0; i < 50_000; i++) {
      const partition = i % 6
      perPartition[partition]?.push(i)
      const room = producer.send({ topic: TOPIC, partition, value: String(i) }, (error) => {
        if (error !== null) failed++
      })
      if (!room) await new Promise<void>((resolve) => producer.once('drain', resolve))
    }
    await producer.flush()
    expect(failed).toBe(0)
    const log = cluster.records(TOPIC)
    for (let partition = 0; partition < 6; partition++) {
      const inLog = log
        .filter((record) => record.partition === partition)
        .map((record) => Number(record.value))
      expect(inLog).toEqual(perPartition[partition])
    }
  })

  test('acks 0 and acks 1 without idempotence', async () => {
    await start({ acks: 1, enableIdempotence: false })
    await producer.send({ topic: TOPIC, value: 'one' })
    const told = new Producer({
      bootstrapServers: cluster.bootstrapServers,
      acks: 0,
      enableIdempotence: false,
    })
    const metadata = await told.send({ topic: TOPIC, value: 'zero' })
    expect(metadata.offset).toBe(-1n)
    await told.close()
    await producer.send({ topic: TOPIC, value: 'two' })
    expect(values().sort()).toEqual(['one', 'two', 'zero'])
  })
})

describe('the end', () => {
  test('close sends what lingers', async () => {
    await start({ lingerMs: 60_000 })
    const sent = producer.send({ topic: TOPIC, value: 'lingering' })
    await producer.close()
    await expect(sent).resolves.toMatchObject({ offset: 0n })
    await expect(producer.send({ topic: TOPIC, value: 'late' })).rejects.toMatchObject({
      code: 'PRODUCER_CLOSED',
    })
  })

  test('close with a timeout tells each record what is known of it', async () => {
    await start({ lingerMs: 0 })
    await producer.send({ topic: TOPIC, value: 'first' })
    cluster.ignoreRequests({ api: 'Produce', times: 100 }, { handle: true })
    const sent = producer.send({ topic: TOPIC, value: 'unanswered' })
    const outcome = expect(sent).rejects.toMatchObject({ code: 'PRODUCER_CLOSED', possiblyPersisted: true })
    await new Promise<void>((resolve) => {
      const look = (): void => (values().includes('unanswered') ? resolve() : void setImmediate(look))
      look()
    })
    await producer.close({ timeoutMs: 10 })
    await outcome
  })
})
