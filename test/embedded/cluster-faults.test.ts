import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nodeEnvironment } from '../../src/environment/node-environment.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { InitProducerId } from '../../src/protocol/init-producer-id.js'
import { Metadata, type MetadataRequest, type MetadataTopic } from '../../src/protocol/metadata.js'
import { Produce } from '../../src/protocol/produce.js'
import { ZERO_UUID } from '../../src/protocol/uuid.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { nodeListen } from '../../src/testing/node-listen.js'
import { ManualClock } from '../support/manual-clock.js'
import { produceOne, produceRequest } from '../support/produce-request.js'
import { RawConnection } from '../support/raw-connection.js'
import { numbered, recordBatch, stamp } from '../support/record-batches.js'

let clock: ManualClock
let cluster: EmbeddedCluster
let connection: RawConnection

beforeEach(async () => {
  clock = new ManualClock(Date.now())
  cluster = await EmbeddedCluster.start({
    brokers: 2,
    topics: [
      {
        topic: 'orders',
        assignments: [
          [1, 2],
          [1, 2],
        ],
      },
      'payments',
    ],
    environment: { clock, random: nodeEnvironment.random, listen: nodeListen },
  })
  connection = await open()
})

afterEach(async () => {
  await connection.close()
  await cluster.close()
})

const open = (): Promise<RawConnection> => RawConnection.openAt(cluster.bootstrapServers)
const batch = (sequence = 0): Buffer => recordBatch(numbered(1), { stamp: stamp(1n, 0, sequence) })
const values = (): number => cluster.records('orders').length

const metadataRequest: MetadataRequest = {
  topics: [{ name: 'orders', topicId: ZERO_UUID }],
  allowAutoTopicCreation: false,
  includeClusterAuthorizedOperations: false,
  includeTopicAuthorizedOperations: false,
}

async function topicOf(): Promise<MetadataTopic | undefined> {
  return (await connection.request(Metadata, 12, metadataRequest)).topics[0]
}

/** Resolves when the brokers have read this many requests in all. */
async function requestsRead(count: number): Promise<void> {
  while (cluster.requests().length < count) await new Promise((resolve) => setImmediate(resolve))
}

describe('answering with an error', () => {
  test('strikes the topic-partition it is for, as often as it is told, and appends nothing', async () => {
    const fault = cluster.failRequests(
      { api: 'Produce', topic: 'orders', partition: 0, times: 2 },
      'NOT_LEADER_OR_FOLLOWER',
    )
    const both = produceRequest(batch())
    const request = {
      ...both,
      topics: [
        {
          name: 'orders',
          topicId: ZERO_UUID,
          partitions: [0, 1].map((index) => ({ index, records: batch() })),
        },
      ],
    }
    const codes = async () =>
      (await connection.request(Produce, 9, request)).topics[0]?.partitions.map(({ errorCode }) => errorCode)
    expect(await codes()).toEqual([ErrorCode.NOT_LEADER_OR_FOLLOWER, 0])
    expect(await codes()).toEqual([ErrorCode.NOT_LEADER_OR_FOLLOWER, 0])
    expect(await codes()).toEqual([0, 0])
    expect(fault.hits).toBe(2)
    expect(values()).toBe(2)
  })

  test('lets requests pass first, and can be taken back', async () => {
    const fault = cluster.failRequests(
      { api: 'Produce', skip: 1, times: Number.POSITIVE_INFINITY },
      ErrorCode.REQUEST_TIMED_OUT,
    )
    expect((await produceOne(connection, batch(0))).errorCode).toBe(ErrorCode.NONE)
    expect((await produceOne(connection, batch(1))).errorCode).toBe(ErrorCode.REQUEST_TIMED_OUT)
    fault.remove()
    expect((await produceOne(connection, batch(1))).errorCode).toBe(ErrorCode.NONE)
  })

  test('after the append leaves the batch in the log', async () => {
    cluster.failRequests({ api: 'Produce' }, 'NOT_ENOUGH_REPLICAS_AFTER_APPEND', { afterHandling: true })
    expect(await produceOne(connection, batch())).toMatchObject({
      errorCode: ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
      baseOffset: 0n,
    })
    expect(values()).toBe(1)
    expect(await produceOne(connection, batch())).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0n })
    expect(values()).toBe(1)
  })

  test('works for what a broker of today does not send', async () => {
    cluster.failRequests({ api: 'Produce' }, 'DUPLICATE_SEQUENCE_NUMBER')
    expect((await produceOne(connection, batch())).errorCode).toBe(ErrorCode.DUPLICATE_SEQUENCE_NUMBER)
    cluster.failRequests({ api: 'Produce' }, 9_999)
    expect((await produceOne(connection, batch())).errorCode).toBe(9_999)
  })

  test('works for other APIs', async () => {
    cluster.failRequests({ api: 'InitProducerId' }, 'COORDINATOR_LOAD_IN_PROGRESS')
    const nobody = { transactionalId: null, transactionTimeoutMs: 1, producerId: -1n, producerEpoch: -1 }
    expect(await connection.request(InitProducerId, 4, nobody)).toMatchObject({
      errorCode: ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
      producerId: -1n,
    })
    cluster.failRequests({ api: 'Metadata', topic: 'orders' }, 'UNKNOWN_TOPIC_OR_PARTITION')
    expect(await topicOf()).toMatchObject({ errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, partitions: [] })
    cluster.failRequests({ api: 'Metadata' }, 'REBOOTSTRAP_REQUIRED')
    const answer = await connection.request(Metadata, 13, metadataRequest)
    expect(answer.errorCode).toBe(ErrorCode.REBOOTSTRAP_REQUIRED)
  })

  test('refuses a name that Kafka does not have', () => {
    expect(() => cluster.failRequests({ api: 'Produce' }, 'NOT_A_LEADER')).toThrow(/NOT_A_LEADER/)
  })
})

