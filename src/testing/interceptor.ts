/** A topic or one of its partitions that a request is about. */
export interface Part {
  readonly topic: string
  /** Null where the request is about the topic as a whole. */
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
  /** Bytes of the whole frame, its size field included. */
  readonly size: number
  readonly parts: readonly Part[]
  /** What the answer will say, and for how long the broker then reads nothing from this connection (KIP-219). */
  throttleTimeMs: number
  /** Calls `fn` once if the connection ends before the answer has been given. */
  onClosed(fn: () => void): void
}

/** The start of a request that has not arrived as a whole. */
export interface PartialFrame {
  readonly nodeId: number
  readonly apiKey: number
  readonly apiVersion: number
  /** Bytes that have arrived, the size field included. */
  readonly received: number
}

/** What becomes of a request that has been read and not been handled. */
export type BeforeHandling =
  | { readonly kind: 'close' }
  /** Neither handled nor answered; as in Kafka, nothing behind it on its connection is handled either. */
  | { readonly kind: 'swallow' }
  | { readonly kind: 'delay'; readonly delayMs: number }

/** What becomes of an answer; the request has had its effect. */
export type BeforeAnswer =
  | { readonly kind: 'close' }
  | { readonly kind: 'swallow' }
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Only the first bytes of the frame go out, then the connection ends. */
  | { readonly kind: 'cut'; readonly atByte: number }

/**
 * Looks at each request at defined points and may change what happens: every fault of the cluster is one of these. All methods are
 * optional; `undefined` leaves things as they are. Interceptors are asked in the order they were added.
 */
export interface Interceptor {
  partialFrame?(frame: PartialFrame): 'close' | undefined
  beforeHandling?(exchange: Exchange): BeforeHandling | undefined
  /** An error code for this part instead of handling it; null stands for a request that is about no topic. */
  partError?(exchange: Exchange, part: Part | null): number | undefined
  /** An error code to answer for a part that has been handled: a batch is in the log by now. */
  handledPartError?(exchange: Exchange, part: Part | null): number | undefined
  /** Whether this answer to a Metadata request is to say nothing of the topic. */
  hidesTopic?(exchange: Exchange, topic: string): boolean
  beforeAnswer?(exchange: Exchange): BeforeAnswer | undefined
}

/** The interceptors of a cluster, asked as one. Delays add up; of the rest the first one that speaks decides. */
export class InterceptorList {
  readonly #interceptors = new Set<Interceptor>()

  /** Returns the way to take it out again. */
  add(interceptor: Interceptor): () => void {
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
