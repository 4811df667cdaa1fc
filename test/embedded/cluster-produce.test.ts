import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Metadata } from '../../src/protocol/metadata.js'
import { Produce } from '../../src/protocol/produce.js'
import { setBaseOffset } from '../../src/protocol/record-batch.js'
import { ZERO_UUID } from '../../src/protocol/uuid.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { onlyResult, produceOne, produceRequest } from '../support/produce-request.js'
import { RawConnection } from '../support/raw-connection.js'
import { BASE_TIMESTAMP, numbered, recordBatch, stamp } from '../support/record-batches.js'

const CORRUPT_MESSAGE = 2
const UNKNOWN_TOPIC_OR_PARTITION = 3
const NOT_LEADER_OR_FOLLOWER = 6
const MESSAGE_TOO_LARGE = 10
const NOT_ENOUGH_REPLICAS = 19
const INVALID_REQUIRED_ACKS = 21
const INVALID_TIMESTAMP = 32
const OUT_OF_ORDER_SEQUENCE_NUMBER = 45
const INVALID_PRODUCER_EPOCH = 47
const TRANSACTIONAL_ID_AUTHORIZATION_FAILED = 53
const UNSUPPORTED_COMPRESSION_TYPE = 76
const INVALID_RECORD = 87
const UNKNOWN_TOPIC_ID = 100

let cluster: EmbeddedCluster
let connection: RawConnection

beforeEach(async () => {
  cluster = await EmbeddedCluster.start({
    topics: [
      'orders',
      { topic: 'small', configs: { 'max.message.bytes': '200' } },
      { topic: 'compacted', configs: { 'cleanup.policy': 'compact' } },
      { topic: 'stamped', configs: { 'message.timestamp.type': 'LogAppendTime' } },
      { topic: 'recent', configs: { 'message.timestamp.before.max.ms': '1000' } },
    ],
  })
  connection = await RawConnection.openAt(cluster.bootstrapServers)
})

afterEach(async () => {
  await connection.close()
  await cluster.close()
})

async function topicId(topic: string): Promise<string> {
  const { topics } = await connection.request(Metadata, 12, {
    topics: [{ name: topic, topicId: ZERO_UUID }],
    allowAutoTopicCreation: false,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  })
  return topics[0]?.topicId ?? ZERO_UUID
}

describe('a valid batch', () => {
  test.each([3, 4, 5, 6, 7, 8, 9, 10, 11, 12])('is appended and acknowledged in v%i', async (version) => {
    const result = await produceOne(connection, recordBatch(numbered(3)), { version })
    expect(result).toMatchObject({ errorCode: 0, baseOffset: 0n, logAppendTimeMs: -1n, recordErrors: [] })
    expect(result.logStartOffset).toBe(version >= 5 ? 0n : -1n)
    const next = await produceOne(connection, recordBatch(numbered(2)), { version })
    expect(next.baseOffset).toBe(3n)
    expect(cluster.records('orders').map(({ value }) => value?.toString())).toEqual([
      'value-0',
      'value-1',
      'value-2',
      'value-0',
      'value-1',
    ])
  })

  test('is addressed by topic id in v13', async () => {
    const id = await topicId('orders')
    const result = await produceOne(connection, recordBatch(numbered(1)), {
      version: 13,
      topic: '',
      topicId: id,
    })
    expect(result.errorCode).toBe(0)
    expect(cluster.records('orders')).toHaveLength(1)
  })

  test('is read back with everything it carried', async () => {
    const records = [
      {
        key: 'k',
        value: 'v',
        timestamp: BASE_TIMESTAMP,
        headers: [['h', 'x'] as const, ['h', null] as const],
      },
      { key: null, value: null, timestamp: BASE_TIMESTAMP - 5 },
    ]
    await produceOne(connection, recordBatch(records, { stamp: stamp(7n, 2, 0) }))
    const [first, second] = cluster.records('orders')
    expect(first).toMatchObject({
      topic: 'orders',
      partition: 0,
      offset: 0n,
      timestamp: BASE_TIMESTAMP,
      producerId: 7n,
      producerEpoch: 2,
      sequence: 0,
    })
    expect(first?.key?.toString()).toBe('k')
    expect(first?.headers.map(([name, value]) => [name, value?.toString() ?? null])).toEqual([
      ['h', 'x'],
      ['h', null],
    ])
    expect(second).toMatchObject({
      offset: 1n,
      timestamp: BASE_TIMESTAMP - 5,
      key: null,
      value: null,
      sequence: 1,
    })
  })

  test('compressed with gzip is kept as it is and read back', async () => {
    const batch = recordBatch(numbered(50), { gzip: true })
    expect(await produceOne(connection, batch)).toMatchObject({ errorCode: 0, baseOffset: 0n })
    expect(cluster.records('orders')).toHaveLength(50)
  })

  test('of a codec that is not unpacked here is stored by its header, and cannot be listed', async () => {
    const batch = recordBatch(numbered(4), { compression: 2 })
    expect(await produceOne(connection, batch)).toMatchObject({ errorCode: 0, baseOffset: 0n })
    expect(await produceOne(connection, recordBatch(numbered(1)))).toMatchObject({ baseOffset: 4n })
    expect(() => cluster.records('orders')).toThrow(/compressed with snappy/)
  })

  test('is not answered with acks=0', async () => {
    connection.send(Produce, 9, produceRequest(recordBatch(numbered(1)), { acks: 0 }))
    const result = await produceOne(connection, recordBatch(numbered(1)), { acks: 1 })
    expect(result.baseOffset).toBe(1n)
  })

  test('has bytes behind it dropped that are no whole batch', async () => {
    const batch = Buffer.concat([recordBatch(numbered(1)), Buffer.alloc(11)])
    expect(await produceOne(connection, batch)).toMatchObject({ errorCode: 0 })
  })

  test('gets its highest timestamp and checksum set right in the log', async () => {
    const batch = recordBatch(numbered(1), { maxTimestamp: BASE_TIMESTAMP + 99 })
    expect(await produceOne(connection, batch)).toMatchObject({ errorCode: 0 })
    expect(cluster.records('orders')[0]?.timestamp).toBe(BASE_TIMESTAMP)
  })
})