describe('being late', () => {
  test('with the answer: the batch is in the log, and what is behind it waits', async () => {
    cluster.delayAnswers({ api: 'Produce' }, 500)
    connection.send(Produce, 9, produceRequest(batch(0)))
    connection.send(Produce, 9, produceRequest(batch(1)))
    await requestsRead(1)
    expect(values()).toBe(1)
    clock.advance(499)
    expect(values()).toBe(1)
    clock.advance(1)
    expect((await connection.nextFrame())?.readInt32BE(0)).toBe(1)
    expect((await connection.nextFrame())?.readInt32BE(0)).toBe(2)
    expect(values()).toBe(2)
  })

  test('with the handling: nothing is in the log until then', async () => {
    cluster.delayRequests({ api: 'Produce' }, 500)
    const result = produceOne(connection, batch())
    await requestsRead(1)
    expect(values()).toBe(0)
    clock.advance(500)
    expect(await result).toMatchObject({ errorCode: ErrorCode.NONE })
  })

  test('with the handling: what was read is handled although its connection has ended, as in Kafka', async () => {
    cluster.delayRequests({ api: 'Produce' }, 500)
    connection.send(Produce, 9, produceRequest(batch()))
    await requestsRead(1)
    await connection.close()
    const other = await open()
    await other.request(Metadata, 12, metadataRequest)
    expect(values()).toBe(0)
    clock.advance(500)
    expect(values()).toBe(1)
    expect(clock.pending).toBe(0)
    await other.close()
  })

  test('ends with the broker, and leaves no timer behind', async () => {
    cluster.delayRequests({ api: 'Produce', times: 2 }, 500)
    connection.send(Produce, 9, produceRequest(batch()))
    const other = await open()
    other.send(Produce, 9, produceRequest(batch()))
    await requestsRead(2)
    expect(clock.pending).toBe(2)
    await connection.close()
    await cluster.stopBroker(1)
    expect(clock.pending).toBe(0)
    clock.advance(500)
    expect(values()).toBe(0)
    await other.close()
  })
})

test('throttling is told at once, and then nothing is read until it is over', async () => {
  cluster.throttle({ api: 'Produce' }, 1_000)
  const response = await connection.request(Produce, 9, produceRequest(batch(0)))
  expect(response.throttleTimeMs).toBe(1_000)
  connection.send(Metadata, 12, metadataRequest)
  const other = await open()
  await other.request(Metadata, 12, metadataRequest)
  expect(cluster.requests()).toHaveLength(2)
  clock.advance(1_000)
  expect(await connection.nextFrame()).not.toBeNull()
  await other.close()
})

test('an interceptor sees every request with what it is about', async () => {
  const seen: string[] = []
  const stop = cluster.intercept({
    beforeHandling(exchange) {
      seen.push(`${exchange.nodeId} ${exchange.api} v${exchange.apiVersion} ${exchange.clientId}`)
      seen.push(...exchange.parts.map(({ topic, partition }) => `${topic}-${partition}`))
      return undefined
    },
  })
  await produceOne(connection, batch(), { partition: 1 })
  stop()
  await produceOne(connection, batch(), { partition: 1 })
  expect(seen).toEqual(['1 Produce v9 test', 'orders-1'])
})

test('requests() tells what came, in order, with what was produced', async () => {
  await connection.request(Metadata, 12, metadataRequest)
  clock.advance(20)
  await produceOne(connection, recordBatch(numbered(3), { stamp: stamp(9n, 2, 40) }), { partition: 1 })
  const [first, second] = cluster.requests()
  expect(first).toMatchObject({
    time: 0,
    nodeId: 1,
    api: 'Metadata',
    apiVersion: 12,
    clientId: 'test',
    produced: null,
  })
  expect(second).toMatchObject({ time: 20, api: 'Produce', apiVersion: 9, correlationId: 2 })
  expect(second?.produced).toMatchObject([
    { topic: 'orders', partition: 1, producerId: 9n, producerEpoch: 2, baseSequence: 40, recordCount: 3 },
  ])
  cluster.clearRequests()
  expect(cluster.requests()).toEqual([])
})

test('producers expire when they have been silent for producer.id.expiration.ms', async () => {
  await produceOne(
    connection,
    recordBatch([{ value: 'a', timestamp: clock.wallTime() }], { stamp: stamp(5n, 0, 0) }),
  )
  const later = (sequence: number) =>
    produceOne(
      connection,
      recordBatch([{ value: 'b', timestamp: clock.wallTime() }], { stamp: stamp(5n, 0, sequence) }),
    )
  clock.advance(3_600_000)
  expect((await later(9)).errorCode).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER)
  clock.advance(86_400_000)
  expect((await later(9)).errorCode).toBe(ErrorCode.NONE)
})
