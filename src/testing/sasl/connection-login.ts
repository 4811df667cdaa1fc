import type { Clock } from '../../environment/clock.js'
import { ApiVersions } from '../../protocol/api-versions.js'
import { ErrorCode } from '../../protocol/error-codes.js'
import { SaslAuthenticate, type SaslAuthenticateResponse } from '../../protocol/sasl-authenticate.js'
import { SaslHandshake, type SaslHandshakeResponse } from '../../protocol/sasl-handshake.js'
import type { SaslMechanismName } from './sasl-options.js'
import type { SaslServer } from './sasl-server.js'
import type { ServerLogin, ServerStep } from './server-login.js'
import { serverLogin } from './server-mechanisms.js'

/** The least time between two renewals of a session. A client that is earlier is told ILLEGAL_SASL_STATE. */
const MIN_RENEWAL_MS = 1_000

interface Session {
  readonly username: string
  readonly mechanism: SaslMechanismName
  /** On clock.now(); infinity if it has no end. */
  readonly endsAtMs: number
}

type State =
  /** Nobody has to log in. */
  | { readonly kind: 'open' }
  | { readonly kind: 'new'; readonly hasVersions: boolean }
  /** `session` is the one that is being renewed; null at the first login. */
  | {
      readonly kind: 'logging in'
      readonly mechanism: SaslMechanismName
      readonly login: ServerLogin
      readonly session: Session | null
    }
  | { readonly kind: 'logged in'; readonly session: Session }
  /** The last answer was a refusal. The connection ends behind it. */
  | { readonly kind: 'refused' }

/** The login of one connection of a broker, in the order that Kafka demands. */
export class ConnectionLogin {
  readonly #server: SaslServer | null
  readonly #clock: Clock
  #state: State
  #renewedAtMs = Number.NEGATIVE_INFINITY

  constructor(server: SaslServer | null, clock: Clock) {
    this.#server = server
    this.#clock = clock
    this.#state = server === null ? { kind: 'open' } : { kind: 'new', hasVersions: false }
  }

  /** Whether the connection has to end after the answer. */
  get isRefused(): boolean {
    return this.#state.kind === 'refused'
  }

  /** The reason for which a request ends the connection without an answer; null if it is handled. */
  objection(apiKey: number): string | null {
    const state = this.#state
    switch (state.kind) {
      case 'open':
        return null
      case 'new':
        if (apiKey === SaslHandshake.key) return null
        if (apiKey !== ApiVersions.key) return 'a request before the login'
        return state.hasVersions ? 'a second ApiVersions request before the login' : null
      case 'logging in':
        return apiKey === SaslAuthenticate.key ? null : 'another request in the midst of a login'
      case 'logged in':
        if (apiKey === SaslHandshake.key || this.#clock.now() < state.session.endsAtMs) return null
        return 'a request after the end of the session'
      default:
        return 'a request after a refused login'
    }
  }

  /** A successful ApiVersions response was given. */
  versionsGiven(): void {
    if (this.#state.kind === 'new') this.#state = { kind: 'new', hasVersions: true }
  }

  handshake(wanted: string): SaslHandshakeResponse {
    const session = this.#state.kind === 'logged in' ? this.#state.session : null
    const offered = this.#server?.mechanisms ?? []
    if (this.#server === null || (session !== null && !this.#mayRenew(session)))
      return { errorCode: ErrorCode.ILLEGAL_SASL_STATE, mechanisms: [] }
    const mechanism = offered.find((name) => name === wanted)
    if (mechanism === undefined || (session !== null && session.mechanism !== mechanism)) {
      this.#state = { kind: 'refused' }
      return { errorCode: ErrorCode.UNSUPPORTED_SASL_MECHANISM, mechanisms: offered }
    }
    if (session !== null) this.#renewedAtMs = this.#clock.now()
    this.#state = { kind: 'logging in', mechanism, login: serverLogin(mechanism, this.#server), session }
    return { errorCode: ErrorCode.NONE, mechanisms: offered }
  }

  authenticate(message: Buffer): SaslAuthenticateResponse {
    const state = this.#state
    if (state.kind !== 'logging in')
      return answer(ErrorCode.ILLEGAL_SASL_STATE, 'SaslAuthenticate request received without a handshake')
    const step = state.login.next(message)
    if (step.kind === 'challenge') return answer(ErrorCode.NONE, null, step.bytes)
    const refusal = refusalOf(step, state.mechanism, state.session)
    if (refusal !== null || step.kind === 'refused') {
      this.#state = { kind: 'refused' }
      return answer(ErrorCode.SASL_AUTHENTICATION_FAILED, refusal)
    }
    const lifetimeMs = this.#lifetimeMs(step.expiresAtMs)
    const endsAtMs = lifetimeMs > 0n ? this.#clock.now() + Number(lifetimeMs) : Number.POSITIVE_INFINITY
    const { mechanism } = state
    this.#state = { kind: 'logged in', session: { username: step.username, mechanism, endsAtMs } }
    return answer(ErrorCode.NONE, null, step.bytes, lifetimeMs)
  }

  /** A fault refuses the login. */
  refuse(): void {
    this.#state = { kind: 'refused' }
  }

  #mayRenew({ endsAtMs }: Session): boolean {
    if (endsAtMs === Number.POSITIVE_INFINITY) return false
    return this.#clock.now() >= this.#renewedAtMs + MIN_RENEWAL_MS
  }

  #lifetimeMs(expiresAtMs: number | null): bigint {
    const limit = BigInt(this.#server?.sessionLifetimeMs ?? 0)
    if (expiresAtMs === null) return limit
    const left = BigInt(Math.max(Math.floor(expiresAtMs - this.#clock.wallTime()), 1))
    return limit > 0n && limit < left ? limit : left
  }
}

function refusalOf(step: ServerStep, mechanism: string, session: Session | null): string | null {
  const during = session === null ? 'authentication' : 're-authentication'
  if (step.kind === 'refused')
    return (
      step.reason ??
      `Authentication failed during ${during} due to invalid credentials with SASL mechanism ${mechanism}`
    )
  if (step.kind !== 'done' || session === null || session.username === step.username) return null
  return `Cannot change principals during re-authentication from User.${session.username}: User.${step.username}`
}

function answer(
  errorCode: number,
  errorMessage: string | null,
  authBytes: Uint8Array = new Uint8Array(),
  sessionLifetimeMs = 0n,
): SaslAuthenticateResponse {
  return { errorCode, errorMessage, authBytes, sessionLifetimeMs }
}
