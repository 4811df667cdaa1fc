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

/** A batch under one stamp, as brokers have got it so far. */
interface Arrivals {
  readonly crc: number
  readonly recordCount: number
  count: number
}

/**
 * Looks at each batch that arrives at a broker. Nothing damages what TCP carries, so what arrives damaged was changed under the
 * socket's eyes; and what is sent again under one stamp must be the same to the last bit, or the broker cannot know it again.
 */
export class BatchWatch {
  readonly #config: ScenarioConfig
  /** The largest batch that brokers take. */
  readonly #maxBytes: number
  readonly #report: (violation: string) => void
  readonly #arrivals = new Map<string, Arrivals>()
  /** Who writes where, as long as the sequences are in the upper half of what there is. */
  readonly #nearTheEnd = new Set<string>()
  /** Hears what has happened that a scenario may be made for, by name. */
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
    // The first piece of a batch that was split stands where the whole did.
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

  /** With several requests in flight a batch also comes again because one before it has failed, and that is no retry. */
  #judgeCount(key: string, { count }: Arrivals): void {
    const { retries, maxInFlightRequestsPerConnection } = this.#config
    if (maxInFlightRequestsPerConnection === 1 && count === retries + 2)
      this.#report(`a batch was sent ${count} times, where retries is ${retries}: ${key}`)
  }
}

/** Null if the bytes are not exactly one batch with the right checksum. */
function headerOf(batch: Buffer): RecordBatchHeader | null {
  try {
    const header = readRecordBatchHeader(batch)
    return header.size === batch.length && recordBatchChecksumHolds(batch) ? header : null
  } catch {
    return null
  }
}
