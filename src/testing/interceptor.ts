import { refuseUnknownFields } from './unknown-name.js'

/** A topic, or one of its partitions, that a request is about. */
export interface Part {
  readonly topic: string
  /** Null if the request is about the topic as a whole. */
  readonly partition: number | null
}

/** One request on its way through a broker. */
export interface Exchange {
  readonly nodeId: number
  readonly connectionId: number
  /** The API's name, such as `Produce`. */
  readonly api: string
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  /** The bytes of the whole frame, its size field included. */
  readonly size: number
  readonly parts: readonly Part[]
  /**
   * The throttle time in the response. The broker reads nothing from this connection for as long (KIP-219).
   */
  throttleTimeMs: number
  /** Calls `fn` once if the connection ends before the answer has been given. */
  onClosed(fn: () => void): void
}

/** The start of a request that has not arrived as a whole yet. */
export interface PartialFrame {
  readonly nodeId: number
  readonly apiKey: number
  readonly apiVersion: number
  /** The number of bytes that have arrived, the size field included. */
  readonly received: number
}

/** What happens to a request that was read and is not handled yet. */
export type BeforeHandling =
  | { readonly kind: 'close' }
  /**
   * The request is neither handled nor answered. As in Kafka, no request behind it on its connection is
   * handled either.
   */
  | { readonly kind: 'swallow' }
  | { readonly kind: 'delay'; readonly delayMs: number }

/** What happens to a response. The request has taken effect. */
export type BeforeAnswer =
  | { readonly kind: 'close' }
  | { readonly kind: 'swallow' }
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Only the first bytes of the frame go out, then the connection ends. */
  | { readonly kind: 'cut'; readonly atByte: number }

/**
 * Sees each request at several points and may change what happens to it. Every fault of the cluster is an
 * interceptor. All methods are optional. A method that returns `undefined` changes nothing. Interceptors are
 * asked in the order in which they were added.
 */
export interface Interceptor {
  partialFrame?(frame: PartialFrame): 'close' | undefined
  beforeHandling?(exchange: Exchange): BeforeHandling | undefined
  /** Returns an error code instead of handling this part. Null is the part of a request about no topic. */
  partError?(exchange: Exchange, part: Part | null): number | undefined
  /** Returns an error code for the response about a handled part. A batch is in the log by then. */
  handledPartError?(exchange: Exchange, part: Part | null): number | undefined
  /** Whether this Metadata response leaves the topic out. */
  hidesTopic?(exchange: Exchange, topic: string): boolean
  beforeAnswer?(exchange: Exchange): BeforeAnswer | undefined
  /**
   * Returns the operations that the principal may not perform on the topic, or on the cluster if `topic` is
   * null: a bit field as in KIP-430. They are missing in what Metadata and DescribeCluster say of the
   * principal's rights. `partError` refuses the requests themselves.
   */
  deniedOperations?(exchange: Exchange, topic: string | null): number | undefined
}

const METHODS = Object.keys({
  partialFrame: true,
  beforeHandling: true,
  partError: true,
  handledPartError: true,
  hidesTopic: true,
  beforeAnswer: true,
  deniedOperations: true,
} satisfies Record<keyof Interceptor, true>)

/**
 * The interceptors of a cluster as one. Delays add up. For everything else, the first interceptor with a
 * result decides.
 */
export class InterceptorList {
  readonly #interceptors = new Set<Interceptor>()

  /**
   * Adds an interceptor. Returns a function that removes it.
   *
   * @throws ConfigError for an unknown method of a plain object. Instances of a class may have more methods
   */
  add(interceptor: Interceptor): () => void {
    if (Object.getPrototypeOf(interceptor) === Object.prototype)
      refuseUnknownFields(interceptor, METHODS, 'method of an interceptor')
    this.#interceptors.add(interceptor)
    return () => {
      this.#interceptors.delete(interceptor)
    }
  }

  clear(): void {
    this.#interceptors.clear()
  }

  partialFrame(frame: PartialFrame): 'close' | undefined {
    for (const interceptor of this.#interceptors) {
      const verdict = interceptor.partialFrame?.(frame)
      if (verdict !== undefined) return verdict
    }
    return undefined
  }

  beforeHandling(exchange: Exchange): BeforeHandling | undefined {
    return this.#decide((interceptor) => interceptor.beforeHandling?.(exchange))
  }

  partError(exchange: Exchange, part: Part | null): number | undefined {
    for (const interceptor of this.#interceptors) {
      const errorCode = interceptor.partError?.(exchange, part)
      if (errorCode !== undefined) return errorCode
    }
    return undefined
  }

  handledPartError(exchange: Exchange, part: Part | null): number | undefined {
    for (const interceptor of this.#interceptors) {
      const errorCode = interceptor.handledPartError?.(exchange, part)
      if (errorCode !== undefined) return errorCode
    }
    return undefined
  }

  hides(exchange: Exchange, topic: string): boolean {
    return [...this.#interceptors].some((interceptor) => interceptor.hidesTopic?.(exchange, topic) === true)
  }

  /** The operations that any of the interceptors denies. */
  deniedOperations(exchange: Exchange, topic: string | null): number {
    let denied = 0
    for (const interceptor of this.#interceptors)
      denied |= interceptor.deniedOperations?.(exchange, topic) ?? 0
    return denied
  }

  beforeAnswer(exchange: Exchange): BeforeAnswer | undefined {
    return this.#decide((interceptor) => interceptor.beforeAnswer?.(exchange))
  }

  #decide<Verdict extends BeforeHandling | BeforeAnswer>(
    ask: (interceptor: Interceptor) => Verdict | undefined,
  ): Verdict | { kind: 'delay'; delayMs: number } | undefined {
    let delayMs = 0
    let delayed = false
    for (const interceptor of this.#interceptors) {
      const verdict = ask(interceptor)
      if (verdict === undefined) continue
      if (verdict.kind !== 'delay') return verdict
      delayed = true
      delayMs += verdict.delayMs
    }
    return delayed ? { kind: 'delay', delayMs } : undefined
  }
}
