import { type KafkaError, TimeoutError } from '../errors.js'
import { brokerError } from '../protocol/broker-error.js'
import { errorCode } from '../protocol/error-codes.js'
import type { Attempt } from './broker-requests.js'

/** What became of one topic of a call: what is known of it now, or why not. */
export type TopicOutcome<Details = unknown> =
  | ({ readonly status: 'fulfilled'; readonly topic: string } & Details)
  | { readonly status: 'rejected'; readonly topic: string; readonly error: KafkaError }

/** What a broker says about one topic. */
export interface TopicAnswer {
  readonly errorCode: number
  readonly errorMessage?: string | null
}

const NETWORK_EXCEPTION = 13
/** Errors that Java's client calls retriable, and that mean something final where a topic itself is what a call is about. */
const FINAL_CODES: ReadonlySet<number> = new Set([
  3, // UNKNOWN_TOPIC_OR_PARTITION: there is no such topic
  7, // REQUEST_TIMED_OUT: the controller has begun, and a second request would find it done
  100, // UNKNOWN_TOPIC_ID
])

/**
 * Gathers the outcomes of one call's topics over its attempts: what has an outcome is not asked for again.
 */
export class TopicOutcomes<Details> {
  readonly #api: string
  readonly #names: readonly string[]
  readonly #outcomes = new Map<string, TopicOutcome<Details>>()

  constructor(api: string, names: readonly string[]) {
    this.#api = api
    this.#names = names
  }

  /** The topics without an outcome, each once. */
  get pending(): ReadonlySet<string> {
    return new Set(this.#names.filter((name) => !this.#outcomes.has(name)))
  }

  /**
   * Takes the answers of one attempt.
   *
   * @param answerTo undefined where the broker left the topic out
   * @throws the last error of a topic for which another attempt is worthwhile
   */
  take<Answer extends TopicAnswer>(
    attempt: Attempt,
    answerTo: (topic: string) => Answer | undefined,
    details: (answer: Answer) => Details,
  ): void {
    let again: KafkaError | null = null
    for (const topic of this.pending) {
      const answer = answerTo(topic)
      if (answer !== undefined && answer.errorCode === 0) {
        this.#outcomes.set(topic, { status: 'fulfilled', topic, ...details(answer) })
        continue
      }
      const code = answer?.errorCode ?? NETWORK_EXCEPTION
      const error = brokerError(code, {
        api: this.#api,
        topic,
        broker: attempt.broker,
        brokerMessage: answer === undefined ? 'nothing about this topic' : answer.errorMessage,
        attempts: attempt.attempts,
        possiblyPersisted: attempt.mayBeDone,
      })
      if (errorCode(code).retriable && !FINAL_CODES.has(code)) again = error
      else this.reject(topic, error)
    }
    if (again !== null) throw again
  }

  reject(topic: string, error: KafkaError): void {
    this.#outcomes.set(topic, { status: 'rejected', topic, error })
  }

  /** The call has ended: what has no outcome gets this error. */
  rejectPending(error: KafkaError): void {
    for (const topic of this.pending) this.reject(topic, error)
  }

  get(topic: string): TopicOutcome<Details> | undefined {
    return this.#outcomes.get(topic)
  }

  /** One outcome per name, in the order of the names. */
  all(): TopicOutcome<Details>[] {
    return this.#names.map(
      (topic) => this.#outcomes.get(topic) ?? { status: 'rejected', topic, error: missing(topic) },
    )
  }
}

function missing(topic: string): KafkaError {
  return new TimeoutError(`no answer about topic ${topic}`, 'request', { topic })
}
