import type { Timer } from '../../environment/clock.js'
import type { KafkaError } from '../../errors.js'
import type { BrokerVersions } from '../connect/broker-versions.js'
import type { ConnectAttempt } from '../connect/connect-attempt.js'
import type { Connection } from '../connection/connection.js'
import type { Session } from './session.js'

/** A connection whose set-up is done. */
export interface SetUpConnection {
  readonly connection: Connection
  readonly versions: BrokerVersions
  /** Null if the broker has not limited the session of the login, and without a login. */
  readonly session: Session | null
}

/** The state of a broker node. */
export type NodeState =
  | { readonly kind: 'disconnected' }
  | { readonly kind: 'connecting'; readonly attempt: ConnectAttempt }
  | ({ readonly kind: 'ready' } & SetUpConnection)
  /** The session of the login is being renewed. Nothing else may be sent (KIP-368). */
  | ({ readonly kind: 'renewing' } & SetUpConnection)
  /** The connection was idle when its session was to be renewed. The next use renews it. */
  | ({ readonly kind: 'lapsed' } & SetUpConnection)
  /**
   * Waits for the responses in flight and takes no more requests. `wanted`: another connection was asked for.
   */
  | { readonly kind: 'retiring'; readonly connection: Connection; readonly wanted: boolean }
  /** `wanted`: a connection was asked for meanwhile. */
  | { readonly kind: 'backing off'; readonly timer: Timer; readonly wanted: boolean }
  | { readonly kind: 'closed' }

/** The connection of a state whose set-up is done; null if there is none. */
export function connectionOf(state: NodeState): Connection | null {
  return 'connection' in state ? state.connection : null
}

export function sessionOf(state: NodeState): Session | null {
  return 'session' in state ? state.session : null
}

/**
 * The connection that takes requests now; null if there is none. A connection whose session has ended waits
 * for its renewal: the broker would close it.
 */
export function usableOf(state: NodeState, now: number): SetUpConnection | null {
  return state.kind === 'ready' && state.session?.hasEnded(now) !== true ? state : null
}

/** Whether a caller may use the connection of a state that ends with `error`, or may wait for one. */
export function isMissed(state: NodeState, error: KafkaError | null): boolean {
  if (state.kind === 'disconnected' || state.kind === 'closed') return false
  // The attempt behind the backoff never comes.
  return state.kind !== 'backing off' || (error !== null && state.wanted)
}

/** Ends the connection of a state, or the attempt to connect. */
export function release(state: NodeState, reason: KafkaError): void {
  if (state.kind === 'connecting') state.attempt.cancel(reason)
  else connectionOf(state)?.close(reason)
}
