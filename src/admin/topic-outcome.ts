import { type KafkaError, TimeoutError } from '../errors.js'
import type { Attempt } from '../network/addressed-requests.js'
import { brokerError } from '../protocol/broker-error.js'
import { ErrorCode, errorCode } from '../protocol/error-codes.js'

/** The outcome of a call for one topic: the details of the topic, or the error. */
export type TopicOutcome<Details = unknown> =
  | ({ readonly status: 'fulfilled'; readonly topic: string } & Details)
  | { readonly status: 'rejected'; readonly topic: string; readonly error: KafkaError }

/** A broker's answer about one topic. */
export interface TopicAnswer {
  readonly errorCode: number
  readonly errorMessage?: string | null | undefined
}

/** Errors that Java's client calls retriable, but that are final for a call about topics. */
const FINAL_CODES: ReadonlySet<number> = new Set([
  // The topic does not exist.
  ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
  ErrorCode.UNKNOWN_TOPIC_ID,
  // The controller has begun the change. A second request would find it done.
  ErrorCode.REQUEST_TIMED_OUT,
])

/**
 * Collects the outcomes of one call's topics over its attempts. A topic with an outcome is not asked about
 * again.
 */
export class TopicOutcomes<Details> {
  readonly #api: string
  readonly #names: readonly string[]
  readonly #outcomes = new Map<string, TopicOutcome<Details>>()

  constructor(api: string, names: readonly string[]) {
    this.#api = api
    this.#names = names
  }

  /** The given topics that have no outcome yet. */
  pendingOf(topics: Iterable<string>): string[] {
    return [...topics].filter((topic) => !this.#outcomes.has(topic))
  }

  /** The topics without an outcome, each once. */
  get pending(): ReadonlySet<string> {
    return new Set(this.#names.filter((name) => !this.#outcomes.has(name)))
  }

  /**
   * Takes the answers of one attempt.
   *
   * @param answerTo the broker's answer about a topic; undefined if the broker left the topic out
   * @param asked the topics that the request was about
   * @throws the last retriable error of a topic, so that the caller makes another attempt
   */
  take<Answer extends TopicAnswer>(
    attempt: Attempt,
    answerTo: (topic: string) => Answer | undefined,
    details: (answer: Answer) => Details,
    asked: Iterable<string> = this.pending,
  ): void {
    let again: KafkaError | null = null
    for (const topic of asked) {
      const answer = answerTo(topic)
      if (answer !== undefined && answer.errorCode === ErrorCode.NONE) {
        this.#outcomes.set(topic, { status: 'fulfilled', topic, ...details(answer) })
        continue
      }
      const code = answer?.errorCode ?? ErrorCode.NETWORK_EXCEPTION
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

  /** Rejects every topic that has no outcome when the call ends. */
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
