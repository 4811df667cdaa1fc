import type { ProducerInterceptor } from '../../config/interceptor.js'
import type { Clock } from '../../environment/clock.js'
import type { Logger } from '../../logger.js'
import { shown } from '../../unexpected.js'

/** A warning of one kind comes once in this time. */
const SILENCE_MS = 60_000

type Call = 'onSend' | 'onAcknowledgement' | 'close'

interface Told {
  atMs: number
  /** Failures since then. */
  more: number
}

/** Warns of calls of an interceptor that failed: the first at once, then one in a minute with a count. */
export class InterceptorFailures {
  readonly #logger: Logger
  readonly #clock: Clock
  readonly #told = new Map<string, Told>()

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger
    this.#clock = clock
  }

  /**
   * @param index of the interceptor in the list
   * @param thrown what the call threw, or what is wrong with its result
   */
  note(interceptor: ProducerInterceptor, index: number, call: Call, topic: string, thrown: unknown): void {
    const now = this.#clock.now()
    const key = `${index} ${call}`
    const told = this.#told.get(key)
    if (told !== undefined && now - told.atMs < SILENCE_MS) {
      told.more++
      return
    }
    this.#told.set(key, { atMs: now, more: 0 })
    const more = told === undefined || told.more === 0 ? '' : `, and ${told.more} more since the last warning`
    const subject = topic === '' ? '' : ` for a record for topic ${topic}`
    this.#logger.warn(`${call} of ${nameOf(interceptor, index)} failed${subject}: ${shown(thrown)}${more}`, {
      ...(topic !== '' && { topic }),
      error: thrown,
    })
  }
}

/** `interceptors[1] (Tracing)`, or without a name for a plain object. */
function nameOf(interceptor: ProducerInterceptor, index: number): string {
  let name: unknown
  try {
    name = interceptor.constructor?.name
  } catch {
    // A proxy may do anything.
  }
  const isNamed = typeof name === 'string' && name !== '' && name !== 'Object'
  return `interceptors[${index}]${isNamed ? ` (${name})` : ''}`
}
