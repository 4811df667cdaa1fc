import type { KafkaError } from '../errors.js'
import type { Api, ApiIdentity } from '../protocol/api.js'

/** A response and the version it came in. */
export interface Answer<Response> {
  readonly response: Response
  readonly version: number
}

export interface RequestOptions {
  /** The highest version that may be used. */
  readonly atMost?: number
  /** Instead of the `request.timeout.ms` of the options. */
  readonly timeoutMs?: number
}

/**
 * One broker, connected or not. Reconnects after losing its connection as soon as someone asks for one and the backoff is over;
 * keeps no requests for later.
 */
export class BrokerNode {
  /** Negative for a bootstrap server. */
  readonly nodeId: number
  constructor(nodeId: number) {
    this.nodeId = nodeId
  }

  get host(): string {
    throw todo()
  }

  get port(): number {
    throw todo()
  }

  /** `host:port (node id)`, for messages. */
  get description(): string {
    throw todo()
  }

  /** Whether there is a connection that is set up. */
  get isReady(): boolean {
    throw todo()
  }

  /** Requests that wait for their answer on the current connection; raised synchronously by request and tell. */
  get inFlight(): number {
    throw todo()
  }

  /** Why the last attempt to connect failed or the last connection was lost; undefined once connected again. */
  get lastError(): KafkaError | undefined {
    throw todo()
  }

  /** Ready, not throttled, and with room for one more request in flight. */
  canSend(_now: number): boolean {
    throw todo()
  }

  /** Asks for a connection: at once, or when the backoff is over. Nothing happens if there is one or one is being made. */
  connect(): void {
    throw todo()
  }

  /**
   * The version a request would have on the current connection.
   *
   * @throws ProtocolError (code UNSUPPORTED_VERSION) if there is no common version, NetworkError if the node is not ready
   */
  version(_api: ApiIdentity, _atMost?: number): number {
    throw todo()
  }

  /**
   * Sends a request on the current connection. The message is encoded within this call, with the version that `version` gives for
   * the same `atMost` in the same turn, so no other connection's versions can slip in between.
   *
   * Rejects with `possiblyPersisted` false if no byte of it was given to the socket, true otherwise. When the promise settles, the
   * message's bytes are the caller's again: no socket will read them any more.
   */
  request<Request, Response>(
    _api: Api<Request, Response>,
    _message: Request,
    _options?: RequestOptions,
  ): Promise<Answer<Response>> {
    throw todo()
  }

  /** Sends a request that gets no answer (Produce with acks=0); resolves with its version when the socket has taken all bytes. */
  tell<Request>(_api: Api<Request, unknown>, _message: Request, _options?: RequestOptions): Promise<number> {
    throw todo()
  }
}

function todo(): Error {
  return new Error('not written yet')
}
