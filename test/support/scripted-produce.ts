import { Buffer } from 'node:buffer'
import type { KafkaError } from '../../src/errors.js'
import type { RequestOptions } from '../../src/network/broker/broker.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import type { ProducePartitionResult, ProduceRequest, ProduceResponse } from '../../src/protocol/produce.js'
import { RecordReader } from '../../src/protocol/record.js'
import {
  RECORD_BATCH_OVERHEAD,
  type RecordBatchHeader,
  readRecordBatchHeader,
  recordBatchChecksumHolds,
} from '../../src/protocol/record-batch.js'
import type { ScriptedNode } from './scripted-node.js'

/** One partition's batch in a request, as it was at the moment of sending. */
export interface SentBatch {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly bytes: Buffer
  /** The buffer itself that was sent, so that a test can check for later changes. */
  readonly live: Uint8Array
  readonly header: RecordBatchHeader
}

/** A test's result for one partition; missing fields are those of a success. */
export type PartitionAnswer = Partial<ProducePartitionResult>

interface Ends {
  readonly resolve: (response: unknown) => void
  readonly reject: (error: KafkaError) => void
  readonly settled: () => void
}

/** A Produce request that waits for the test to answer it. */
export class ScriptedProduce {
  readonly node: ScriptedNode
  readonly message: ProduceRequest
  readonly options: RequestOptions
  readonly batches: readonly SentBatch[]
  readonly #ends: Ends

  constructor(node: ScriptedNode, message: ProduceRequest, options: RequestOptions, ends: Ends) {
    this.node = node
    this.message = message
    this.options = options
    this.#ends = ends
    this.batches = message.topics.flatMap(({ name, topicId, partitions }) =>
      partitions.map(({ index, records }) => {
        if (records === null) throw new Error(`${name}-${index} was sent without records`)
        const bytes = Buffer.from(records)
        if (!recordBatchChecksumHolds(bytes)) throw new Error(`${name}-${index}: the checksum is wrong`)
        const header = readRecordBatchHeader(bytes)
        return { topic: name, topicId, partition: index, bytes, live: records, header }
      }),
    )
  }

  /** The only batch of the request. */
  get batch(): SentBatch {
    const [first, second] = this.batches
    if (first === undefined || second !== undefined) throw new Error(`${this.batches.length} batches, not 1`)
    return first
  }

  /** `topic-partition` of every batch, in order. */
  get partitions(): string[] {
    return this.batches.map(({ topic, partition }) => `${topic}-${partition}`)
  }

  /** The base sequence of the only batch. */
  get sequence(): number {
    return this.batch.header.baseSequence
  }

  get epoch(): number {
    return this.batch.header.producerEpoch
  }

  /** The values of the only batch's records, as text. */
  get values(): string[] {
    return valuesOf(this.batch)
  }

  /**
   * Answers every batch, by default with success. `answers` has others for `topic-partition`; null omits it.
   */
  answer(answers: Readonly<Record<string, PartitionAnswer | null>> = {}): void {
    const topics = this.message.topics.map(({ name, topicId, partitions }) => ({
      name,
      topicId,
      partitions: partitions
        .filter(({ index }) => answers[`${name}-${index}`] !== null)
        .map(({ index }) => resultOf(index, answers[`${name}-${index}`] ?? {})),
    }))
    this.respond({ topics, throttleTimeMs: 0, nodeEndpoints: [] })
  }

  /** The same for the only batch of the request. */
  answerOne(answer: PartitionAnswer = {}): void {
    const { topic, partition } = this.batch
    this.answer({ [`${topic}-${partition}`]: answer })
  }

  respond(response: ProduceResponse): void {
    this.#ends.settled()
    this.#ends.resolve(response)
  }

  fail(error: KafkaError): void {
    this.#ends.settled()
    this.#ends.reject(error)
  }
}

/** A broker's result for one partition, by default success. */
export function resultOf(index: number, answer: PartitionAnswer = {}): ProducePartitionResult {
  const isError = answer.errorCode !== undefined && answer.errorCode !== ErrorCode.NONE
  return { ...SUCCESS, ...(isError && { baseOffset: -1n }), index, ...answer }
}

const SUCCESS: ProducePartitionResult = {
  index: 0,
  errorCode: ErrorCode.NONE,
  baseOffset: 0n,
  logAppendTimeMs: -1n,
  logStartOffset: 0n,
  recordErrors: [],
  errorMessage: null,
  currentLeader: null,
}

/** The values of an uncompressed batch's records, as text. */
export function valuesOf({ bytes }: SentBatch): string[] {
  const reader = new RecordReader(bytes.subarray(RECORD_BATCH_OVERHEAD))
  const values: string[] = []
  while (!reader.atEnd) values.push(reader.next().value?.toString() ?? '')
  return values
}
