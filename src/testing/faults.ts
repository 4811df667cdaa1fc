import { ERROR_CODES } from '../error-code-table.js'
import { ConfigError } from '../errors.js'
import { shown } from '../unexpected.js'
import { checkMatch, type Matchable, requireCount } from './check-match.js'
import { type Fault, FaultTrigger, type RequestMatch, WaitingFault } from './fault.js'
import type { Interceptor, InterceptorList } from './interceptor.js'
import { hintFor, quoted, refuseUnknownFields } from './unknown-name.js'

/** The faults of a cluster that strike single requests. Each is an interceptor. */
export class RequestFaults {
  readonly #interceptors: InterceptorList
  readonly #matchable: Matchable
  readonly #apiNames: ReadonlyMap<number, string>

  constructor(interceptors: InterceptorList, matchable: Matchable) {
    this.#interceptors = interceptors
    this.#matchable = matchable
    this.#apiNames = new Map([...matchable.apis].map(([name, key]) => [key, name]))
  }

  fail(
    match: RequestMatch,
    error: string | number,
    options: { readonly afterHandling?: boolean | undefined },
  ): Fault {
    refuseUnknownFields(options, ['afterHandling'], 'option')
    const { afterHandling = false } = options
    const errorCode = typeof error === 'number' ? checkedCode(error) : codeOf(error)
    return this.#add(match, (trigger) =>
      afterHandling
        ? {
            handledPartError: (exchange, part) =>
              trigger.strikesPart(exchange, part) ? errorCode : undefined,
          }
        : { partError: (exchange, part) => (trigger.strikesPart(exchange, part) ? errorCode : undefined) },
    )
  }

  delayRequests(match: RequestMatch, delayMs: number): Fault {
    requireCount('delayMs', delayMs)
    return this.#add(match, (trigger) => ({
      beforeHandling: (exchange) => (trigger.strikes(exchange) ? { kind: 'delay', delayMs } : undefined),
    }))
  }

  delayAnswers(match: RequestMatch, delayMs: number): Fault {
    requireCount('delayMs', delayMs)
    return this.#add(match, (trigger) => ({
      beforeAnswer: (exchange) => (trigger.strikes(exchange) ? { kind: 'delay', delayMs } : undefined),
    }))
  }

  dropAnswers(match: RequestMatch): Fault {
    return this.#add(match, (trigger) => ({
      beforeAnswer: (exchange) => (trigger.strikes(exchange) ? { kind: 'close' } : undefined),
    }))
  }

  ignore(match: RequestMatch, options: { readonly handle?: boolean | undefined }): Fault {
    refuseUnknownFields(options, ['handle'], 'option')
    const { handle = false } = options
    return this.#add(match, (trigger) =>
      handle
        ? { beforeAnswer: (exchange) => (trigger.strikes(exchange) ? { kind: 'swallow' } : undefined) }
        : { beforeHandling: (exchange) => (trigger.strikes(exchange) ? { kind: 'swallow' } : undefined) },
    )
  }

  cutAnswers(match: RequestMatch, atByte: number): Fault {
    requireCount('atByte', atByte)
    return this.#add(match, (trigger) => ({
      beforeAnswer: (exchange) => (trigger.strikes(exchange) ? { kind: 'cut', atByte } : undefined),
    }))
  }

  cutRequests(match: RequestMatch, atByte: number): Fault {
    requireCount('atByte', atByte)
    const apiName = (key: number): string | undefined => this.#apiNames.get(key)
    return this.#add(match, (trigger) => ({
      partialFrame: (frame) =>
        frame.received >= atByte && trigger.strikesPartial(frame, apiName) ? 'close' : undefined,
      beforeHandling: (exchange) =>
        atByte < exchange.size && trigger.strikes(exchange) ? { kind: 'close' } : undefined,
      // A request that is cut behind its last byte has arrived as a whole. A broker handles it, and then
      // finds the connection closed.
      beforeAnswer: (exchange) =>
        atByte >= exchange.size && trigger.strikes(exchange) ? { kind: 'close' } : undefined,
    }))
  }

  throttle(match: RequestMatch, throttleTimeMs: number): Fault {
    requireCount('throttleTimeMs', throttleTimeMs)
    return this.#add(match, (trigger) => ({
      beforeHandling: (exchange) => {
        if (trigger.strikes(exchange)) exchange.throttleTimeMs = throttleTimeMs
        return undefined
      },
    }))
  }

  omitFromMetadata(topic: string, times: number): Fault {
    return this.#add({ api: 'Metadata', topic, times }, (trigger) => ({
      hidesTopic: (exchange, name) => trigger.strikesPart(exchange, { topic: name, partition: null }),
    }))
  }

  #add(match: RequestMatch, make: (trigger: FaultTrigger) => Interceptor): Fault {
    checkMatch(match, this.#matchable)
    const trigger = new FaultTrigger(match)
    return new WaitingFault(trigger, this.#interceptors.add(make(trigger)))
  }
}

/**
 * @throws ConfigError for a value that is no name
 * @throws RangeError for a name that Kafka does not have. The message has the nearest name
 */
function codeOf(name: unknown): number {
  if (typeof name !== 'string')
    throw new ConfigError(
      'error',
      `the error is ${shown(name)}: it must be Kafka's name of an error or its number`,
    )
  const row = ERROR_CODES.find(([, known]) => known === name)
  if (row !== undefined) return row[0]
  const known = ERROR_CODES.map(([, other]) => other)
  throw new RangeError(`Kafka has no error called ${quoted(name)}${hintFor(name, known)}`)
}

/** @throws RangeError for a number that is not an error code */
function checkedCode(code: number): number {
  if (Number.isInteger(code) && code >= -0x8000 && code <= 0x7fff) return code
  throw new RangeError(`the error code is ${code}: it must be a whole number of 16 bits`)
}
