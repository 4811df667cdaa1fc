import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { RecordReader } from '../../src/protocol/record.js'
import {
  RECORD_BATCH_OVERHEAD,
  readRecordBatchHeader,
  recordBatchChecksumHolds,
  TRANSACTIONAL_BIT,
} from '../../src/protocol/record-batch.js'
import { describeWithKafkaJars } from '../support/kafka/describe-with-jars.js'
import { javaRecordBatches } from '../support/kafka/record-batches/java-record-batches.js'
import { SeededRandom } from '../support/random.js'
import { bytesOf, naiveBatch } from '../support/record-batch/naive-batch.js'
import { ourBatch } from '../support/record-batch/our-batch.js'
import { type BatchInput, type BatchRecord, randomBatch } from '../support/record-batch/random-batch.js'

const random = new SeededRandom(20_250_607)
const inputs = Array.from({ length: 2_000 }, () => randomBatch(random))

describe('a record batch', () => {
  it('has the bytes that the format describes, and its records are read back', () => {
    for (const [index, input] of inputs.entries()) {
      const batch = ourBatch(input)
      if (!batch.equals(naiveBatch(input))) expect.fail(`batch ${index}: ${batch.toString('hex')}`)
      expect(recordBatchChecksumHolds(batch)).toBe(true)
      const { magic, size, recordCount, ...header } = readRecordBatchHeader(batch)
      expect([magic, size, recordCount]).toEqual([2, batch.length, input.records.length])
      expect(header).toMatchObject(stampOf(input))
      const reader = new RecordReader(batch.subarray(RECORD_BATCH_OVERHEAD))
      const read = input.records.map(() => reader.next())
      if (!isDeepStrictEqual(read, input.records.map(asParsed(input)))) {
        expect(read, `batch ${index}`).toEqual(input.records.map(asParsed(input)))
      }
      expect(reader.atEnd).toBe(true)
    }
  })
})

await describeWithKafkaJars('a record batch', () => {
  it('is valid for Kafka, which reads the same records and writes the same bytes', async () => {
    const batches = inputs.map(ourBatch)
    const read = await javaRecordBatches(batches)
    expect(read.length).toBe(batches.length)
    for (const [index, batch] of batches.entries()) {
      expect(read[index]?.contents).toBe(asJavaTells(inputs[index] as BatchInput))
      expect(read[index]?.rebuilt.toString('hex')).toBe(batch.toString('hex'))
    }
  })

  it('is not valid for Kafka with one bit flipped', async () => {
    const batch = ourBatch(inputs[0] as BatchInput)
    batch.writeUInt8(batch.readUInt8(batch.length - 1) ^ 1, batch.length - 1)
    expect(await javaRecordBatches([batch])).toMatchObject([{ contents: 'refused:CorruptRecordException' }])
  })
})

function stampOf({ stamp: { transactional, ...stamp } }: BatchInput) {
  return { ...stamp, attributes: transactional ? TRANSACTIONAL_BIT : 0, baseOffset: 0n }
}

function asParsed({ records: [first] }: BatchInput) {
  return (record: BatchRecord, index: number) => ({
    offsetDelta: index,
    timestampDelta: record.timestamp - (first?.timestamp ?? 0),
    key: bytesOf(record.key),
    value: bytesOf(record.value),
    headers: (record.headers ?? []).map(([key, value]) => [bytesOf(key)?.toString('utf8'), bytesOf(value)]),
  })
}

function asJavaTells({ stamp, records }: BatchInput): string {
  const { producerId, producerEpoch, baseSequence, transactional } = stamp
  const last = records.length - 1
  const lastSequence = baseSequence < 0 ? -1 : (baseSequence + last) % 2 ** 31
  const maxTimestamp = Math.max(...records.map((record) => record.timestamp))
  const header = [
    0,
    last,
    producerId,
    producerEpoch,
    baseSequence,
    lastSequence,
    transactional,
    false,
    maxTimestamp,
  ]
  return [header.join('/'), ...records.map(recordAsJavaTells)].join(';')
}

function recordAsJavaTells({ timestamp, key, value, headers }: BatchRecord, index: number): string {
  const hex = (data: BatchRecord['key']) => bytesOf(data)?.toString('hex') ?? 'null'
  const pairs = (headers ?? []).map(([name, data]) => `${hex(name)}=${hex(data)}`)
  return [index, timestamp, hex(key), hex(value), ...pairs].join(',')
}
