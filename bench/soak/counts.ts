import type { RecordMetadata, SendCallback } from '../../src/index.js'
import type { Figures } from './messages.js'

/** The most faults that are kept, because the driver must not grow. */
const MOST_FAULTS = 20

/**
 * The counts of sent records and their outcomes. Nobody else writes to the topics, so acknowledged records
 * have the offsets from 0 on without a gap.
 */
export class Counts {
  /** Records sent at full speed. */
  sent = 0
  /** Records sent in the other ways. */
  sentAside = 0
  #acknowledged = 0
  readonly #faults: string[] = []
  readonly #nextOffset: bigint[] = []
  /** The highest offset of each partition of the side topic. */
  readonly #aside = new Map<number, bigint>()

  /** The callback of the records at full speed. Its calls come in the order of the offsets. */
  readonly settledInOrder: SendCallback = (error, metadata) => {
    if (error !== null || metadata === null) {
      this.failed(error ?? new Error('neither an error nor metadata'))
      return
    }
    const { partition, offset } = metadata
    const expected = this.#nextOffset[partition] ?? 0n
    if (offset !== expected)
      this.#fault(`partition ${partition}: offset ${offset} was acknowledged where ${expected} comes next`)
    this.#nextOffset[partition] = offset + 1n
    this.#acknowledged++
  }

  settledAside(outcome: PromiseSettledResult<RecordMetadata>): void {
    if (outcome.status === 'rejected') {
      this.failed(outcome.reason)
      return
    }
    const { partition, offset } = outcome.value
    if (offset > (this.#aside.get(partition) ?? -1n)) this.#aside.set(partition, offset)
  }

  failed(error: Error): void {
    this.#fault(`a record was not delivered: ${error.message}`)
  }

  /** The figures. To be called when every record has its outcome. */
  figures(): Figures {
    const faults = [...this.#faults]
    const { sent, sentAside } = this
    if (this.#acknowledged !== sent)
      faults.push(`${sent} records were sent, but ${this.#acknowledged} were acknowledged`)
    let inLog = 0n
    for (const highest of this.#aside.values()) inLog += highest + 1n
    if (inLog !== BigInt(sentAside))
      faults.push(`${sentAside} records were sent to the side topic, but ${inLog} are in its log`)
    return { sent: sent + sentAside, acknowledged: this.#acknowledged + Number(inLog), faults }
  }

  #fault(what: string): void {
    if (this.#faults.length < MOST_FAULTS) this.#faults.push(what)
  }
}
