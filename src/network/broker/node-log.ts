import { AuthenticationError, type KafkaError, ProtocolError } from '../../errors.js'
import type { Logger } from '../../logger.js'

/**
 * Failures in a row after which the user hears of a broker that was ready before. Restarts cause a few
 * failures, too.
 */
const WARN_AFTER_FAILURES = 5

/** One change of a broker node's state. */
export interface NodeChange {
  /** The broker's name in the log. */
  readonly broker: string
  readonly from: string
  readonly to: string
  /** The failure behind the change; null if there is none. */
  readonly error: KafkaError | null
  /** Failed connects and lost connections since a connection was last ready. */
  readonly failures: number
}

/**
 * Logs the changes of one broker's state. It warns once that the broker cannot be reached, and says when it
 * can be again. All other changes are debug lines.
 */
export class NodeLog {
  readonly #logger: Logger
  #wasReady = false
  #hasWarned = false

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** The broker has another address now. Nothing is known of that address yet. */
  moved(): void {
    this.#wasReady = false
    this.#hasWarned = false
  }

  changed({ broker, from, to, error, failures }: NodeChange): void {
    const fields = { broker, ...(error === null ? {} : { code: error.code, failures }) }
    if (to === 'backing off' && error !== null && this.#isNews(error, failures)) {
      this.#hasWarned = true
      // A refusal that lasts is tried again only if somebody sends again.
      const isRefused = error instanceof AuthenticationError && !error.retriable
      this.#logger.warn(isRefused ? error.message : `${error.message}; trying again`, fields)
      return
    }
    if (to === 'ready' && this.#hasWarned) this.#logger.info(`broker ${broker} can be reached again`, fields)
    else
      this.#logger.debug(
        `broker ${broker}: ${from} -> ${to}${error === null ? '' : `: ${error.message}`}`,
        fields,
      )
    if (to !== 'ready') return
    this.#wasReady = true
    this.#hasWarned = false
  }

  /**
   * Whether the failure deserves a warning. A broker that was never ready has a wrong address more often than
   * it restarts.
   */
  #isNews(error: KafkaError, failures: number): boolean {
    if (this.#hasWarned) return false
    const isHopeless = error instanceof ProtocolError || error instanceof AuthenticationError
    return !this.#wasReady || isHopeless || failures >= WARN_AFTER_FAILURES
  }
}
