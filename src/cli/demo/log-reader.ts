import { Buffer } from 'node:buffer'
import { nodeEnvironment } from '../../environment/node-environment.js'
import { NetworkError, ProtocolError, TimeoutError } from '../../errors.js'
import { AddressedRequests } from '../../network/addressed-requests.js'
import { Cluster } from '../../network/cluster.js'
import { noClusterListener } from '../../network/cluster-listener.js'
import type { NetworkOptions } from '../../network/network-options.js'
import { brokerError } from '../../protocol/broker-error.js'
import { ErrorCode } from '../../protocol/error-codes.js'
import { Fetch, type FetchPartitionResult } from '../../protocol/fetch.js'
import { HIGH_WATERMARK_NOT_TOLD } from '../../protocol/fetch-request.js'
import { LATEST_OFFSET, ListOffsets } from '../../protocol/list-offsets.js'
import { type ParsedRecord, RecordReader } from '../../protocol/record.js'
import {
  COMPRESSION_MASK,
  CONTROL_BIT,
  RECORD_BATCH_OVERHEAD,
  readRecordBatchHeader,
  recordBatchChecksumHolds,
} from '../../protocol/record-batch.js'
import { ZERO_UUID } from '../../protocol/uuid.js'
import { unpacked } from './unpacked.js'

const FETCH_BYTES = 4 * 1024 * 1024
const MAX_WAIT_MS = 500
const READ_TIMEOUT_MS = 60_000
/** The last version of Fetch that names topics. Later versions have topic ids instead. */
const LAST_VERSION_WITH_NAMES = 12
/** The position of a batch's length field, and of the first byte that the length counts. */
const LENGTH_AT = 8
const LENGTH_STARTS_AT = 12

/** Reads partitions of one topic, one request after the other, over connections of its own. */
export class LogReader {
  readonly #cluster: Cluster
  readonly #requests: AddressedRequests
  readonly #topic: string

  constructor(topic: string, options: NetworkOptions) {
    this.#topic = topic
    this.#cluster = new Cluster(options, nodeEnvironment, noClusterListener)
    this.#requests = new AddressedRequests(this.#cluster, options, nodeEnvironment)
  }

