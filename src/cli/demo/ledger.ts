import type { KafkaError } from '../../errors.js'

const ACKNOWLEDGED = 1
const FAILED = 2
/** Failed, and certainly not in the log according to the producer. */
const NOT_IN_LOG = 4
const SEEN = 8

/** The outcomes compared with the log. Records are numbered from 0 in the order of the sends. */
export interface Verdict {
  readonly sent: number
  readonly acknowledged: number
  readonly failed: number
  /** Neither acknowledged nor failed. */
  readonly unsettled: number
  /** Acknowledged, but not in the log. */
  readonly lost: number
  /** Additional copies of records in the log. */
  readonly duplicated: number
  /** Records in the log that come after a record of the same partition which was sent later. */
  readonly outOfOrder: number
  /** In the log, although the producer said that they certainly are not there. */
  readonly wronglyFailed: number
}

/**
 * Keeps the outcome of every sent record, one byte each, and compares the outcomes with the records that are
 * read back.
 */
export class Ledger {
  #states = new Uint8Array(1 << 16)
  #newestSeen = new Map<number, number>()
  #sent = 0
  #acknowledged = 0
  #failed = 0
  #duplicated = 0
  #outOfOrder = 0
  #firstError: KafkaError | null = null

  get sent(): number {
    return this.#sent
  }

  get acknowledged(): number {
    return this.#acknowledged
  }

  get failed(): number {
    return this.#failed
  }

  get unsettled(): number {
    return this.#sent - this.#acknowledged - this.#failed
  }

  get firstError(): KafkaError | null {
    return this.#firstError
  }

  /** The number of the record that is sent next. */
  next(): number {
    if (this.#sent === this.#states.length) {
      const larger = new Uint8Array(this.#sent * 2)
      larger.set(this.#states)
      this.#states = larger
    }
    return this.#sent++
  }

  acknowledge(number: number): void {
    this.#mark(number, ACKNOWLEDGED)
    this.#acknowledged++
  }

  fail(number: number, error: KafkaError): void {
    this.#mark(number, error.possiblyPersisted ? FAILED : FAILED | NOT_IN_LOG)
    this.#failed++
    this.#firstError ??= error
  }

  /** Notes a record that was read back. The calls for a partition come in the order of its offsets. */
  see(number: number, partition: number): void {
    if (number >= this.#sent) return
    if (this.#has(number, SEEN)) {
      this.#duplicated++
      return
    }
    this.#mark(number, SEEN)
    const newest = this.#newestSeen.get(partition) ?? -1
    if (number < newest) this.#outOfOrder++
    else this.#newestSeen.set(partition, number)
  }

  /** To be called when everything has been read back. */
  verdict(): Verdict {
    let lost = 0
    let wronglyFailed = 0
    for (let number = 0; number < this.#sent; number++) {
      if (!this.#has(number, SEEN) && this.#has(number, ACKNOWLEDGED)) lost++
      if (this.#has(number, SEEN) && this.#has(number, NOT_IN_LOG)) wronglyFailed++
    }
    return {
      sent: this.#sent,
      acknowledged: this.#acknowledged,
      failed: this.#failed,
      unsettled: this.unsettled,
      lost,
      duplicated: this.#duplicated,
      outOfOrder: this.#outOfOrder,
      wronglyFailed,
    }
  }

  #mark(number: number, state: number): void {
    this.#states[number] = (this.#states[number] as number) | state
  }

  #has(number: number, state: number): boolean {
    return ((this.#states[number] as number) & state) !== 0
  }
}
