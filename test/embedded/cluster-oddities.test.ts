import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { crc32c } from '../../src/protocol/crc32c.js'
import { DeleteRecords } from '../../src/protocol/delete-records.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { InitProducerId } from '../../src/protocol/init-producer-id.js'
import { Produce, type ProducePartitionResult } from '../../src/protocol/produce.js'
import { RECORD_BATCH_OVERHEAD } from '../../src/protocol/record-batch.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { produceOne, produceRequest } from '../support/produce-request.js'
import { RawConnection } from '../support/raw-connection.js'
import { numbered, recordBatch, stamp, type TestBatch } from '../support/record-batches.js'

// What Kafka does with what no producer should send. `npm run compare` holds the cluster to it; here is what
// that has found.

let cluster: EmbeddedCluster
let connection: RawConnection

beforeEach(async () => {
  cluster = await EmbeddedCluster.start({
    topics: ['orders', { topic: 'compacted', configs: { 'cleanup.policy': 'compact' } }],
  })
  connection = await RawConnection.openAt(cluster.bootstrapServers)
})

afterEach(async () => {
  await connection.close()
  await cluster.close()
})

const batch = (options: TestBatch = {}): Buffer => recordBatch(numbered(2), options)

function resealed(bytes: Buffer, change: (bytes: Buffer) => void): Buffer {
  change(bytes)
  bytes.writeUInt32BE(crc32c(bytes.subarray(21)), 17)
  return bytes
}

/** A batch whose records are these compressed bytes. */
function gzipBatch(body: Buffer): Buffer {
  const bytes = Buffer.concat([batch({ compression: 1 }).subarray(0, RECORD_BATCH_OVERHEAD), body])
  return resealed(bytes, () => bytes.writeInt32BE(bytes.length - 12, 8))
}

/** Sends some entries for partition 0, and the results of all partitions. */
async function produceAll(
  records: readonly Buffer[],
  version = 9,
): Promise<readonly ProducePartitionResult[]> {
  const request = produceRequest(null)
  const partitions = records.map((bytes) => ({ index: 0, records: bytes }))
  const topics = [{ ...request.topics[0], name: 'orders', topicId: '', partitions }]
  const response = await connection.request(Produce, version, { ...request, topics })
  return response.topics.flatMap((topic) => topic.partitions)
}

describe('the bytes of a batch', () => {
  const misplaced = [{ value: 'a' }, { value: 'b', offsetDelta: 5 }]

  test('uncompressed, records keep a wrong offset', async () => {
    expect(await produceOne(connection, recordBatch(misplaced))).toMatchObject({
      errorCode: ErrorCode.NONE,
      baseOffset: 0n,
    })
    expect(cluster.records('orders').map(({ offset }) => offset)).toEqual([0n, 5n])
    expect(await produceOne(connection, batch())).toMatchObject({ baseOffset: 2n })
  })

  test('compressed, Kafka means to put a wrong offset right and fails', async () => {
    const result = await produceOne(connection, recordBatch(misplaced, { gzip: true }))
    expect(result).toMatchObject({
      errorCode: ErrorCode.UNKNOWN_SERVER_ERROR,
      recordErrors: [],
      logStartOffset: 0n,
    })
  })

  test('compressed, nobody looks at the size of a record', async () => {
    const plain = Buffer.from(batch().subarray(RECORD_BATCH_OVERHEAD))
    plain.writeUInt8(2, 0)
    expect(await produceOne(connection, gzipBatch(gzipSync(plain)))).toMatchObject({
      errorCode: ErrorCode.NONE,
    })
  })

  test('gzip flags that mean nothing are overlooked, and a wrong checksum is not', async () => {
    const body = gzipSync(batch().subarray(RECORD_BATCH_OVERHEAD))
    const flagged = Buffer.from(body)
    flagged.writeUInt8(0x80, 3)
    expect(await produceOne(connection, gzipBatch(flagged))).toMatchObject({ errorCode: ErrorCode.NONE })
    expect(cluster.records('orders')).toHaveLength(2)
    const wrong = Buffer.from(body)
    wrong.writeUInt8(wrong.readUInt8(wrong.length - 8) ^ 1, wrong.length - 8)
    expect(await produceOne(connection, gzipBatch(wrong))).toMatchObject({
      errorCode: ErrorCode.UNKNOWN_SERVER_ERROR,
    })
  })

  test('a record that is wrong comes before a checksum that is wrong, if it does not reach for the end', async () => {
    const plain = Buffer.from(batch().subarray(RECORD_BATCH_OVERHEAD))
    plain.writeUInt8(1, plain.length - 1) // -1 headers
    const wrong = gzipSync(plain)
    wrong.writeUInt8(wrong.readUInt8(wrong.length - 8) ^ 1, wrong.length - 8)
    expect(await produceOne(connection, gzipBatch(wrong))).toMatchObject({
      errorCode: ErrorCode.INVALID_RECORD,
    })
  })

  test.each([
    ['a size beyond 32 bits', 0x7fff_ffff, ErrorCode.UNKNOWN_SERVER_ERROR, null],
    ['a size that is none', 5, ErrorCode.CORRUPT_MESSAGE, expect.stringContaining('5 bytes')],
  ])('%s ends the whole request', async (_, length, errorCode, errorMessage) => {
    const bytes = batch()
    bytes.writeInt32BE(length, 8)
    const results = await produceAll([bytes])
    expect(results).toMatchObject([{ errorCode, errorMessage, baseOffset: -1n, logStartOffset: -1n }])
  })

  test('a batch that ends before its producer id ends the whole request', async () => {
    const bytes = batch().subarray(0, 50)
    bytes.writeInt32BE(bytes.length - 12, 8)
    expect(await produceAll([bytes])).toMatchObject([
      { errorCode: ErrorCode.UNKNOWN_SERVER_ERROR, logStartOffset: -1n },
    ])
  })

  test('an unknown codec is looked at for zstd before v7, and that ends the whole request', async () => {
    const bytes = batch({ compression: 5 })
    expect(await produceAll([bytes], 7)).toMatchObject([
      { errorCode: ErrorCode.UNKNOWN_SERVER_ERROR, logStartOffset: 0n },
    ])
    expect(await produceAll([bytes], 6)).toMatchObject([
      { errorCode: ErrorCode.UNKNOWN_SERVER_ERROR, logStartOffset: -1n },
    ])
  })
})

