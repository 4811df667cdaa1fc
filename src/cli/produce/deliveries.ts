import type { KafkaError } from '../../errors.js'
import type { RecordMetadata, SendCallback } from '../../producer/record.js'
import type { Terminal } from '../terminal.js'

/** How many failures are told one by one. */
const TOLD = 10

/** Counts what becomes of records, and tells of the first failures. */
export class Deliveries {
  readonly #terminal: Terminal
  #accepted = 0
  #acknowledged = 0
  #failed = 0
  #maybePersisted = 0
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

  get unsettled(): number {
    return this.#accepted - this.#acknowledged - this.#failed
  }

  /** Failed, and possibly in the log all the same. */
  get maybePersisted(): number {
    return this.#maybePersisted
  }

  /** Of the acknowledged records' keys and values. */
  get bytes(): number {
    return this.#bytes
  }

  /** The error after which the producer can do no more. */
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

  #succeeded(metadata: RecordMetadata | null): void {
    this.#acknowledged++
    if (metadata === null) return
    const { serializedKeySize, serializedValueSize } = metadata
    this.#bytes += Math.max(serializedKeySize, 0) + Math.max(serializedValueSize, 0)
  }

  #hasFailed(lineNumber: number, error: KafkaError): void {
    this.#failed++
    if (error.possiblyPersisted) this.#maybePersisted++
    if (error.fatal) this.#fatal ??= error
    if (this.#failed <= TOLD) this.#terminal.say(`line ${lineNumber}: ${error.message} (${error.code})`)
    else if (this.#failed === TOLD + 1) this.#terminal.say('more records failed; the rest is only counted')
  }
}
