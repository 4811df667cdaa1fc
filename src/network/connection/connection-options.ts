import type { Clock } from '../../environment/clock.js'
import type { OpenSocket, SocketAddress } from '../../environment/socket.js'
import type { KafkaError } from '../../errors.js'
import type { Stalls } from '../stalls.js'

export interface ConnectionOptions {
  readonly clock: Clock
  readonly stalls: Stalls
  readonly openSocket: OpenSocket
  readonly address: SocketAddress
  /** The broker's name in errors. */
  readonly broker: string
  readonly clientId: string
  readonly requestTimeoutMs: number
  /** Milliseconds without traffic after which an idle connection is closed; negative for never. */
  readonly maxIdleMs: number
  readonly maxResponseBytes: number
}

export interface ConnectionListener {
  /** Comes once, before `closed`. The error with what the owner of the connection knows of the reason. */
  explained?(error: KafkaError): KafkaError
  /**
   * Comes once, before the requests in flight reject. `error` is null if the connection was idle for too
   * long.
   */
  closed(error: KafkaError | null): void
  /** A request that counted as in flight has its response. */
  slotFree(): void
  /** The last request on its way has its response, whether it counted as in flight or not. */
  quiet(): void
}

export interface ConnectionRequestOptions {
  readonly timeoutMs?: number
  /** Whether the request does not count as in flight. */
  readonly background?: boolean
}
