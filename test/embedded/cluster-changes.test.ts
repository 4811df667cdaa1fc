import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nodeEnvironment } from '../../src/environment/node-environment.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { Metadata, type MetadataRequest, type MetadataTopic } from '../../src/protocol/metadata.js'
import { ZERO_UUID } from '../../src/protocol/uuid.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { nodeListen } from '../../src/testing/node-listen.js'
import { ManualClock } from '../support/manual-clock.js'
import { produceOne } from '../support/produce-request.js'
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

const metadataRequest: MetadataRequest = {
  topics: [{ name: 'orders', topicId: ZERO_UUID }],
  allowAutoTopicCreation: false,
  includeClusterAuthorizedOperations: false,
  includeTopicAuthorizedOperations: false,
}

async function topicOf(): Promise<MetadataTopic | undefined> {
  return (await connection.request(Metadata, 12, metadataRequest)).topics[0]
}

describe('brokers', () => {
  test('that go down end their connections and refuse new ones, and come back with their log', async () => {
    expect(await produceOne(connection, batch(0))).toMatchObject({ errorCode: ErrorCode.NONE })
    await cluster.stopBroker(1)
    await connection.ended
    await expect(open()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(cluster.leaderOf('orders', 0)).toBe(2)
    await cluster.startBroker(1)
    cluster.moveLeader('orders', 0, 1)
    connection = await open()
    expect(await produceOne(connection, batch(0))).toMatchObject({
      errorCode: ErrorCode.NONE,
      baseOffset: 0n,
    })
    expect(await produceOne(connection, batch(1))).toMatchObject({
      errorCode: ErrorCode.NONE,
      baseOffset: 1n,
    })
  })

  test('that are killed are missed after a while, or when they come back', async () => {
    await cluster.stopBroker(1, { failoverMs: 3_000 })
    expect(cluster.leaderOf('orders', 0)).toBe(1)
    clock.advance(3_000)
    expect(cluster.leaderOf('orders', 0)).toBe(2)
    await cluster.startBroker(1)
    await cluster.stopBroker(2, { failoverMs: 3_000 })
    expect(cluster.leaderOf('orders', 0)).toBe(2)
    // KRaft's controller lets another incarnation register only when the one before is gone.
    await cluster.startBroker(2)
    expect(cluster.leaderOf('orders', 0)).toBe(1)
    clock.advance(3_000)
    expect(cluster.leaderOf('orders', 0)).toBe(1)
  })

  test('can be told to be elsewhere', async () => {
    cluster.advertise(2, { host: 'broker.invalid', port: 1 })
    const { brokers } = await connection.request(Metadata, 12, metadataRequest)
    expect(brokers[1]).toMatchObject({ nodeId: 2, host: 'broker.invalid', port: 1 })
  })
})

describe('topics', () => {
  test('move to a broker that had no replica', async () => {
    cluster.createTopic({ topic: 'alone', assignments: [[1]] })
    cluster.moveLeader('alone', 0, 2)
    const asked = { ...metadataRequest, topics: [{ name: 'alone', topicId: ZERO_UUID }] }
    const { topics } = await connection.request(Metadata, 12, asked)
    expect(topics[0]?.partitions[0]).toMatchObject({
      leaderId: 2,
      leaderEpoch: 1,
      replicaNodes: [2],
      isrNodes: [2],
    })
  })

  test('are missing from metadata once', async () => {
    const fault = cluster.omitFromMetadata('orders')
    expect(await topicOf()).toBeUndefined()
    expect(await topicOf()).toMatchObject({ errorCode: ErrorCode.NONE })
    expect(fault.hits).toBe(1)
  })

  test('are deleted and made again with another id, empty, and without the producers', async () => {
    const before = (await topicOf())?.topicId ?? ''
    const produceById = (topicId: string, sequence: number) =>
      produceOne(connection, batch(sequence), { version: 13, topic: '', topicId })
    expect(await produceById(before, 0)).toMatchObject({ errorCode: ErrorCode.NONE })
    cluster.recreateTopic('orders')
    expect(await produceById(before, 1)).toMatchObject({ errorCode: ErrorCode.UNKNOWN_TOPIC_ID })
    const after = (await topicOf())?.topicId ?? ''
    expect(after).not.toBe(before)
    expect(await produceById(after, 0)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0n })
    cluster.deleteTopic('orders')
    expect(await topicOf()).toMatchObject({ errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION })
  })

  test('grow', async () => {
    cluster.addPartitions('orders', 5)
    expect((await topicOf())?.partitions).toHaveLength(5)
    expect(() => cluster.addPartitions('orders', 5)).toThrow(/currently has 5 partitions/)
    expect(() => cluster.addPartitions('nowhere', 5)).toThrow(/no topic "nowhere"/)
  })
})
