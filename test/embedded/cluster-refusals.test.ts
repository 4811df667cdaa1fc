import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { setBaseOffset } from '../../src/protocol/record-batch.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { produceOne } from '../support/produce-request.js'
import { RawConnection } from '../support/raw-connection.js'
import { numbered, recordBatch, stamp } from '../support/record-batches.js'

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

describe('what the request is refused for', () => {
  test.each([
    ['no topic of that name', { topic: 'nowhere' }, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
    ['no such partition', { partition: 9 }, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
    ['a negative partition', { partition: -1 }, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
    ['acks=2', { acks: 2 }, ErrorCode.INVALID_REQUIRED_ACKS],
    [
      'an unknown topic id',
      { version: 13, topic: '', topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' },
      ErrorCode.UNKNOWN_TOPIC_ID,
    ],
  ])('%s', async (_, options, errorCode) => {
    const result = await produceOne(connection, recordBatch(numbered(1)), options)
    expect(result).toMatchObject({ errorCode, baseOffset: -1n, logStartOffset: -1n })
    expect(cluster.records('orders')).toEqual([])
  })
})

describe('what a batch is refused for', () => {
  const cases: readonly (readonly [why: string, records: Buffer | null, errorCode: number])[] = [
    ['no records at all', null, ErrorCode.INVALID_RECORD],
    ['an empty records field', Buffer.alloc(0), ErrorCode.INVALID_RECORD],
    ['a batch cut off', recordBatch(numbered(2)).subarray(0, 70), ErrorCode.INVALID_RECORD],
    [
      'two batches',
      Buffer.concat([recordBatch(numbered(1)), recordBatch(numbered(1))]),
      ErrorCode.INVALID_RECORD,
    ],
    ['magic 1', changed((b) => b.writeInt8(1, 16)), ErrorCode.INVALID_RECORD],
    ['magic 3', changed((b) => b.writeInt8(3, 16)), ErrorCode.CORRUPT_MESSAGE],
    ['a length below any record', changed((b) => b.writeInt32BE(5, 8)), ErrorCode.CORRUPT_MESSAGE],
    ['a length below its header', changed((b) => b.writeInt32BE(40, 8)), ErrorCode.CORRUPT_MESSAGE],
    [
      'a flipped bit',
      changed((b) => b.writeUInt8((b.at(-1) ?? 0) ^ 1, b.length - 1)),
      ErrorCode.CORRUPT_MESSAGE,
    ],
    ['a base offset', changed((b) => setBaseOffset(b, 5n)), ErrorCode.INVALID_RECORD],
    ['a wrong last offset delta', resealed((b) => b.writeInt32BE(7, 23)), ErrorCode.INVALID_RECORD],
    ['a negative last offset delta', resealed((b) => b.writeInt32BE(-1, 23)), ErrorCode.INVALID_RECORD],
    ['no record count', resealed((b) => b.writeInt32BE(0, 57)), ErrorCode.INVALID_RECORD],
    ['a control batch', resealed((b) => b.writeInt16BE(0x20, 21)), ErrorCode.INVALID_RECORD],
    [
      'a producer id without a sequence',
      recordBatch(numbered(1), { stamp: stamp(1n, 0, -1) }),
      ErrorCode.INVALID_RECORD,
    ],
    [
      'more records announced than there are',
      recordBatch(numbered(2), { recordCount: 3 }),
      ErrorCode.INVALID_RECORD,
    ],
    [
      'fewer records announced than there are',
      recordBatch(numbered(2), { recordCount: 1 }),
      ErrorCode.INVALID_RECORD,
    ],
    ['a record that lies about its size', resealed((b) => b.writeUInt8(2, 61)), ErrorCode.INVALID_RECORD],
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
      errorCode: ErrorCode.NONE,
      baseOffset: 0n,
    })
  })

  test('its size above max.message.bytes', async () => {
    const large = recordBatch([{ value: 'x'.repeat(200) }])
    expect(await produceOne(connection, large, { topic: 'small' })).toMatchObject({
      errorCode: ErrorCode.MESSAGE_TOO_LARGE,
    })
    const fits = recordBatch([{ value: 'x'.repeat(100) }])
    expect(await produceOne(connection, fits, { topic: 'small' })).toMatchObject({
      errorCode: ErrorCode.NONE,
    })
  })

  test('a record above max.decompressed.message.bytes in a gzip batch', async () => {
    cluster.createTopic({ topic: 'bombs', configs: { 'max.decompressed.message.bytes': '1000' } })
    const answerTo = async (size: number, gzip: boolean) =>
      (await produceOne(connection, recordBatch([{ value: 'x'.repeat(size) }], { gzip }), { topic: 'bombs' }))
        .errorCode
    expect(await answerTo(10_000, true)).toBe(ErrorCode.INVALID_RECORD)
    expect(await answerTo(900, true)).toBe(ErrorCode.NONE)
    expect(await answerTo(10_000, false)).toBe(ErrorCode.NONE)
  })

  test('zstd before v7', async () => {
    const batch = recordBatch(numbered(1), { compression: 4 })
    const result = await produceOne(connection, batch, { version: 6 })
    expect(result.errorCode).toBe(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE)
  })

  test('a record without key in a compacted topic, told by its index (KIP-467)', async () => {
    const batch = recordBatch([{ key: 'a' }, { key: null, value: 'x' }, { key: 'c' }, { key: null }])
    const result = await produceOne(connection, batch, { topic: 'compacted' })
    expect(result.errorCode).toBe(ErrorCode.INVALID_RECORD)
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
    expect(result.errorCode).toBe(ErrorCode.INVALID_TIMESTAMP)
    expect(result.recordErrors.map(({ batchIndex }) => batchIndex)).toEqual([1])
    const future = recordBatch([{ value: 'a', timestamp: Date.now() + 7_200_000 }])
    expect((await produceOne(connection, future)).errorCode).toBe(ErrorCode.INVALID_TIMESTAMP)
  })

  test('being transactional in a request without a transactional id', async () => {
    const batch = recordBatch(numbered(1), { stamp: { ...stamp(1n, 0, 0), transactional: true } })
    const result = await produceOne(connection, batch)
    expect(result).toMatchObject({
      errorCode: ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
      logStartOffset: -1n,
    })
  })
})
