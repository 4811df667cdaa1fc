import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nodeEnvironment } from '../../src/environment/node-environment.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { Fetch, type FetchPartitionResult, type FetchRequest } from '../../src/protocol/fetch.js'
import { ListOffsets } from '../../src/protocol/list-offsets.js'
import { Metadata } from '../../src/protocol/metadata.js'
import { readRecordBatchHeader } from '../../src/protocol/record-batch.js'
import { ZERO_UUID } from '../../src/protocol/uuid.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { nodeListen } from '../../src/testing/node-listen.js'
import { ManualClock } from '../support/manual-clock.js'
import { produceOne } from '../support/produce-request.js'
import { RawConnection } from '../support/raw-connection.js'
import { BASE_TIMESTAMP, numbered, recordBatch } from '../support/record-batches.js'

let clock: ManualClock
let cluster: EmbeddedCluster
let connection: RawConnection
let topicId: string

beforeEach(async () => {
  clock = new ManualClock(Date.now())
  cluster = await EmbeddedCluster.start({
    brokers: 2,
    topics: [{ topic: 'orders', assignments: [[1], [1]] }],
    environment: { clock, random: nodeEnvironment.random, listen: nodeListen },
  })
  connection = await RawConnection.openAt(cluster.bootstrapServers)
  const { topics } = await connection.request(Metadata, 12, {
    topics: [{ name: 'orders', topicId: ZERO_UUID }],
    allowAutoTopicCreation: false,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  })
  topicId = topics[0]?.topicId ?? ''
})

afterEach(async () => {
  await connection.close()
  await cluster.close()
})

interface Asked {
  readonly partition?: number
  readonly epoch?: number
  readonly partitionMaxBytes?: number
}

function fetchRequest(offsets: readonly bigint[], more: Partial<FetchRequest> & Asked = {}): FetchRequest {
  const { epoch = -1, partitionMaxBytes = 1_048_576, ...rest } = more
  return {
    clusterId: null,
    replicaId: -1,
    replicaState: null,
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 50_000_000,
    isolationLevel: 0,
    sessionId: 0,
    sessionEpoch: -1,
    topics: [
      {
        topic: 'orders',
        topicId,
        partitions: offsets.map((fetchOffset, partition) => ({
          partition,
          currentLeaderEpoch: epoch,
          fetchOffset,
          lastFetchedEpoch: -1,
          logStartOffset: -1n,
          partitionMaxBytes,
          replicaDirectoryId: ZERO_UUID,
          highWatermark: -1n,
        })),
      },
    ],
    forgottenTopicsData: [],
    rackId: '',
    ...rest,
  }
}

async function fetchResult(
  offset: bigint,
  more: Partial<FetchRequest> & Asked = {},
  version = 12,
): Promise<FetchPartitionResult | undefined> {
  const { responses } = await connection.request(Fetch, version, fetchRequest([offset], more))
  return responses[0]?.partitions[0]
}

/** The base offsets of the batches in a result. */
function batchOffsets(result: FetchPartitionResult | undefined): bigint[] {
  let bytes = Buffer.from(result?.records ?? [])
  const offsets: bigint[] = []
  while (bytes.length > 0) {
    const { baseOffset, size } = readRecordBatchHeader(bytes)
    offsets.push(baseOffset)
    bytes = bytes.subarray(size)
  }
  return offsets
}

async function requestsRead(count: number): Promise<void> {
  while (cluster.requests().length < count) await new Promise((resolve) => setImmediate(resolve))
}

