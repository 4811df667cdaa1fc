import { ERROR_CODES } from '../protocol/error-code-table.js'
import { type Fault, FaultTrigger, type RequestMatch } from './fault.js'
import type { Interceptor, InterceptorList } from './interceptor.js'

/** The faults of a cluster that strike single requests, each an interceptor. */
export class RequestFaults {
  readonly #interceptors: InterceptorList
  readonly #apiName: (apiKey: number) => string | undefined

  constructor(interceptors: InterceptorList, apiName: (apiKey: number) => string | undefined) {
    this.#interceptors = interceptors
    this.#apiName = apiName
  }

  fail(match: RequestMatch, error: string | number, afterHandling: boolean): Fault {
    const errorCode = typeof error === 'number' ? error : codeOf(error)
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
    return this.#add(match, (trigger) => ({
      beforeHandling: (exchange) => (trigger.strikes(exchange) ? { kind: 'delay', delayMs } : undefined),
    }))
  }

  delayAnswers(match: RequestMatch, delayMs: number): Fault {
    return this.#add(match, (trigger) => ({
      beforeAnswer: (exchange) => (trigger.strikes(exchange) ? { kind: 'delay', delayMs } : undefined),
    }))
  }

  dropAnswers(match: RequestMatch): Fault {
    return this.#add(match, (trigger) => ({
      beforeAnswer: (exchange) => (trigger.strikes(exchange) ? { kind: 'close' } : undefined),
    }))
  }

  ignore(match: RequestMatch, handle: boolean): Fault {
    return this.#add(match, (trigger) =>
      handle
        ? { beforeAnswer: (exchange) => (trigger.strikes(exchange) ? { kind: 'swallow' } : undefined) }
        : { beforeHandling: (exchange) => (trigger.strikes(exchange) ? { kind: 'swallow' } : undefined) },
    )
  }

  cutAnswers(match: RequestMatch, atByte: number): Fault {
    return this.#add(match, (trigger) => ({
      beforeAnswer: (exchange) => (trigger.strikes(exchange) ? { kind: 'cut', atByte } : undefined),
    }))
  }

  cutRequests(match: RequestMatch, atByte: number): Fault {
    return this.#add(match, (trigger) => ({
      partialFrame: (frame) =>
        frame.received >= atByte && trigger.strikesPartial(frame, this.#apiName) ? 'close' : undefined,
      beforeHandling: (exchange) =>
        atByte < exchange.size && trigger.strikes(exchange) ? { kind: 'close' } : undefined,
      // Cut behind its last byte, a request is there as a whole: a broker handles it and finds nobody to answer.
      beforeAnswer: (exchange) =>
        atByte >= exchange.size && trigger.strikes(exchange) ? { kind: 'close' } : undefined,
    }))
  }

  throttle(match: RequestMatch, throttleTimeMs: number): Fault {
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
    const trigger = new FaultTrigger(match)
    const remove = this.#interceptors.add(make(trigger))
    return {
      get hits() {
        return trigger.hits
      },
      remove,
    }
  }
}

/** @throws RangeError for a name that Kafka does not have */
function codeOf(name: string): number {
  const row = ERROR_CODES.find(([, known]) => known === name)
  if (row === undefined) throw new RangeError(`Kafka has no error called ${JSON.stringify(name)}`)
  return row[0]
}
