import { Buffer } from 'node:buffer'
import { decodeRequest, decodeRequestHeader } from '../../src/protocol/frame.js'
import { Produce } from '../../src/protocol/produce.js'
import {
  NO_SEQUENCE,
  type RecordBatchHeader,
  readRecordBatchHeader,
  recordBatchChecksumHolds,
} from '../../src/protocol/record-batch.js'
import { FrameAssembler } from '../../src/testing/frame-assembler.js'
import type { Listen } from '../../src/testing/index.js'
import type { Scenario, ScenarioConfig } from './scenario.js'

const MAX_FRAME_BYTES = 0x7fffffff
const LAST_SEQUENCE = 0x7fffffff
const LAST_EPOCH = 0x7fff

/** A batch with its stamp, as the brokers have received it so far. */
interface Arrivals {
  readonly crc: number
  readonly recordCount: number
  count: number
}

/**
 * Checks each batch that arrives at a broker. TCP damages no bytes, so a damaged batch was changed while the
 * socket was still reading its memory. A retry under the same stamp must have the same bytes, or the broker
 * cannot recognize it.
 */
export class BatchWatch {
  readonly #config: ScenarioConfig
  /** The largest batch that brokers accept. */
  readonly #maxBytes: number
  readonly #report: (violation: string) => void
  readonly #arrivals = new Map<string, Arrivals>()
  /** The producer id and partition pairs whose sequences are in the upper half of the range. */
  readonly #nearTheEnd = new Set<string>()
  /** Called with the name of each event that a scenario may aim at. */
  struck: (what: string) => void = () => undefined

  constructor({ config, clusterConfig }: Scenario, report: (violation: string) => void) {
    this.#config = config
    this.#maxBytes = Number(clusterConfig['message.max.bytes'])
    this.#report = report
  }

  /** The same network, watched from the brokers' end. */
  watched(listen: Listen): Listen {
    return (port, accept) =>
      listen(port, (socket) => {
        const broker = accept(socket)
        const frames = new FrameAssembler(MAX_FRAME_BYTES)
        return {
          received: (chunk) => {
            frames.push(chunk)
            for (let frame = frames.next(); frame !== null; frame = frames.next()) this.#request(frame)
            broker.received(chunk)
          },
          closed: () => broker.closed(),
        }
      })
  }

  #request(frame: Buffer): void {
    if (frame.readInt16BE(0) !== Produce.key) return
    const { body } = decodeRequestHeader(frame, () => Produce.flexibleFrom)
    for (const { name, topicId, partitions } of decodeRequest(Produce, body).topics) {
      for (const { index, records } of partitions)
        this.#batch(`${name === '' ? topicId : name}-${index}`, Buffer.from(records ?? []))
    }
  }

  #batch(partition: string, batch: Buffer): void {
    const header = headerOf(batch)
    if (header === null) {
      this.#report(
        `a batch for ${partition} arrived damaged: ${batch.length} bytes that do not hold together`,
      )
      return
    }
    const { producerId, producerEpoch, baseSequence, recordCount, crc } = header
    if (batch.length > this.#maxBytes) this.struck(recordCount > 1 ? 'batch too large' : 'record too large')
    if (baseSequence === NO_SEQUENCE) return
    this.#note(partition, header)
    const stamp = `producer ${producerId}, epoch ${producerEpoch}, sequence ${baseSequence}`
    const key = `${partition}: ${stamp}`
    const before = this.#arrivals.get(key)
    if (before !== undefined && before.crc === crc) {
      before.count++
      this.#judgeCount(key, before)
      return
    }
    // The first piece of a split batch has the base sequence of the whole batch.
    if (before !== undefined && recordCount >= before.recordCount)
      this.#report(
        `a batch was sent again with other content: ${key}, ${before.recordCount} records at first and ${recordCount} later`,
      )
    this.#arrivals.set(key, { crc, recordCount, count: 1 })
  }

  #note(
    partition: string,
    { producerId, producerEpoch, baseSequence, recordCount }: RecordBatchHeader,
  ): void {
    const writer = `${partition}: producer ${producerId}, epoch ${producerEpoch}`
    const wasNearTheEnd = this.#nearTheEnd.delete(writer)
    const isNearTheEnd = baseSequence > LAST_SEQUENCE / 2
    const goesRound = isNearTheEnd && baseSequence + recordCount - 1 > LAST_SEQUENCE
    if (goesRound || (wasNearTheEnd && !isNearTheEnd)) this.struck('sequence went round')
    if (isNearTheEnd && !goesRound) this.#nearTheEnd.add(writer)
    if (producerEpoch === LAST_EPOCH && baseSequence === 0) this.struck('last epoch in use')
  }

  /**
   * With several requests in flight, a batch is also sent again because an earlier one failed. That is no
   * retry.
   */
  #judgeCount(key: string, { count }: Arrivals): void {
    const { retries, maxInFlightRequestsPerConnection } = this.#config
    if (maxInFlightRequestsPerConnection === 1 && count === retries + 2)
      this.#report(`a batch was sent ${count} times, where retries is ${retries}: ${key}`)
  }
}

/** The batch; null if the bytes are not exactly one batch with the right checksum. */
function headerOf(batch: Buffer): RecordBatchHeader | null {
  try {
    const header = readRecordBatchHeader(batch)
    return header.size === batch.length && recordBatchChecksumHolds(batch) ? header : null
  } catch {
    return null
  }
}