describe('Fetch', () => {
  test.each([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18])(
    'v%i reads the batches as stored',
    async (version) => {
      const batch = recordBatch(numbered(3))
      await produceOne(connection, batch)
      await produceOne(connection, recordBatch(numbered(2)))
      const result = await fetchResult(0n, {}, version)
      expect(result).toMatchObject({ errorCode: ErrorCode.NONE, highWatermark: 5n, lastStableOffset: 5n })
      expect(batchOffsets(result)).toEqual([0n, 3n])
      // All but base offset and leader epoch is what the producer sent.
      expect(Buffer.from(result?.records ?? []).subarray(16, batch.length)).toEqual(batch.subarray(16))
    },
  )

  test('begins with the batch that holds the offset', async () => {
    for (let i = 0; i < 3; i++) await produceOne(connection, recordBatch(numbered(3)))
    expect(batchOffsets(await fetchResult(4n))).toEqual([3n, 6n])
    expect(batchOffsets(await fetchResult(9n))).toEqual([])
  })

  test('keeps to the sizes asked for, and sends one batch at least', async () => {
    const size = recordBatch(numbered(3)).length
    for (let i = 0; i < 4; i++) {
      await produceOne(connection, recordBatch(numbered(3)))
      await produceOne(connection, recordBatch(numbered(3)), { partition: 1 })
    }
    expect(batchOffsets(await fetchResult(0n, { partitionMaxBytes: size * 2 }))).toEqual([0n, 3n])
    expect(batchOffsets(await fetchResult(0n, { partitionMaxBytes: 1 }))).toEqual([0n])
    const limited = fetchRequest([0n, 0n], { maxBytes: size * 5 })
    const { responses } = await connection.request(Fetch, 12, limited)
    expect(responses[0]?.partitions.map((result) => batchOffsets(result))).toEqual([[0n, 3n, 6n, 9n], [0n]])
    const first = await connection.request(Fetch, 12, fetchRequest([0n, 0n], { maxBytes: 1 }))
    expect(first.responses[0]?.partitions.map((result) => batchOffsets(result))).toEqual([[0n], []])
  })

  test('tells what is wrong', async () => {
    expect(await fetchResult(1n)).toMatchObject({ errorCode: ErrorCode.OFFSET_OUT_OF_RANGE })
    cluster.moveLeader('orders', 0, 1)
    expect(await fetchResult(0n, { epoch: 0 })).toMatchObject({ errorCode: ErrorCode.FENCED_LEADER_EPOCH })
    expect(await fetchResult(0n, { epoch: 1 })).toMatchObject({ errorCode: ErrorCode.NONE })
    expect(await fetchResult(0n, { epoch: 2 })).toMatchObject({ errorCode: ErrorCode.UNKNOWN_LEADER_EPOCH })
    cluster.moveLeader('orders', 0, 2)
    expect(await fetchResult(0n, {}, 16)).toMatchObject({
      errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER,
      currentLeader: { leaderId: 2, leaderEpoch: 2 },
    })
    cluster.recreateTopic('orders')
    expect(await fetchResult(0n, {}, 13)).toMatchObject({ errorCode: ErrorCode.UNKNOWN_TOPIC_ID })
    const session = await connection.request(Fetch, 12, fetchRequest([0n], { sessionId: 5, sessionEpoch: 1 }))
    expect(session).toMatchObject({ errorCode: ErrorCode.FETCH_SESSION_ID_NOT_FOUND, sessionId: 0 })
  })

  test('starts where records were deleted', async () => {
    for (let i = 0; i < 3; i++) await produceOne(connection, recordBatch(numbered(3)))
    cluster.deleteRecords('orders', 0, 4n)
    expect(await fetchResult(3n)).toMatchObject({ errorCode: ErrorCode.OFFSET_OUT_OF_RANGE })
    const result = await fetchResult(4n)
    expect(result?.logStartOffset).toBe(4n)
    expect(batchOffsets(result)).toEqual([3n, 6n])
  })

  test('waits for records, and no longer than it is told', async () => {
    const waiting = fetchResult(0n, { maxWaitMs: 500 })
    await requestsRead(2)
    const other = await RawConnection.openAt(cluster.bootstrapServers)
    await produceOne(other, recordBatch(numbered(1)))
    expect(batchOffsets(await waiting)).toEqual([0n])
    expect(clock.pending).toBe(0)
    const inVain = fetchResult(1n, { maxWaitMs: 500 })
    await requestsRead(4)
    clock.advance(500)
    expect(await inVain).toMatchObject({ errorCode: ErrorCode.NONE, highWatermark: 1n })
    await other.close()
  })

  test('waits for as many bytes as it wants', async () => {
    const batch = recordBatch(numbered(1))
    const waiting = fetchResult(0n, { maxWaitMs: 500, minBytes: batch.length * 2 })
    await requestsRead(2)
    const other = await RawConnection.openAt(cluster.bootstrapServers)
    await produceOne(other, batch)
    await produceOne(other, recordBatch(numbered(1)), { partition: 1 })
    expect(clock.pending).toBe(1)
    await produceOne(other, recordBatch(numbered(1)))
    expect(batchOffsets(await waiting)).toEqual([0n, 1n])
    await other.close()
  })

  test('that waits is told of a leader that moves, and forgotten when its connection ends', async () => {
    const waiting = fetchResult(0n, { maxWaitMs: 500 })
    await requestsRead(2)
    cluster.moveLeader('orders', 0, 2)
    expect(await waiting).toMatchObject({ errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER })
    cluster.moveLeader('orders', 0, 1)
    connection.send(Fetch, 12, fetchRequest([0n], { maxWaitMs: 500 }))
    await requestsRead(3)
    await connection.close()
    const other = await RawConnection.openAt(cluster.bootstrapServers)
    await produceOne(other, recordBatch(numbered(1)))
    expect(clock.pending).toBe(0)
    await other.close()
  })
})

