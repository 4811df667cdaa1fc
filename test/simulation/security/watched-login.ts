import { ApiVersions } from '../../../src/protocol/api-versions.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { decodeResponse } from '../../../src/protocol/frame.js'
import { SaslAuthenticate } from '../../../src/protocol/sasl-authenticate.js'
import { SaslHandshake } from '../../../src/protocol/sasl-handshake.js'

export interface LoginHearing {
  readonly nowMs: () => number
  /** Whether a request of this API gets a response. */
  hasAnswer(apiKey: number): boolean
  report(violation: string): void
  /** A session was renewed. */
  renewed(): void
}

/** The answers that end a login. */
const ROUNDS: ReadonlyMap<string, number> = new Map([
  ['SCRAM-SHA-256', 2],
  ['SCRAM-SHA-512', 2],
])

type State =
  | { readonly kind: 'new' }
  /** `renewsMs` is the end of the session that is being renewed; null at the first login. */
  | { readonly kind: 'logging in'; readonly rounds: number; readonly renewsMs: number | null }
  /** On the clock of the client. The broker's end comes earlier. */
  | { readonly kind: 'logged in'; readonly endsAtMs: number }
  | { readonly kind: 'refused' }

/** The login of one connection, as its bytes at the client's end tell it. */
export class WatchedLogin {
  readonly #mechanism: string
  readonly #hearing: LoginHearing
  readonly #requests: { readonly apiKey: number; readonly apiVersion: number; readonly id: number }[] = []
  #state: State = { kind: 'new' }

  constructor(mechanism: string, hearing: LoginHearing) {
    this.#mechanism = mechanism
    this.#hearing = hearing
  }

  /** Judges a request, and returns its API key. */
  sent(chunks: readonly Uint8Array[], isReadable: boolean): number | null {
    const { apiKey, apiVersion, correlationId } = headerOf(chunks)
    if (apiKey === null || !isReadable) return apiKey
    const complaint = this.#complaint(apiKey)
    if (complaint !== null) this.#hearing.report(`a request with API key ${apiKey} was sent ${complaint}`)
    if (this.#hearing.hasAnswer(apiKey)) this.#requests.push({ apiKey, apiVersion, id: correlationId })
    if (apiKey === SaslHandshake.key) {
      const renewsMs = this.#state.kind === 'logged in' ? this.#state.endsAtMs : null
      this.#state = { kind: 'logging in', rounds: 0, renewsMs }
    }
    return apiKey
  }

  /** Reads an answer. Returns false if it is not the next one. */
  answered(frame: Buffer): boolean {
    const request = this.#requests.shift()
    if (request?.id !== frame.readInt32BE(0)) return false
    if (request.apiKey === SaslHandshake.key)
      this.#shookHands(decodeResponse(SaslHandshake, request.apiVersion, frame).errorCode)
    if (request.apiKey === SaslAuthenticate.key) {
      const answer = decodeResponse(SaslAuthenticate, request.apiVersion, frame)
      this.#authenticated(answer.errorCode, answer.authBytes.length > 0, answer.sessionLifetimeMs)
    }
    return true
  }

  #complaint(apiKey: number): string | null {
    const state = this.#state
    switch (state.kind) {
      case 'new':
        return apiKey === ApiVersions.key || apiKey === SaslHandshake.key ? null : 'before the login'
      case 'logging in':
        if (apiKey === SaslAuthenticate.key) return null
        return state.renewsMs === null ? 'in the midst of the login' : 'while a session was being renewed'
      case 'logged in': {
        if (apiKey === SaslHandshake.key) return null
        const lateMs = this.#hearing.nowMs() - state.endsAtMs
        return lateMs > 0 ? `${lateMs.toFixed(1)} ms after the end of its session` : null
      }
      default:
        return 'after the broker had refused the login'
    }
  }

  #shookHands(errorCode: number): void {
    const state = this.#state
    if (errorCode === ErrorCode.NONE || state.kind !== 'logging in') return
    // The broker does not renew the session yet, and keeps it.
    const keptMs = errorCode === ErrorCode.ILLEGAL_SASL_STATE ? state.renewsMs : null
    this.#state = keptMs === null ? { kind: 'refused' } : { kind: 'logged in', endsAtMs: keptMs }
  }

  #authenticated(errorCode: number, hasBytes: boolean, lifetimeMs: bigint): void {
    const state = this.#state
    if (state.kind !== 'logging in') return
    if (errorCode !== ErrorCode.NONE) {
      this.#state = { kind: 'refused' }
      return
    }
    const rounds = state.rounds + 1
    // OAUTHBEARER: bytes are a refusal, which one more round confirms.
    const isRefusal = this.#mechanism === 'OAUTHBEARER' && hasBytes
    if (rounds < (ROUNDS.get(this.#mechanism) ?? 1) || isRefusal) {
      this.#state = { ...state, rounds }
      return
    }
    if (state.renewsMs !== null) this.#hearing.renewed()
    const endsAtMs = lifetimeMs > 0n ? this.#hearing.nowMs() + Number(lifetimeMs) : Number.POSITIVE_INFINITY
    this.#state = { kind: 'logged in', endsAtMs }
  }
}

/** The header of a request, which the client writes as a whole. */
export function headerOf(chunks: readonly Uint8Array[]): {
  readonly apiKey: number | null
  readonly apiVersion: number
  readonly correlationId: number
} {
  const [first] = chunks
  if (first === undefined) return { apiKey: null, apiVersion: 0, correlationId: 0 }
  const view = new DataView(first.buffer, first.byteOffset, first.byteLength)
  return { apiKey: view.getInt16(4), apiVersion: view.getInt16(6), correlationId: view.getInt32(8) }
}
