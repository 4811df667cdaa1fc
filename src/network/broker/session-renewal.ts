import { AuthenticationError, KafkaError, NetworkError } from '../../errors.js'
import { authenticate, type LoginRoute, shakeHands } from '../connect/sasl-exchange.js'
import { startLogin } from '../connect/sasl-login.js'
import type { Connection } from '../connection/connection.js'
import type { NetworkContext } from '../network-options.js'
import type { SaslConversation, SaslMechanism } from '../sasl/mechanism.js'
import type { Broker } from './broker.js'
import { type NodeState, type SetUpConnection, sessionOf } from './node-state.js'
import { Session } from './session.js'

/** The node whose sessions are renewed. */
export interface SessionOwner {
  readonly node: Pick<Broker, 'host' | 'port' | 'description'>
  state(): NodeState
  enter(next: NodeState): void
}

/**
 * Renews the sessions of a node's connections (KIP-368): in time for the broker, and ahead of every request
 * that waits.
 */
export class SessionRenewal {
  readonly #context: NetworkContext
  readonly #owner: SessionOwner

  constructor(context: NetworkContext, owner: SessionOwner) {
    this.#context = context
    this.#owner = owner
  }

  /** Begins the session of a login. Null if it has no end. */
  begin(connection: Connection, lifetimeMs: bigint): Session | null {
    const { clock, random } = this.#context.environment
    return Session.begin({ clock, random, connection, lifetimeMs, due: (session) => this.#due(session) })
  }

  /**
   * Renews the session. A connection in use stays so until the credentials have come. Those who ask for a
   * lapsed one wait. A connection whose session cannot be renewed is closed, and a new one shows whether the
   * credentials are good.
   */
  async renew({ connection, versions, session }: SetUpConnection): Promise<void> {
    const { sasl } = this.#context
    if (sasl === null || session === null) return
    const route = { connection, versions, broker: this.#owner.node.description }
    const isCurrent = (): boolean => sessionOf(this.#owner.state()) === session
    const enter = (kind: 'ready' | 'renewing', next: Session | null): void => {
      if (this.#owner.state().kind !== kind) this.#owner.enter({ kind, connection, versions, session: next })
    }
    if (this.#owner.state().kind === 'lapsed') enter('renewing', session)
    try {
      const conversation = await this.#start(sasl, session)
      if (!isCurrent()) return
      if (conversation === null) {
        session.retry()
        enter('ready', session)
        return
      }
      enter('renewing', session)
      const lifetimeMs = await this.#inTime(route, logInAgain(route, sasl.name, conversation))
      if (!isCurrent()) return
      const isKept = lifetimeMs === 'too early'
      // Nothing may be sent after the end, and nobody knows when the broker would renew the session.
      if (isKept && session.hasEnded(this.#context.environment.clock.now())) throw endedEarly(route.broker)
      if (isKept) session.retry()
      enter('ready', isKept ? session : this.begin(connection, lifetimeMs))
    } catch (error) {
      if (isCurrent()) connection.close(notRenewed(route.broker, error))
    }
  }

  /** The mechanism may be one of the user's, which never answers, or never ends. */
  #inTime<Result>({ broker }: LoginRoute, login: Promise<Result>): Promise<Result> {
    const { options, stalls } = this.#context
    const timeoutMs = options.socketConnectionSetupTimeoutMs
    let deadline: { cancel(): void } | null = null
    const tooLate = new Promise<never>((_, reject) => {
      const giveUp = (): void =>
        reject(new NetworkError(`the login was not done within ${Math.round(timeoutMs)} ms`, { broker }))
      deadline = stalls.setDeadline(timeoutMs, giveUp)
    })
    return Promise.race([login, tooLate]).finally(() => deadline?.cancel())
  }

  #due(session: Session): void {
    const state = this.#owner.state()
    if (state.kind !== 'ready' || state.session !== session) return
    if (session.isIdle) this.#owner.enter({ ...state, kind: 'lapsed' })
    else void this.renew(state)
  }

  /** Null if there are no credentials now, and time for another try. */
  async #start(mechanism: SaslMechanism, session: Session): Promise<SaslConversation | null> {
    const { options, stalls } = this.#context
    const { host, port, description: broker } = this.#owner.node
    const { clientId, saslKerberosServiceName: serviceName } = options
    const context = { host, port, clientId, isRenewal: true, serviceName }
    const timeoutMs = options.socketConnectionSetupTimeoutMs
    try {
      return await startLogin({ mechanism, context, stalls, timeoutMs, broker, signal: session.signal })
    } catch (error) {
      if (session.hasTime) return null
      throw error
    }
  }
}

/**
 * Logs in again on a connection in use. Requests that were sent before are answered before the handshake is.
 * Nothing else may be sent until this settles.
 *
 * Returns the lifetime of the new session, or 'too early' if the broker keeps the old one.
 */
async function logInAgain(
  route: LoginRoute,
  mechanism: string,
  conversation: SaslConversation,
): Promise<bigint | 'too early'> {
  try {
    await shakeHands(route, mechanism)
  } catch (error) {
    if (error instanceof KafkaError && error.code === 'ILLEGAL_SASL_STATE') return 'too early'
    throw error
  }
  return authenticate(route, mechanism, conversation)
}

function endedEarly(broker: string): NetworkError {
  return new NetworkError('it has ended, and the broker renews it later (ILLEGAL_SASL_STATE)', { broker })
}

/** Retriable, whatever the broker said: the credentials may be good for a new connection. */
function notRenewed(broker: string, cause: unknown): KafkaError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const message = `the session at broker ${broker} could not be renewed: ${reason}`
  if (!(cause instanceof AuthenticationError)) return new NetworkError(message, { broker, cause })
  return new AuthenticationError(message, { code: cause.code, retriable: true, fatal: false, broker, cause })
}
