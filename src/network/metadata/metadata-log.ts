import { AuthenticationError, type KafkaError } from '../../errors.js'
import type { Logger } from '../../logger.js'

/**
 * Responses or failures in a row after which the user hears of them. Elections and new topics cause a few,
 * too.
 */
const WARN_AFTER = 5

/** Logs the faults of metadata. It warns once when a fault lasts, and says when the fault is over. */
export class MetadataLog {
  readonly #logger: Logger
  /** The number of responses in a row that reported a fault of the topic. */
  readonly #topics = new Map<string, number>()
  #failures = 0
  #hasWarned = false

  constructor(logger: Logger) {
    this.#logger = logger
  }

  updated(): void {
    if (this.#hasWarned) this.#logger.info('metadata: brokers answer again')
    this.#failures = 0
    this.#hasWarned = false
  }

  /**
   * Logs a failed update. A response that makes no sense will make none the next time, so it is a warning at
   * once.
   */
  failed(error: KafkaError): void {
    this.#failures++
    const fields = { code: error.code, failures: this.#failures }
    if (this.#hasWarned || (error.retriable && this.#failures < WARN_AFTER)) {
      this.#logger.debug(`metadata: update failed: ${error.message}`, fields)
      return
    }
    this.#hasWarned = true
    // A refusal that lasts is tried again only if somebody sends again.
    const isRefused = error instanceof AuthenticationError && !error.retriable
    this.#logger.warn(`no metadata: ${error.message}${isRefused ? '' : '; trying again'}`, fields)
  }

  /**
   * Logs a response about a topic.
   *
   * @param fault the topic's fault in the response; undefined if there is none
   */
  topicAnswered(topic: string, fault: string | undefined): void {
    const before = this.#topics.get(topic) ?? 0
    if (fault === undefined) {
      if (before >= WARN_AFTER) this.#logger.info(`metadata: topic ${topic} is in order again`, { topic })
      this.#topics.delete(topic)
      return
    }
    this.#topics.set(topic, before + 1)
    if (before + 1 === WARN_AFTER)
      this.#logger.warn(`topic ${topic} cannot be used, or only in part: ${fault}; asking again`, { topic })
    else this.#logger.debug(`metadata: ${fault}`, { topic })
  }

  /** Forgets the topics that are no longer asked for. */
  keepTopics(isAskedFor: (topic: string) => boolean): void {
    for (const topic of this.#topics.keys()) if (!isAskedFor(topic)) this.#topics.delete(topic)
  }
}
