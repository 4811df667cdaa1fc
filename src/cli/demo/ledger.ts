import type { KafkaError } from '../../errors.js'

const ACKNOWLEDGED = 1
const FAILED = 2
/** Failed, and certainly not in the log, as the producer says. */
const NOT_IN_LOG = 4
const SEEN = 8

/** What the log must be judged by: each record by its number, from 0 in the order of the sends. */
export interface Verdict {
  readonly sent: number
  readonly acknowledged: number
  readonly failed: number
  /** Neither acknowledged nor failed. */
  readonly unsettled: number
  /** Acknowledged, and not in the log. */
  readonly lost: number
  /** Places in the log with a record that was there before. */
  readonly doubled: number
  /** Records in the log behind one of their partition that was sent later. */
  readonly outOfOrder: number
  /** In the log, although the producer said that they certainly are not. */
  readonly wronglyFailed: number
}

/** Keeps the outcome of every record that was sent, and then compares it with what is read back: a byte a record. */
export class Ledger {
  #states = new Uint8Array(1 << 16)
  #newestSeen = new Map<number, number>()
  #sent = 0
  #acknowledged = 0
  #failed = 0
  #doubled = 0
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

  /** A record that was read back. Called in the order of the offsets of each partition. */
  see(number: number, partition: number): void {
    if (number >= this.#sent) return
    if (this.#has(number, SEEN)) {
      this.#doubled++
      return
    }
    this.#mark(number, SEEN)
    const newest = this.#newestSeen.get(partition) ?? -1
    if (number < newest) this.#outOfOrder++
    else this.#newestSeen.set(partition, number)
  }

  /** Once everything has been read back. */
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
      doubled: this.#doubled,
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