describe('ListOffsets', () => {
  /** Timestamps that stand for a place, each with the first version that has it. */
  const PLACES = [
    [-3n, 7],
    [-4n, 8],
    [-5n, 9],
    [-6n, 11],
  ] as const

  const offsetAt = async (timestamp: bigint, version = 7) => {
    const { topics } = await connection.request(ListOffsets, version, {
      replicaId: -1,
      isolationLevel: 0,
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp }] }],
      timeoutMs: 1_000,
    })
    const result = topics[0]?.partitions[0]
    return [result?.errorCode, result?.offset, result?.timestamp]
  }

  test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])('v%i knows the ends of the log', async (version) => {
    await produceOne(connection, recordBatch(numbered(5)))
    cluster.deleteRecords('orders', 0, 2n)
    expect(await offsetAt(-1n, version)).toEqual([0, 5n, -1n])
    expect(await offsetAt(-2n, version)).toEqual([0, 2n, -1n])
  })

  test('has no remote storage, and refuses a place that the version does not have', async () => {
    await produceOne(connection, recordBatch(numbered(5)))
    for (const [place, version] of PLACES) {
      expect(await offsetAt(place, version - 1)).toEqual([ErrorCode.UNSUPPORTED_VERSION, -1n, -1n])
      expect((await offsetAt(place, version))[0]).toBe(0)
    }
    expect(await offsetAt(-4n, 11)).toEqual([0, 0n, -1n])
    expect(await offsetAt(-5n, 11)).toEqual([0, -1n, -1n])
    expect(await offsetAt(-6n, 11)).toEqual([0, -1n, -1n])
    expect(await offsetAt(-7n, 11)).toEqual([ErrorCode.UNSUPPORTED_VERSION, -1n, -1n])
  })

  test('finds the first record from a time on, and the newest', async () => {
    const at = (ms: number) => ({ value: 'x', timestamp: BASE_TIMESTAMP + ms })
    await produceOne(connection, recordBatch([at(0), at(10), at(5)]))
    await produceOne(connection, recordBatch([at(20), at(30)], { gzip: true }))
    expect(await offsetAt(BigInt(BASE_TIMESTAMP + 6))).toEqual([0, 1n, BigInt(BASE_TIMESTAMP + 10)])
    expect(await offsetAt(BigInt(BASE_TIMESTAMP + 21))).toEqual([0, 4n, BigInt(BASE_TIMESTAMP + 30)])
    expect(await offsetAt(BigInt(BASE_TIMESTAMP + 31))).toEqual([0, -1n, -1n])
    expect(await offsetAt(-3n)).toEqual([0, 4n, BigInt(BASE_TIMESTAMP + 30)])
  })
})

test.each(['compact', ''])(
  'a log whose cleanup.policy is %j keeps what is beyond its size',
  async (policy) => {
    const size = recordBatch(numbered(3)).length
    const configs = { 'retention.bytes': String(size * 2), 'cleanup.policy': policy }
    cluster.createTopic({ topic: 'whole', configs })
    for (let i = 0; i < 5; i++) await produceOne(connection, recordBatch(numbered(3)), { topic: 'whole' })
    expect(cluster.records('whole')).toHaveLength(15)
  },
)

test('a log is kept within its size', async () => {
  const size = recordBatch(numbered(3)).length
  cluster.createTopic({ topic: 'short', configs: { 'retention.bytes': String(size * 2) } })
  for (let i = 0; i < 5; i++) await produceOne(connection, recordBatch(numbered(3)), { topic: 'short' })
  expect(cluster.records('short').map(({ offset }) => offset)).toEqual([9n, 10n, 11n, 12n, 13n, 14n])
})
