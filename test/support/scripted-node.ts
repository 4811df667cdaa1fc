import { type KafkaError, NetworkError } from '../../src/errors.js'
import type { Answer, Broker, RequestOptions } from '../../src/network/broker/broker.js'
import type { Api, ApiIdentity } from '../../src/protocol/api.js'
import type { ProduceRequest } from '../../src/protocol/produce.js'
import type { ScriptedCluster } from './scripted-cluster.js'
import { ScriptedProduce } from './scripted-produce.js'

/** A broker of a ScriptedCluster, whose responses come from the test. */
export class ScriptedNode implements Broker {
  readonly nodeId: number
  readonly host = 'broker'
  readonly port: number
  isReady = true
  readonly isGivenUp = false
  isThrottled = false
  /** The number of calls of `connect`. */
  connects = 0
  inFlight = 0
  /** The reason why there is no connection. */
  lastError: KafkaError | undefined
  readonly lastAttemptMs = 0
  /** No attempt to connect is ever under way. */
  readonly progress: undefined
  readonly #cluster: ScriptedCluster

  constructor(nodeId: number, cluster: ScriptedCluster) {
    this.nodeId = nodeId
    this.port = 9092 + nodeId
    this.#cluster = cluster
  }

  get description(): string {
    return `broker:${this.port} (node ${this.nodeId})`
  }

  canSend(): boolean {
    const limit = this.#cluster.options.maxInFlightRequestsPerConnection
    return this.isReady && !this.isThrottled && this.inFlight < limit
  }

  pauseMs(): number {
    return this.isThrottled ? 1_000 : 0
  }

  connect(): void {
    this.connects++
  }

  async request<Request, Response>(
    api: Api<Request, Response>,
    message: Request,
    options: RequestOptions = {},
  ): Promise<Answer<Response>> {
    // The response of a test does not have the API's type.
    return (await this.#answer(api, message, options)) as Answer<Response>
  }

  tell(_api: ApiIdentity, message: unknown, options: RequestOptions = {}): Promise<number> {
    if (!this.isReady) return Promise.reject(new NetworkError(`${this.description} is not connected`))
    return new Promise((resolve, reject) => {
      this.#hold(message as ProduceRequest, options, () => resolve(9), reject)
    })
  }

  /**
   * Ends the connection. The cluster learns of it first, then every request in flight is rejected, oldest
   * first.
   */
  disconnect(
    error: KafkaError = new NetworkError('the connection was lost', { possiblyPersisted: true }),
  ): void {
    this.isReady = false
    this.lastError = error
    this.#cluster.listener.nodeDisconnected(this, error)
    for (const request of this.#cluster.requests.filter(({ node }) => node === this)) request.fail(error)
  }

  reconnect(): void {
    this.isReady = true
    this.lastError = undefined
    this.#cluster.listener.nodeReady(this)
  }

  /** Starts or ends a throttle time of the broker. */
  throttle(isThrottled: boolean): void {
    this.isThrottled = isThrottled
    if (!isThrottled) this.#cluster.listener.nodeAvailable(this)
  }

  #answer(api: ApiIdentity, message: unknown, options: RequestOptions): Promise<Answer<unknown>> {
    if (!this.isReady) return Promise.reject(new NetworkError(`${this.description} is not connected`))
    if (api.name === 'InitProducerId') return this.#cluster.giveProducerId()
    return new Promise((resolve, reject) => {
      this.#hold(message as ProduceRequest, options, (response) => resolve({ response, version: 9 }), reject)
    })
  }

  #hold(
    message: ProduceRequest,
    options: RequestOptions,
    resolve: (response: unknown) => void,
    reject: (error: KafkaError) => void,
  ): void {
    this.inFlight++
    const { requests, sent, listener } = this.#cluster
    const settled = (): void => {
      this.inFlight--
      requests.splice(requests.indexOf(request), 1)
      if (this.isReady) listener.nodeAvailable(this)
    }
    const request = new ScriptedProduce(this, message, options, { resolve, reject, settled })
    requests.push(request)
    sent.push(request)
  }
}
