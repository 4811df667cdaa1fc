import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { codecs } from '../../src/environment/codecs.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { Metadata } from '../../src/protocol/metadata.js'
import { Produce } from '../../src/protocol/produce.js'
import { RECORD_BATCH_OVERHEAD } from '../../src/protocol/record-batch.js'
import { ZERO_UUID } from '../../src/protocol/uuid.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { produceOne, produceRequest } from '../support/produce-request.js'
import { RawConnection } from '../support/raw-connection.js'
import { BASE_TIMESTAMP, numbered, recordBatch, stamp } from '../support/record-batches.js'

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

describe('a valid batch', () => {
  test.each([3, 4, 5, 6, 7, 8, 9, 10, 11, 12])('is appended and acknowledged in v%i', async (version) => {
    const result = await produceOne(connection, recordBatch(numbered(3)), { version })
    expect(result).toMatchObject({
      errorCode: ErrorCode.NONE,
      baseOffset: 0n,
      logAppendTimeMs: -1n,
      recordErrors: [],
    })
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
    expect(result.errorCode).toBe(ErrorCode.NONE)
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
    expect(await produceOne(connection, batch)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0n })
    expect(cluster.records('orders')).toHaveLength(50)
  })

  test.each(['snappy', 'lz4', 'zstd'] as const)('compressed with %s is read back', async (name) => {
    const { number, compress } = codecs[name]
    const body = Buffer.from(await compress(recordBatch(numbered(50)).subarray(RECORD_BATCH_OVERHEAD), 3))
    const batch = recordBatch(numbered(50), { compression: number, body })
    expect(await produceOne(connection, batch)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0n })
    expect(cluster.records('orders').map(({ value }) => String(value))).toEqual(
      numbered(50).map(({ value }) => value),
    )
  })

  test.each(['snappy', 'lz4', 'zstd'] as const)('that is not of its codec, %s, is refused', async (name) => {
    const batch = recordBatch(numbered(4), { compression: codecs[name].number })
    expect(await produceOne(connection, batch)).toMatchObject({ errorCode: ErrorCode.UNKNOWN_SERVER_ERROR })
    expect(cluster.records('orders')).toEqual([])
  })

  test('is not answered with acks=0', async () => {
    connection.send(Produce, 9, produceRequest(recordBatch(numbered(1)), { acks: 0 }))
    const result = await produceOne(connection, recordBatch(numbered(1)), { acks: 1 })
    expect(result.baseOffset).toBe(1n)
  })

  test('has bytes behind it dropped that are no whole batch', async () => {
    const batch = Buffer.concat([recordBatch(numbered(1)), Buffer.alloc(11)])
    expect(await produceOne(connection, batch)).toMatchObject({ errorCode: ErrorCode.NONE })
  })

  test('gets its highest timestamp and checksum set right in the log', async () => {
    const batch = recordBatch(numbered(1), { maxTimestamp: BASE_TIMESTAMP + 99 })
    expect(await produceOne(connection, batch)).toMatchObject({ errorCode: ErrorCode.NONE })
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

test('a topic with LogAppendTime gives its own timestamps', async () => {
  const before = Date.now()
  const result = await produceOne(connection, recordBatch(numbered(2)), { topic: 'stamped' })
  const appended = Number(result.logAppendTimeMs)
  expect(appended).toBeGreaterThanOrEqual(before)
  expect(cluster.records('stamped').map(({ timestamp }) => timestamp)).toEqual([appended, appended])
  const claims = resealed((b) => b.writeInt16BE(0x08, 21))
  const refused = await produceOne(connection, claims, { topic: 'stamped' })
  expect(refused.errorCode).toBe(ErrorCode.INVALID_TIMESTAMP)
})

describe('an idempotent producer', () => {
  const send = (sequence: number, count = 1, epoch = 0) =>
    produceOne(connection, recordBatch(numbered(count), { stamp: stamp(1n, epoch, sequence) }))

  test('gets the first offset again for a repeated batch, and it is not appended twice', async () => {
    expect(await send(0, 3)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0n })
    expect(await send(3, 2)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 3n })
    const repeated = await send(0, 3)
    expect(repeated).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0n, logStartOffset: 0n })
    // Kafka tells the stored batch's highest timestamp then, even where the topic keeps the producer's.
    expect(repeated.logAppendTimeMs).toBe(BigInt(BASE_TIMESTAMP))
    expect(cluster.records('orders')).toHaveLength(5)
  })

  test('is remembered by its last five batches only', async () => {
    for (let sequence = 0; sequence < 6; sequence++) await send(sequence)
    for (let sequence = 1; sequence < 6; sequence++) {
      expect(await send(sequence)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: BigInt(sequence) })
    }
    expect((await send(0)).errorCode).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER)
    expect(cluster.records('orders')).toHaveLength(6)
  })

  test('is out of order with a repetition of other size', async () => {
    await send(0, 3)
    expect((await send(0, 2)).errorCode).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER)
  })

  test('is out of order with a gap', async () => {
    await send(0)
    const result = await send(2)
    expect(result).toMatchObject({
      errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
      baseOffset: -1n,
      logStartOffset: 0n,
    })
    expect(await send(1)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 1n })
  })

  test('may start anywhere in a partition that does not know it', async () => {
    expect(await send(17)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0n })
    expect((await send(16)).errorCode).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER)
    expect(await send(18)).toMatchObject({ errorCode: ErrorCode.NONE })
  })

  test('starts a new epoch at 0, and the old one is over', async () => {
    await send(0)
    expect((await send(1, 1, 1)).errorCode).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER)
    expect(await send(0, 1, 1)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 1n })
    expect((await send(1, 1, 0)).errorCode).toBe(ErrorCode.INVALID_PRODUCER_EPOCH)
    // The same sequences in another epoch are another batch.
    expect((await send(0, 1, 0)).errorCode).toBe(ErrorCode.INVALID_PRODUCER_EPOCH)
  })

  test('goes round from 2,147,483,647 to 0', async () => {
    expect(await send(2_147_483_646, 2)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0n })
    expect(await send(0, 1)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 2n })
  })

  test('goes round within a batch', async () => {
    expect(await send(2_147_483_646, 4)).toMatchObject({ errorCode: ErrorCode.NONE })
    expect(await send(2, 1)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 4n })
    expect(await send(2_147_483_646, 4)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0n })
    expect(cluster.records('orders').map(({ sequence }) => sequence)).toEqual([
      2147483646, 2147483647, 0, 1, 2,
    ])
  })

  test('keeps its place when its records are deleted', async () => {
    await send(0, 5)
    cluster.deleteRecords('orders', 0, 5n)
    expect(await send(7)).toMatchObject({
      errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
      logStartOffset: 5n,
    })
    expect(await send(5)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 5n, logStartOffset: 5n })
  })

  test('may start anywhere again once it has expired', async () => {
    await send(0)
    cluster.expireProducerId(1n)
    expect(await send(40)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 1n })
  })

  test('is judged only after its batch', async () => {
    const broken = recordBatch(numbered(1), { stamp: stamp(1n, 0, 0) })
    broken.writeUInt8(1, broken.length - 1)
    expect((await produceOne(connection, broken)).errorCode).toBe(ErrorCode.CORRUPT_MESSAGE)
    expect(await send(0)).toMatchObject({ errorCode: ErrorCode.NONE })
  })
})
