import type { Clock } from '../environment/clock.js'
import type { Environment } from '../environment/environment.js'
import { KafkaError, NetworkError, TimeoutError } from '../errors.js'
import { exponentialBackoff } from '../network/backoff.js'
import type { BrokerNode } from '../network/broker-node.js'
import { Cluster } from '../network/cluster.js'
import type { NetworkOptions } from '../network/network-options.js'
import type { Api } from '../protocol/api.js'
import { NodeWaiters } from './node-waiters.js'

/** Which broker a request is for: whichever has the least to do, the controller, or the one with this id. */
export type Target = 'any' | 'controller' | (() => Promise<number>)

/** What an attempt knows of itself. */
export interface Attempt {
  readonly broker: string
  /** Counted from 1. */
  readonly attempts: number
  /** An earlier attempt may have reached the controller and was not answered: what it asked for may be done. */
  readonly mayBeDone: boolean
}

export interface Call<Request, Response, Result> {
  readonly api: Api<Request, Response>
  readonly target: Target
  /** On the environment's clock.now(). */
  readonly deadlineMs: number
  /** The highest version that may be used. */
  readonly atMost?: number
  /** The request, made anew for every attempt. */
  message(remainingMs: number): Request
  /** The result; a retriable error that it throws leads to another attempt. */
  read(response: Response, attempt: Attempt): Result
}

/** Sends requests to the brokers they are for, and again after a pause when an error may pass, until a deadline. */
export class BrokerRequests {
  readonly cluster: Cluster
  readonly clock: Clock
  readonly #options: NetworkOptions
  readonly #random: () => number
  readonly #waiters: NodeWaiters
  readonly #pauses = new Set<() => void>()
  #isClosed = false

  constructor(options: NetworkOptions, environment: Environment) {
    this.#options = options
    this.#random = environment.random
    this.clock = environment.clock
    this.#waiters = new NodeWaiters(environment.clock)
    this.cluster = new Cluster(options, environment, {
      metadataUpdated: () => {},
      nodeReady: (node) => this.#waiters.ready(node),
      nodeDisconnected: (node, error) => this.#waiters.disconnected(node, error),
      nodeAvailable: () => {},
      nodeThrottled: () => {},
      isTopicInUse: () => false,
      topicExpired: () => {},
      clusterReplaced: () => {},
    })
  }

  async call<Request, Response, Result>(call: Call<Request, Response, Result>): Promise<Result> {
    const { clock } = this
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
        this.#checkOpen()
        if (!(error instanceof KafkaError) || !error.retriable) throw error
        failure = error
      }
      // What a broker has refused is not done; what was cut off may be. Other brokers are only asked to tell something.
      if (call.target === 'controller' && failure.possiblyPersisted) mayBeDone = true
      this.cluster.requestUpdate()
      const { retryBackoffMs, retryBackoffMaxMs } = this.#options
      const pauseMs = exponentialBackoff(retryBackoffMs, retryBackoffMaxMs, attempts, this.#random)
      if (clock.now() + pauseMs >= call.deadlineMs) throw gaveUp(call.api.name, attempts, mayBeDone, failure)
      await this.#pause(pauseMs)
    }
  }

  /** Ends everything; calls under way reject. Idempotent. */
  close(): void {
    this.#isClosed = true
    this.#waiters.close(closed())
    for (const end of [...this.#pauses]) end()
    this.cluster.close()
  }

  /** @throws KafkaError (code ADMIN_CLOSED) after `close` */
  checkOpen(): void {
    this.#checkOpen()
  }

  #checkOpen(): void {
    if (this.#isClosed) throw closed()
  }

  #requestTimeoutMs(deadlineMs: number): number {
    return Math.max(1, Math.min(Math.round(deadlineMs - this.clock.now()), this.#options.requestTimeoutMs))
  }

  async #node(target: Target, deadlineMs: number): Promise<BrokerNode> {
    this.#checkOpen()
    const least = await this.cluster.ready(deadlineMs)
    this.#checkOpen()
    if (target === 'any') return least
    if (target === 'controller') {
      // Without a known controller any broker will do: since KRaft they pass such requests on, and before it they say who it is.
      const controller = this.cluster.controller() ?? least
      await this.#waiters.untilReady(controller, deadlineMs)
      return controller
    }
    const nodeId = await target()
    const node = this.cluster.node(nodeId)
    if (node === undefined) throw new NetworkError(`no broker with the node id ${nodeId} is known`)
    await this.#waiters.untilReady(node, deadlineMs)
    return node
  }

  #pause(pauseMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        timer.cancel()
        this.#pauses.delete(end)
        if (this.#isClosed) reject(closed())
        else resolve()
      }
      const timer = this.clock.setTimer(pauseMs, end)
      this.#pauses.add(end)
    })
  }
}

function closed(): KafkaError {
  return new KafkaError('the admin is closed', { code: 'ADMIN_CLOSED' })
}

function gaveUp(api: string, attempts: number, mayBeDone: boolean, last: KafkaError): KafkaError {
  const tries = attempts === 1 ? 'one attempt' : `${attempts} attempts`
  const done = mayBeDone ? '; what was asked for may be done nevertheless' : ''
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
