import { Buffer } from 'node:buffer'
import { decodeRequest, decodeRequestHeader } from '../../src/protocol/frame.js'
import { Produce, type ProduceResponse } from '../../src/protocol/produce.js'
import { RecordReader } from '../../src/protocol/record.js'
import {
  COMPRESSION_MASK,
  NO_SEQUENCE,
  RECORD_BATCH_OVERHEAD,
  readRecordBatchHeader,
} from '../../src/protocol/record-batch.js'
import { unpack } from '../../src/testing/unpack.js'
import { idAtHeadOf } from './ledger.js'

/** A batch that the client writes to a connection. */
export interface SentBatch {
  /** The topic's name or id in the request, and the partition's number. */
  readonly topic: string
  readonly partition: number
  /** Producer id and epoch; null without idempotence. */
  readonly identity: string | null
  readonly ids: readonly number[]
}

/** The result of one partition in a response. */
export interface BatchAnswer {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
}

/** The batches of a Produce request, from the chunks that the client writes. */
export function batchesIn(chunks: readonly Uint8Array[]): SentBatch[] {
  const frame = Buffer.concat(chunks).subarray(4)
  const { body } = decodeRequestHeader(frame, () => Produce.flexibleFrom)
  return decodeRequest(Produce, body).topics.flatMap(({ name, topicId, partitions }) =>
    partitions.map(({ index, records }) => ({
      topic: name === '' ? topicId : name,
      partition: index,
      ...batchIn(Buffer.from(records ?? [])),
    })),
  )
}

export function answersIn({ topics }: ProduceResponse): BatchAnswer[] {
  return topics.flatMap(({ name, topicId, partitions }) =>
    partitions.map(({ index, errorCode }) => ({
      topic: name === '' ? topicId : name,
      partition: index,
      errorCode,
    })),
  )
}

function batchIn(batch: Buffer): Pick<SentBatch, 'identity' | 'ids'> {
  const { attributes, producerId, producerEpoch, baseSequence } = readRecordBatchHeader(batch)
  const identity = baseSequence === NO_SEQUENCE ? null : `producer ${producerId}, epoch ${producerEpoch}`
  const unpacked = unpack(attributes & COMPRESSION_MASK, batch.subarray(RECORD_BATCH_OVERHEAD))
  const ids: number[] = []
  if (unpacked.kind !== 'records') return { identity, ids }
  for (const reader = new RecordReader(unpacked.bytes); !reader.atEnd; ) {
    const id = idAtHeadOf(reader.next().value)
    if (id !== null) ids.push(id)
  }
  return { identity, ids }
}
