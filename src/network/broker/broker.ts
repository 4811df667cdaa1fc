import type { KafkaError } from '../../errors.js'
import type { Api, VersionLimits } from '../../protocol/api.js'

/** A response, and the version in which it came. */
export interface Answer<Response> {
  readonly response: Response
  readonly version: number
}

export interface RequestOptions extends VersionLimits {
  /** Milliseconds; replaces `request.timeout.ms` of the options. */
  readonly timeoutMs?: number
  /** Whether the request takes no place in flight. */
  readonly background?: boolean
}

/** A broker's ids and its address. */
export interface BrokerIdentity {
  /** Negative for a bootstrap server. */
  readonly nodeId: number
  readonly host: string
  readonly port: number
  /** Whether the address comes from a broker rather than from the user. */
  readonly advertised: boolean
  /** The id of the broker's cluster. Null for a bootstrap server, and if metadata has no cluster id. */
  readonly clusterId: string | null
}

/** One broker, connected or not, as its callers see it. */
export interface Broker {
  /** Negative for a bootstrap server. */
  readonly nodeId: number
  readonly host: string
  readonly port: number
  /** `host:port (node id)`, for messages. */
  readonly description: string
  /** Whether there is a connection whose set-up is done. */
  readonly isReady: boolean
  /** Whether the broker has left the cluster. It is never connected to again. */
  readonly isGivenUp: boolean
  /**
   * Requests on the current connection that wait for their response. `request` and `tell` raise it before
   * they return.
   */
  readonly inFlight: number
  /**
   * Why the last attempt to connect failed or the last connection was lost; undefined once connected again.
   */
  readonly lastError: KafkaError | undefined
  /** When the last attempt to connect began, on clock.now(). */
  readonly lastAttemptMs: number
  /** The state of the attempt to connect, for messages; undefined if none is under way. */
  readonly progress: string | undefined

  /** The pause that the broker has asked for, in milliseconds; 0 if there is none. */
  pauseMs(now: number): number
  /** Whether the broker is ready and not throttled, and has room for one more request in flight. */
  canSend(now: number): boolean
  /**
   * Asks for a connection, which begins at once or after the backoff. Does nothing if there is a connection
   * already.
   */
  connect(): void

  /**
   * Sends a request on the current connection, in the highest version that both sides know. The message is
   * encoded within this call, so it is in a version that this connection's broker knows.
   *
   * Rejects with `possiblyPersisted` false if the socket was given no byte of it, true otherwise. When the
   * promise has settled, no socket reads the message's bytes any more.
   */
  request<Request, Response>(
    api: Api<Request, Response>,
    message: Request,
    options?: RequestOptions,
  ): Promise<Answer<Response>>

  /**
   * Sends a request that gets no response (Produce with acks=0). Resolves with its version when the socket
   * has taken all bytes.
   */
  tell<Request>(api: Api<Request, unknown>, message: Request, options?: RequestOptions): Promise<number>
}

/** Hears the events of a broker's node. Every call is synchronous. */
export interface BrokerListener {
  nodeReady(node: Broker): void
  /** Comes before the requests in flight reject. `error` is null if the end is no failure. */
  nodeDisconnected(node: Broker, error: KafkaError | null): void
  nodeAvailable(node: Broker): void
  nodeThrottled(node: Broker, throttleMs: number): void
  /** The backoff has ended, and no connection was asked for meanwhile. */
  nodeBackoffEnded(node: Broker): void
}