describe('a failure with acks=0', () => {
  test('ends the connection, since nothing else would tell', async () => {
    connection.send(Produce, 9, produceRequest(recordBatch(numbered(1)), { acks: 0, topic: 'nowhere' }))
    expect(await connection.nextFrame()).toBeNull()
    expect(cluster.events().at(-1)?.message).toMatch(/acks=0/)
  })
})

describe('what the request is refused for', () => {
  test.each([
    ['no topic of that name', { topic: 'nowhere' }, UNKNOWN_TOPIC_OR_PARTITION],
    ['no such partition', { partition: 9 }, UNKNOWN_TOPIC_OR_PARTITION],
    ['a negative partition', { partition: -1 }, UNKNOWN_TOPIC_OR_PARTITION],
    ['acks=2', { acks: 2 }, INVALID_REQUIRED_ACKS],
    ['an unknown topic id', { version: 13, topic: '', topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' }, UNKNOWN_TOPIC_ID],
  ])('%s', async (_, options, errorCode) => {
    const result = await produceOne(connection, recordBatch(numbered(1)), options)
    expect(result).toMatchObject({ errorCode, baseOffset: -1n, logStartOffset: -1n })
    expect(cluster.records('orders')).toEqual([])
  })
})

function changed(change: (batch: Buffer) => void, batch: Buffer = recordBatch(numbered(2))): Buffer {
  change(batch)
  return batch
}

/** Changes a batch and makes its checksum right again. */
function resealed(change: (batch: Buffer) => void, batch: Buffer = recordBatch(numbered(2))): Buffer {
  change(batch)
  return withChecksum(batch)
}

function withChecksum(batch: Buffer): Buffer {
  batch.writeUInt32BE(castagnoli(batch.subarray(21)), 17)
  return batch
}

/** Bit by bit, so that it owes nothing to the code under test. */
function castagnoli(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}

describe('what a batch is refused for', () => {
  const cases: readonly (readonly [why: string, records: Buffer | null, errorCode: number])[] = [
    ['no records at all', null, INVALID_RECORD],
    ['an empty records field', Buffer.alloc(0), INVALID_RECORD],
    ['a batch cut off', recordBatch(numbered(2)).subarray(0, 70), INVALID_RECORD],
    ['two batches', Buffer.concat([recordBatch(numbered(1)), recordBatch(numbered(1))]), INVALID_RECORD],
    ['magic 1', changed((b) => b.writeInt8(1, 16)), INVALID_RECORD],
    ['magic 3', changed((b) => b.writeInt8(3, 16)), CORRUPT_MESSAGE],
    ['a length below any record', changed((b) => b.writeInt32BE(5, 8)), CORRUPT_MESSAGE],
    ['a length below its header', changed((b) => b.writeInt32BE(40, 8)), CORRUPT_MESSAGE],
    ['a flipped bit', changed((b) => b.writeUInt8((b.at(-1) ?? 0) ^ 1, b.length - 1)), CORRUPT_MESSAGE],
    ['a base offset', changed((b) => setBaseOffset(b, 5n)), INVALID_RECORD],
    ['a wrong last offset delta', resealed((b) => b.writeInt32BE(7, 23)), INVALID_RECORD],
    ['a negative last offset delta', resealed((b) => b.writeInt32BE(-1, 23)), INVALID_RECORD],
    ['no record count', resealed((b) => b.writeInt32BE(0, 57)), INVALID_RECORD],
    ['a control batch', resealed((b) => b.writeInt16BE(0x20, 21)), INVALID_RECORD],
    [
      'a producer id without a sequence',
      recordBatch(numbered(1), { stamp: stamp(1n, 0, -1) }),
      INVALID_RECORD,
    ],
    ['more records announced than there are', recordBatch(numbered(2), { recordCount: 3 }), INVALID_RECORD],
    ['fewer records announced than there are', recordBatch(numbered(2), { recordCount: 1 }), INVALID_RECORD],
    ['a record that lies about its size', resealed((b) => b.writeUInt8(2, 61)), INVALID_RECORD],
    ['broken gzip', recordBatch(numbered(2), { compression: 1 }), -1],
    ['a codec that does not exist', recordBatch(numbered(2), { compression: 5 }), -1],
  ]
  test.each(cases)('%s', async (_, records, errorCode) => {
    const result = await produceOne(connection, records)
    expect(result).toMatchObject({ errorCode, baseOffset: -1n })
    // Kafka's answer seldom says why. The cluster's events do.
    expect(result.errorMessage ?? cluster.events().at(-1)?.message).toMatch(
      /batch|record|sequence|compression|magic|base offset/,
    )
    expect(cluster.records('orders')).toEqual([])
    // The connection and the partition go on.
    expect(await produceOne(connection, recordBatch(numbered(1)))).toMatchObject({
      errorCode: 0,
      baseOffset: 0n,
    })
  })

  test('its size above max.message.bytes', async () => {
    const large = recordBatch([{ value: 'x'.repeat(200) }])
    expect(await produceOne(connection, large, { topic: 'small' })).toMatchObject({
      errorCode: MESSAGE_TOO_LARGE,
    })
    const fits = recordBatch([{ value: 'x'.repeat(100) }])
    expect(await produceOne(connection, fits, { topic: 'small' })).toMatchObject({ errorCode: 0 })
  })

  test('zstd before v7', async () => {
    const batch = recordBatch(numbered(1), { compression: 4 })
    const result = await produceOne(connection, batch, { version: 6 })
    expect(result.errorCode).toBe(UNSUPPORTED_COMPRESSION_TYPE)
  })

  test('a record without key in a compacted topic, told by its index (KIP-467)', async () => {
    const batch = recordBatch([{ key: 'a' }, { key: null, value: 'x' }, { key: 'c' }, { key: null }])
    const result = await produceOne(connection, batch, { topic: 'compacted' })
    expect(result.errorCode).toBe(INVALID_RECORD)
    expect(result.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([1, 3])
    expect(result.recordErrors[0]?.message).toMatch(/without key/)
    expect(result.logStartOffset).toBe(0n)
  })

  test('a timestamp out of the allowed range', async () => {
    const batch = recordBatch([
      { value: 'a', timestamp: Date.now() },
      { value: 'b', timestamp: 5 },
    ])
    const result = await produceOne(connection, batch, { topic: 'recent' })
    expect(result.errorCode).toBe(INVALID_TIMESTAMP)
    expect(result.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([1])
    const future = recordBatch([{ value: 'a', timestamp: Date.now() + 7_200_000 }])
    expect((await produceOne(connection, future)).errorCode).toBe(INVALID_TIMESTAMP)
  })

  test('being transactional in a request without a transactional id', async () => {
    const batch = recordBatch(numbered(1), { stamp: { ...stamp(1n, 0, 0), transactional: true } })
    const result = await produceOne(connection, batch)
    expect(result).toMatchObject({ errorCode: TRANSACTIONAL_ID_AUTHORIZATION_FAILED, logStartOffset: -1n })
  })
})

test('a topic with LogAppendTime gives its own timestamps', async () => {
  const before = Date.now()
  const result = await produceOne(connection, recordBatch(numbered(2)), { topic: 'stamped' })
  const appended = Number(result.logAppendTimeMs)
  expect(appended).toBeGreaterThanOrEqual(before)
  expect(cluster.records('stamped').map(({ timestamp }) => timestamp)).toEqual([appended, appended])
  const claims = resealed((b) => b.writeInt16BE(0x08, 21))
  const refused = await produceOne(connection, claims, { topic: 'stamped' })
  expect(refused.errorCode).toBe(INVALID_TIMESTAMP)
})

describe('an idempotent producer', () => {
  const send = (sequence: number, count = 1, epoch = 0) =>
    produceOne(connection, recordBatch(numbered(count), { stamp: stamp(1n, epoch, sequence) }))

  test('gets the first offset again for a repeated batch, and it is not appended twice', async () => {
    expect(await send(0, 3)).toMatchObject({ errorCode: 0, baseOffset: 0n })
    expect(await send(3, 2)).toMatchObject({ errorCode: 0, baseOffset: 3n })
    const repeated = await send(0, 3)
    expect(repeated).toMatchObject({ errorCode: 0, baseOffset: 0n, logStartOffset: 0n })
    // Kafka tells the stored batch's highest timestamp then, even where the topic keeps the producer's.
    expect(repeated.logAppendTimeMs).toBe(BigInt(BASE_TIMESTAMP))
    expect(cluster.records('orders')).toHaveLength(5)
  })

  test('is remembered by its last five batches only', async () => {
    for (let sequence = 0; sequence < 6; sequence++) await send(sequence)
    for (let sequence = 1; sequence < 6; sequence++) {
      expect(await send(sequence)).toMatchObject({ errorCode: 0, baseOffset: BigInt(sequence) })
    }
    expect((await send(0)).errorCode).toBe(OUT_OF_ORDER_SEQUENCE_NUMBER)
    expect(cluster.records('orders')).toHaveLength(6)
  })

  test('is out of order with a repetition of other size', async () => {
    await send(0, 3)
    expect((await send(0, 2)).errorCode).toBe(OUT_OF_ORDER_SEQUENCE_NUMBER)
  })

  test('is out of order with a gap', async () => {
    await send(0)
    const result = await send(2)
    expect(result).toMatchObject({
      errorCode: OUT_OF_ORDER_SEQUENCE_NUMBER,
      baseOffset: -1n,
      logStartOffset: 0n,
    })
    expect(await send(1)).toMatchObject({ errorCode: 0, baseOffset: 1n })
  })

  test('may start anywhere in a partition that does not know it', async () => {
    expect(await send(17)).toMatchObject({ errorCode: 0, baseOffset: 0n })
    expect((await send(16)).errorCode).toBe(OUT_OF_ORDER_SEQUENCE_NUMBER)
    expect(await send(18)).toMatchObject({ errorCode: 0 })
  })

  test('starts a new epoch at 0, and the old one is over', async () => {
    await send(0)
    expect((await send(1, 1, 1)).errorCode).toBe(OUT_OF_ORDER_SEQUENCE_NUMBER)
    expect(await send(0, 1, 1)).toMatchObject({ errorCode: 0, baseOffset: 1n })
    expect((await send(1, 1, 0)).errorCode).toBe(INVALID_PRODUCER_EPOCH)
    // The same sequences in another epoch are another batch.
    expect((await send(0, 1, 0)).errorCode).toBe(INVALID_PRODUCER_EPOCH)
  })

  test('goes round from 2,147,483,647 to 0', async () => {
    expect(await send(2_147_483_646, 2)).toMatchObject({ errorCode: 0, baseOffset: 0n })
    expect(await send(0, 1)).toMatchObject({ errorCode: 0, baseOffset: 2n })
  })

  test('goes round within a batch', async () => {
    expect(await send(2_147_483_646, 4)).toMatchObject({ errorCode: 0 })
    expect(await send(2, 1)).toMatchObject({ errorCode: 0, baseOffset: 4n })
    expect(await send(2_147_483_646, 4)).toMatchObject({ errorCode: 0, baseOffset: 0n })
    expect(cluster.records('orders').map(({ sequence }) => sequence)).toEqual([
      2147483646, 2147483647, 0, 1, 2,
    ])
  })

  test('keeps its place when its records are deleted', async () => {
    await send(0, 5)
    cluster.deleteRecords('orders', 0, 5n)
    expect(await send(7)).toMatchObject({ errorCode: OUT_OF_ORDER_SEQUENCE_NUMBER, logStartOffset: 5n })
    expect(await send(5)).toMatchObject({ errorCode: 0, baseOffset: 5n, logStartOffset: 5n })
  })

  test('may start anywhere again once it has expired', async () => {
    await send(0)
    cluster.expireProducerId(1n)
    expect(await send(40)).toMatchObject({ errorCode: 0, baseOffset: 1n })
  })

  test('is judged only after its batch', async () => {
    const broken = recordBatch(numbered(1), { stamp: stamp(1n, 0, 0) })
    broken.writeUInt8(1, broken.length - 1)
    expect((await produceOne(connection, broken)).errorCode).toBe(CORRUPT_MESSAGE)
    expect(await send(0)).toMatchObject({ errorCode: 0 })
  })
})

describe('several brokers', () => {
  let three: EmbeddedCluster
  let first: RawConnection

  beforeEach(async () => {
    three = await EmbeddedCluster.start({
      brokers: 3,
      topics: [{ topic: 'orders', numPartitions: 3, configs: { 'min.insync.replicas': '2' } }],
    })
    first = await RawConnection.openAt(three.bootstrapServers, 0)
  })

  afterEach(async () => {
    await first.close()
    await three.close()
  })

  test('a partition is written at its leader only, and the answer says who that is (KIP-951)', async () => {
    const batch = recordBatch(numbered(1))
    const response = await first.request(Produce, 10, produceRequest(batch, { partition: 1 }))
    expect(onlyResult(response)).toMatchObject({
      errorCode: NOT_LEADER_OR_FOLLOWER,
      currentLeader: { leaderId: 2, leaderEpoch: 0 },
    })
    const ports = three.bootstrapServers.split(',').map((address) => Number(address.split(':')[1]))
    expect(response.nodeEndpoints).toEqual([{ nodeId: 2, host: '127.0.0.1', port: ports[1], rack: null }])
    const older = await first.request(Produce, 9, produceRequest(batch, { partition: 1 }))
    expect(onlyResult(older)).toMatchObject({ errorCode: NOT_LEADER_OR_FOLLOWER, currentLeader: null })
    expect(older.nodeEndpoints).toEqual([])
  })

  test('a leader that moves takes the log and its producers with it', async () => {
    const batch = (sequence: number) => recordBatch(numbered(1), { stamp: stamp(3n, 0, sequence) })
    expect(await produceOne(first, batch(0))).toMatchObject({ errorCode: 0 })
    three.moveLeader('orders', 0, 2)
    expect(await produceOne(first, batch(1))).toMatchObject({ errorCode: NOT_LEADER_OR_FOLLOWER })
    const second = await RawConnection.openAt(three.bootstrapServers, 1)
    expect(await produceOne(second, batch(0))).toMatchObject({ errorCode: 0, baseOffset: 0n })
    expect(await produceOne(second, batch(1))).toMatchObject({ errorCode: 0, baseOffset: 1n })
    await second.close()
  })

  test('acks=all wants min.insync.replicas, acks=1 does not', async () => {
    await three.stopBroker(2)
    expect(await produceOne(first, recordBatch(numbered(1)))).toMatchObject({ errorCode: 0 })
    await three.stopBroker(3)
    expect(await produceOne(first, recordBatch(numbered(1)))).toMatchObject({
      errorCode: NOT_ENOUGH_REPLICAS,
    })
    expect(await produceOne(first, recordBatch(numbered(1)), { acks: 1 })).toMatchObject({ errorCode: 0 })
    await three.startBroker(3)
    expect(await produceOne(first, recordBatch(numbered(1)))).toMatchObject({ errorCode: 0, baseOffset: 2n })
  })
})
