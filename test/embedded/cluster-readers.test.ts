import { afterEach, beforeEach, expect } from 'vitest'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { missingKafka, missingKcat, testsThatNeed } from '../support/kafka/tests-that-need.js'
import { consoleConsumer, kcat, kcatRead, runKafkaTool } from '../support/kafka/tools.js'
import { produceOne } from '../support/produce-request.js'
import { RawConnection } from '../support/raw-connection.js'
import { BASE_TIMESTAMP, numbered, recordBatch, stamp } from '../support/record-batches.js'

const withKcat = testsThatNeed('kcat, which reads the embedded cluster', await missingKcat())
const withKafka = testsThatNeed("Kafka's own clients, which read the embedded cluster", await missingKafka())

let cluster: EmbeddedCluster
let servers: string[]

beforeEach(async () => {
  cluster = await EmbeddedCluster.start({ brokers: 3, topics: [{ topic: 'orders', numPartitions: 3 }] })
  servers = cluster.bootstrapServers.split(',')
  for (let partition = 0; partition < 3; partition++) {
    const connection = await RawConnection.openAt(cluster.bootstrapServers, partition)
    const plain = recordBatch(numbered(100, `p${partition}`), { stamp: stamp(1n, 0, 0) })
    const packed = recordBatch(numbered(100, `p${partition}`), { stamp: stamp(1n, 0, 100), gzip: true })
    for (const batch of [plain, packed]) {
      expect(await produceOne(connection, batch, { partition })).toMatchObject({ errorCode: ErrorCode.NONE })
    }
    await connection.close()
  }
})

afterEach(() => cluster.close())

const expected = (partition: number) =>
  Array.from({ length: 200 }, (_, offset) => ({ partition, offset, value: `p${partition}-${offset % 100}` }))

withKcat('kcat reads every record from every broker', async () => {
  const read = await kcatRead(servers, { topic: 'orders' })
  for (let partition = 0; partition < 3; partition++) {
    const mine = read.filter((record) => record.partition === partition)
    expect(mine.map(({ offset, value }) => ({ partition, offset, value: value?.toString() }))).toEqual(
      expected(partition),
    )
  }
  expect(new Set(read.map(({ timestamp }) => timestamp))).toEqual(new Set([BASE_TIMESTAMP]))
})

withKcat('kcat lists the cluster', async () => {
  const { stdout } = await kcat([servers[0] ?? ''], ['-L', '-J'])
  const listed: unknown = JSON.parse(stdout.toString())
  expect(listed).toMatchObject({
    brokers: servers.map((name, i) => ({ id: i + 1, name })),
    topics: [{ topic: 'orders', partitions: [{ leader: 1 }, { leader: 2 }, { leader: 3 }] }],
  })
})

withKcat.each(['none', 'gzip'])(
  'kcat, an idempotent producer with codec %s, writes what is read back',
  async (codec) => {
    const lines = Array.from({ length: 500 }, (_, i) => `k${i}\tv${i}`).join('\n')
    const args = ['-P', '-t', 'payments', '-K', '\t', '-z', codec, '-X', 'enable.idempotence=true']
    await kcat(servers, args, { input: `${lines}\n` })
    const records = cluster.records('payments')
    expect(records.map(({ key, value }) => `${key}\t${value}`).join('\n')).toBe(lines)
    expect(records.map(({ sequence }) => sequence)).toEqual(records.map((_, i) => i))
  },
)

withKafka("Kafka's console consumer reads a partition", async () => {
  const read = await consoleConsumer(servers, {
    topic: 'orders',
    partition: 1,
    maxMessages: 200,
    timeoutMs: 20_000,
  })
  expect(read.map(({ partition, offset, value }) => ({ partition, offset, value }))).toEqual(expected(1))
})

withKafka("Kafka's own producer, idempotent as it is by default, is accepted", async () => {
  const properties = [
    '--producer-props',
    `bootstrap.servers=${servers.join(',')}`,
    'acks=all',
    'compression.type=gzip',
  ]
  const load = ['--topic', 'load', '--num-records', '20000', '--record-size', '50', '--throughput', '-1']
  await runKafkaTool('org.apache.kafka.tools.ProducerPerformance', [...load, ...properties])
  const records = cluster.records('load')
  expect(records).toHaveLength(20_000)
  expect(records.map(({ sequence }) => sequence)).toEqual(records.map((_, i) => i))
  expect(cluster.events()).toEqual([])
})
