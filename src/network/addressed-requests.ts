import type { Clock } from '../environment/clock.js'
import type { Environment } from '../environment/environment.js'
import { KafkaError, NetworkError, ProtocolError, TimeoutError } from '../errors.js'
import type { Api } from '../protocol/api.js'
import { exponentialBackoff } from './backoff.js'
import type { Broker } from './broker/broker.js'
import type { Cluster } from './cluster.js'
import type { NetworkOptions } from './network-options.js'

/**
 * The broker that a request is for: the least loaded one, the controller, or the one with the id that the
 * function finds.
 */
export type Target = 'any' | 'controller' | (() => Promise<number>)

/** Facts about one attempt. */
export interface Attempt {
  readonly broker: string
  /** The number of this attempt, counted from 1. */
  readonly attempts: number
  /**
   * Whether an earlier attempt may have reached the controller although no response came. The operation may
   * be done then.
   */
  readonly mayBeDone: boolean
}

export interface Call<Request, Response, Result> {
  readonly api: Api<Request, Response>
  readonly target: Target
  /** On the environment's clock.now(). */
  readonly deadlineMs: number
  /** The highest version that the request can be sent in. */
  readonly atMost?: number
  /** Makes the request, anew for every attempt. */
  message(remainingMs: number): Request
  /** Makes the result of a response. If it throws a retriable error, another attempt follows. */
  read(response: Response, attempt: Attempt): Result
}

/** Options of the requests. Names and meanings are those of Kafka's configuration keys. */
export type AddressedRequestsOptions = Pick<
  NetworkOptions,
  'requestTimeoutMs' | 'retryBackoffMs' | 'retryBackoffMaxMs'
>

/** The part of the cluster that requests need. */
export type AddressedCluster = Pick<
  Cluster,
  'ready' | 'brokerReady' | 'controller' | 'node' | 'requestUpdate' | 'stalls'
>

/**
 * Sends each request to its broker. After a retriable error it pauses and sends the request again, until the
 * deadline.
 */
export class AddressedRequests {
  readonly #cluster: AddressedCluster
  readonly #options: AddressedRequestsOptions
  readonly #clock: Clock
  readonly #random: () => number
  readonly #pauses = new Set<() => void>()
  #closedBy: KafkaError | null = null

  constructor(
    cluster: AddressedCluster,
    options: AddressedRequestsOptions,
    { clock, random }: Pick<Environment, 'clock' | 'random'>,
  ) {
    this.#cluster = cluster
    this.#options = options
    this.#clock = clock
    this.#random = random
  }

  async call<Request, Response, Result>(call: Call<Request, Response, Result>): Promise<Result> {
    let mayBeDone = false
    for (let attempts = 1; ; attempts++) {
      let failure: KafkaError
      try {
        const node = await this.#node(call.target, call.deadlineMs)
        const timeoutMs = this.#requestTimeoutMs(call.deadlineMs)
        const { response } = await node.request(call.api, call.message(timeoutMs), {
          timeoutMs,
          ...(call.atMost !== undefined && { atMost: call.atMost }),
        })
        return call.read(response, { broker: node.description, attempts, mayBeDone })
      } catch (error) {
        this.checkOpen()
        if (!(error instanceof KafkaError)) throw error
        if (isTooLarge(error.cause)) throw tooLarge(call.api.name, attempts, error.cause)
        if (!error.retriable) throw error
        failure = error
      }
      // A refused request is not done; an unanswered one may be. Requests to other brokers only read, so
      // there it does not matter.
      if (call.target === 'controller' && failure.possiblyPersisted) mayBeDone = true
      this.#cluster.requestUpdate()
      const { retryBackoffMs, retryBackoffMaxMs } = this.#options
      const pauseMs = exponentialBackoff(retryBackoffMs, retryBackoffMaxMs, attempts, this.#random)
      if (this.#clock.now() + pauseMs >= call.deadlineMs)
        throw gaveUp(call.api.name, attempts, mayBeDone, failure)
      await this.#pause(pauseMs)
    }
  }

  /**
   * Rejects calls under way, and later ones, with `reason`. The cluster's owner closes the cluster.
   * Idempotent.
   */
  close(reason: KafkaError): void {
    this.#closedBy ??= reason
    for (const end of [...this.#pauses]) end()
  }

  /**
   * Throws if `close` was called.
   *
   * @throws KafkaError the reason given to `close`
   */
  checkOpen(): void {
    if (this.#closedBy !== null) throw this.#closedBy
  }

  #requestTimeoutMs(deadlineMs: number): number {
    return Math.max(1, Math.min(Math.round(deadlineMs - this.#clock.now()), this.#options.requestTimeoutMs))
  }

  async #node(target: Target, deadlineMs: number): Promise<Broker> {
    this.checkOpen()
    const least = await this.#cluster.ready(deadlineMs)
    this.checkOpen()
    if (target === 'any') return least
    if (target === 'controller') {
      // Without a known controller any broker will do. Brokers of KRaft forward such requests, and older ones
      // name the controller.
      const controller = this.#cluster.controller() ?? least
      return await this.#cluster.brokerReady(controller, deadlineMs)
    }
    const nodeId = await target()
    const node = this.#cluster.node(nodeId)
    if (node === undefined) throw new NetworkError(`no broker with the node id ${nodeId} is known`)
    return await this.#cluster.brokerReady(node, deadlineMs)
  }

  #pause(pauseMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        timer.cancel()
        this.#pauses.delete(end)
        if (this.#closedBy === null) resolve()
        else reject(this.#closedBy)
      }
      const timer = this.#cluster.stalls.setDeadline(pauseMs, end)
      this.#pauses.add(end)
    })
  }
}

/** A response that is too large will be as large the next time, so another attempt is of no use. */
function isTooLarge(cause: unknown): cause is ProtocolError {
  return cause instanceof ProtocolError && cause.code === 'RESPONSE_TOO_LARGE'
}

function tooLarge(api: string, attempts: number, cause: ProtocolError): ProtocolError {
  const { code, broker } = cause
  return new ProtocolError(`${api} did not succeed: ${cause.message}`, { code, broker, attempts, cause })
}

function gaveUp(api: string, attempts: number, mayBeDone: boolean, last: KafkaError): KafkaError {
  const tries = attempts === 1 ? 'one attempt' : `${attempts} attempts`
  const done = mayBeDone ? '; the request may have been carried out nevertheless' : ''
  return new TimeoutError(
    `${api} did not succeed in time, after ${tries}: ${last.message}${done}`,
    'request',
    {
      attempts,
      possiblyPersisted: mayBeDone,
      cause: last,
      ...(last.broker !== undefined && { broker: last.broker }),
    },
  )
}