  close(): void {
    this.#requests.close(
      new NetworkError(`the log of ${this.#topic} is not read any more: its reader is closed`),
    )
    this.#cluster.close()
  }

  /** The end offset of each partition, which is the offset of its next record. */
  async endOffsets(): Promise<bigint[]> {
    const { partitions } = await this.#metadata(this.#deadlineMs())
    const offsets: bigint[] = []
    for (const { partition } of partitions) offsets.push(await this.#endOffset(partition))
    return offsets
  }

  /** Passes the records from offset `from` to before offset `to` to `tell`, in order. */
  async read(
    partition: number,
    from: bigint,
    to: bigint,
    tell: (record: ParsedRecord) => void,
  ): Promise<void> {
    const { clock } = nodeEnvironment
    let offset = from
    let deadlineMs = this.#deadlineMs()
    while (offset < to) {
      const next = await this.#fetch(partition, offset, to, tell)
      if (next > offset) deadlineMs = this.#deadlineMs()
      else if (clock.now() > deadlineMs) throw this.#stuck(partition, offset, to)
      offset = next
    }
  }

  #endOffset(partition: number): Promise<bigint> {
    const deadlineMs = this.#deadlineMs()
    return this.#requests.call({
      api: ListOffsets,
      target: () => this.#leader(partition, deadlineMs),
      deadlineMs,
      message: (timeoutMs) => ({
        replicaId: -1,
        isolationLevel: 0,
        topics: [
          {
            name: this.#topic,
            partitions: [{ partitionIndex: partition, currentLeaderEpoch: -1, timestamp: LATEST_OFFSET }],
          },
        ],
        timeoutMs,
      }),
      read: ({ topics }, { broker }) => {
        const result = topics[0]?.partitions[0]
        if (result === undefined) throw this.#nothing('ListOffsets', partition, broker)
        this.#check('ListOffsets', partition, result.errorCode, broker)
        return result.offset
      },
    })
  }

  /** Makes one Fetch request. Returns the offset to continue from. */
  async #fetch(
    partition: number,
    offset: bigint,
    to: bigint,
    tell: (record: ParsedRecord) => void,
  ): Promise<bigint> {
    const deadlineMs = this.#deadlineMs()
    const { topicId } = await this.#metadata(deadlineMs)
    const records = await this.#requests.call({
      api: Fetch,
      target: () => this.#leader(partition, deadlineMs),
      deadlineMs,
      ...(topicId === ZERO_UUID && { atMost: LAST_VERSION_WITH_NAMES }),
      message: () => this.#fetchRequest(topicId, partition, offset),
      read: ({ errorCode, responses }, { broker }) => {
        this.#check('Fetch', partition, errorCode, broker)
        const result: FetchPartitionResult | undefined = responses[0]?.partitions[0]
        if (result === undefined) throw this.#nothing('Fetch', partition, broker)
        this.#check('Fetch', partition, result.errorCode, broker)
        return result.records
      },
    })
    if (records === null) return offset
    return this.#readBatches(bufferOf(records), partition, offset, to, tell)
  }

  #fetchRequest(topicId: string, partition: number, fetchOffset: bigint) {
    return {
      clusterId: null,
      replicaId: -1,
      replicaState: null,
      maxWaitMs: MAX_WAIT_MS,
      minBytes: 1,
      maxBytes: FETCH_BYTES,
      isolationLevel: 0,
      sessionId: 0,
      sessionEpoch: -1,
      topics: [
        {
          topic: this.#topic,
          topicId,
          partitions: [
            {
              partition,
              currentLeaderEpoch: -1,
              fetchOffset,
              lastFetchedEpoch: -1,
              logStartOffset: -1n,
              partitionMaxBytes: FETCH_BYTES,
              replicaDirectoryId: ZERO_UUID,
              highWatermark: HIGH_WATERMARK_NOT_TOLD,
            },
          ],
        },
      ],
      forgottenTopicsData: [],
      rackId: '',
    }
  }

  #readBatches(
    bytes: Buffer,
    partition: number,
    from: bigint,
    to: bigint,
    tell: (record: ParsedRecord) => void,
  ): bigint {
    let offset = from
    let rest = bytes
    // The last batch may be cut off.
    while (
      rest.length >= RECORD_BATCH_OVERHEAD &&
      rest.readInt32BE(LENGTH_AT) <= rest.length - LENGTH_STARTS_AT
    ) {
      const header = readRecordBatchHeader(rest)
      const batch = rest.subarray(0, header.size)
      rest = rest.subarray(header.size)
      if (!recordBatchChecksumHolds(batch)) {
        throw new ProtocolError(
          `the batch at offset ${header.baseOffset} of ${this.#topic}-${partition} is damaged`,
        )
      }
      offset = header.baseOffset + BigInt(header.lastOffsetDelta) + 1n
      if ((header.attributes & CONTROL_BIT) !== 0) continue
      const skip = Number(from - header.baseOffset)
      const end = Number(to - header.baseOffset)
      const reader = new RecordReader(unpacked(batch, header.attributes & COMPRESSION_MASK))
      while (!reader.atEnd) {
        const record = reader.next()
        if (record.offsetDelta >= skip && record.offsetDelta < end) tell(record)
      }
      if (offset >= to) return to
    }
    return offset
  }

  async #leader(partition: number, deadlineMs: number): Promise<number> {
    const { partitions } = await this.#metadata(deadlineMs)
    const leader = partitions[partition]?.leaderId ?? -1
    if (leader < 0) throw new NetworkError(`${this.#topic}-${partition} has no leader at present`)
    return leader
  }

  #metadata(deadlineMs: number) {
    return this.#cluster.waitForTopic(this.#topic, deadlineMs)
  }

  #deadlineMs(): number {
    return nodeEnvironment.clock.now() + READ_TIMEOUT_MS
  }

  #check(api: string, partition: number, errorCode: number, broker: string): void {
    if (errorCode !== ErrorCode.NONE)
      throw brokerError(errorCode, { api, topic: this.#topic, partition, broker })
  }

  #stuck(partition: number, offset: bigint, to: bigint): TimeoutError {
    const where = `${this.#topic}-${partition}`
    return new TimeoutError(
      `${where} ends at offset ${to}, but nothing was read from offset ${offset} on in ${READ_TIMEOUT_MS} ms`,
      'request',
    )
  }

  #nothing(api: string, partition: number, broker: string): ProtocolError {
    return new ProtocolError(`broker ${broker} answered ${api} without ${this.#topic}-${partition}`, {
      broker,
    })
  }
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