describe('a partition that stands twice in a request', () => {
  test('gets the last batch', async () => {
    const results = await produceAll([recordBatch(numbered(3)), recordBatch(numbered(1))])
    expect(results).toMatchObject([{ errorCode: ErrorCode.NONE, baseOffset: 0n }])
    expect(cluster.records('orders')).toHaveLength(1)
  })

  test('is answered with what is wrong with one of them, and the other is appended', async () => {
    const results = await produceAll([Buffer.alloc(0), recordBatch(numbered(1))])
    expect(results).toMatchObject([{ errorCode: ErrorCode.INVALID_RECORD, baseOffset: -1n }])
    expect(cluster.records('orders')).toHaveLength(1)
  })
})

describe('a transactional batch', () => {
  const transactional = (epoch = 0): Buffer =>
    recordBatch(numbered(1), { stamp: { ...stamp(1n, epoch, 0), transactional: true } })

  test('without a transactional id is not authorized, whatever partition it is for', async () => {
    const refused = { errorCode: ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, errorMessage: null }
    expect(await produceOne(connection, transactional())).toMatchObject(refused)
    expect(await produceOne(connection, transactional(), { topic: 'nowhere' })).toMatchObject(refused)
  })

  test('with one finds no coordinator, and is to be sent again', async () => {
    const ask = async (bytes: Buffer) => {
      const request = { ...produceRequest(bytes), transactionalId: 'transactions' }
      const response = await connection.request(Produce, 9, request)
      return response.topics[0]?.partitions[0]
    }
    expect(await ask(transactional())).toMatchObject({
      errorCode: ErrorCode.NOT_ENOUGH_REPLICAS,
      errorMessage: expect.stringContaining('COORDINATOR_NOT_AVAILABLE'),
    })
    // The id alone makes nothing transactional.
    expect(await ask(recordBatch(numbered(1), { stamp: stamp(1n, 4, 0) }))).toMatchObject({
      errorCode: ErrorCode.NONE,
    })
    expect(await ask(transactional(3))).toMatchObject({ errorCode: ErrorCode.INVALID_PRODUCER_EPOCH })
  })
})

describe('InitProducerId', () => {
  test.each([
    ['', 60_000, ErrorCode.INVALID_REQUEST],
    ['transactions', 0, ErrorCode.INVALID_TRANSACTION_TIMEOUT],
    ['transactions', 900_001, ErrorCode.INVALID_TRANSACTION_TIMEOUT],
    ['transactions', 60_000, ErrorCode.NOT_COORDINATOR],
    [null, 0, 0],
  ])('for %j with a timeout of %i', async (transactionalId, transactionTimeoutMs, errorCode) => {
    const request = { transactionalId, transactionTimeoutMs, producerId: -1n, producerEpoch: -1 }
    expect(await connection.request(InitProducerId, 4, request)).toMatchObject({ errorCode })
  })
})

test('a topic that is compacted only has no records deleted on request', async () => {
  const request = (name: string) => ({
    topics: [{ name, partitions: [{ partitionIndex: 0, offset: 0n }] }],
    timeoutMs: 1_000,
  })
  const refused = await connection.request(DeleteRecords, 2, request('compacted'))
  expect(refused.topics[0]?.partitions[0]).toMatchObject({
    errorCode: ErrorCode.POLICY_VIOLATION,
    lowWatermark: -1n,
  })
  const deleted = await connection.request(DeleteRecords, 2, request('orders'))
  expect(deleted.topics[0]?.partitions[0]).toMatchObject({ errorCode: ErrorCode.NONE, lowWatermark: 0n })
})

describe('epochs below 0', () => {
  const send = (epoch: number, sequence: number) =>
    produceOne(connection, recordBatch(numbered(1), { stamp: stamp(1n, epoch, sequence) }))

  test('are older than that of a producer that nobody knows', async () => {
    expect(await send(-2, 0)).toMatchObject({
      errorCode: ErrorCode.INVALID_PRODUCER_EPOCH,
      logStartOffset: 0n,
    })
  })

  test('mean to Kafka, if it is -1, that the producer is not known, and any sequence is good', async () => {
    for (const sequence of [7, 3, 40])
      expect(await send(-1, sequence)).toMatchObject({ errorCode: ErrorCode.NONE })
    expect(await send(-1, 3)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 1n }) // a repetition
    expect(await send(2, 9)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 3n })
  })
})

test('a refusal says why among the events where the answer does not', async () => {
  const sent = recordBatch(numbered(1), { stamp: stamp(1n, 0, 0) })
  await produceOne(connection, sent)
  const gap = recordBatch(numbered(1), { stamp: stamp(1n, 0, 9) })
  expect(await produceOne(connection, gap)).toMatchObject({
    errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
    errorMessage: null,
  })
  expect(cluster.events().at(-1)).toMatchObject({
    nodeId: 1,
    message:
      'Produce v9 of test for orders-0 is refused (OUT_OF_ORDER_SEQUENCE_NUMBER): producer 1, epoch 0: sequence 9 where 1 is next',
  })
})
