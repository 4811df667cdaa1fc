import type { KafkaError } from '../../errors.js'
import type { RecordMetadata, SendCallback } from '../../producer/record.js'
import type { Terminal } from '../terminal.js'

/** The number of failures that are reported one by one. */
const TOLD = 10

/** Counts the outcomes of records, and reports the first failures. */
export class Deliveries {
  readonly #terminal: Terminal
  #accepted = 0
  #acknowledged = 0
  #failed = 0
  #leftOut = 0
  #maybePersisted = 0
  #notSent = 0
  #notAcknowledged = 0
  #isGivenUp = false
  #bytes = 0
  #fatal: KafkaError | null = null

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  get acknowledged(): number {
    return this.#acknowledged
  }

  get failed(): number {
    return this.#failed
  }

  /** Invalid lines that were not sent. */
  get leftOut(): number {
    return this.#leftOut
  }

  get unsettled(): number {
    return this.#accepted - this.#acknowledged - this.#failed - this.#notSent - this.#notAcknowledged
  }

  get areAllAcknowledged(): boolean {
    return this.#acknowledged === this.#accepted
  }

  /** Records that were given up before they were sent. */
  get notSent(): number {
    return this.#notSent
  }

  /** Records that were given up after they were sent, so they may be in the log. */
  get notAcknowledged(): number {
    return this.#notAcknowledged
  }

  /** Failed records that may be in the log all the same. */
  get maybePersisted(): number {
    return this.#maybePersisted
  }

  /** The bytes of the acknowledged records' keys and values. */
  get bytes(): number {
    return this.#bytes
  }

  /** The error after which the producer cannot send any more; null if there was none. */
  get fatal(): KafkaError | null {
    return this.#fatal
  }

  /** The callback for the record of a line. */
  expect(lineNumber: number): SendCallback {
    this.#accepted++
    return (error, metadata) => {
      if (error === null) this.#succeeded(metadata)
      else this.#hasFailed(lineNumber, error)
    }
  }

  /** Counts a line that is too long for a record as failed. */
  refuse(lineNumber: number, error: KafkaError): void {
    this.#accepted++
    this.#hasFailed(lineNumber, error)
  }

  /** Counts an invalid line that is not sent. */
  leaveOut(line: string, why: string): void {
    this.#leftOut++
    if (this.#leftOut <= TOLD) this.#terminal.say(`${line} is left out: ${why}`)
    else if (this.#leftOut === TOLD + 1) {
      this.#terminal.say('more lines are left out; the rest is only counted')
    }
  }

  /** From now on a record that fails because the producer is closed counts as given up. */
  giveUp(): void {
    this.#isGivenUp = true
  }

  #succeeded(metadata: RecordMetadata | null): void {
    this.#acknowledged++
    if (metadata === null) return
    const { serializedKeySize, serializedValueSize } = metadata
    this.#bytes += Math.max(serializedKeySize, 0) + Math.max(serializedValueSize, 0)
  }

  #hasFailed(lineNumber: number, error: KafkaError): void {
    if (this.#isGivenUp && error.code === 'PRODUCER_CLOSED') {
      if (error.possiblyPersisted) this.#notAcknowledged++
      else this.#notSent++
      return
    }
    this.#failed++
    if (error.possiblyPersisted) this.#maybePersisted++
    if (error.fatal) this.#fatal ??= error
    if (this.#failed <= TOLD) this.#terminal.say(`line ${lineNumber}: ${error.message} (${error.code})`)
    else if (this.#failed === TOLD + 1) this.#terminal.say('more records failed; the rest is only counted')
  }
}
