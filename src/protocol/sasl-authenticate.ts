import type { Api } from './api.js'

export interface SaslAuthenticateRequest {
  /** The client's next message of the mechanism. It may hold a password or a token. */
  readonly authBytes: Uint8Array
}

export interface SaslAuthenticateResponse {
  readonly errorCode: number
  readonly errorMessage: string | null
  /** The server's next message of the mechanism. */
  readonly authBytes: Uint8Array
  /**
   * v1: milliseconds after which the broker wants the client to authenticate again; 0 for never (KIP-368).
   */
  readonly sessionLifetimeMs: bigint
}

/**
 * One round of a login whose mechanism SaslHandshake v1 has chosen. v1 session lifetime (KIP-368).
 * https://kafka.apache.org/protocol#The_Messages_SaslAuthenticate
 */
export const SaslAuthenticate: Api<SaslAuthenticateRequest, SaslAuthenticateResponse> = {
  key: 36,
  name: 'SaslAuthenticate',
  versions: [0, 2],
  flexibleFrom: 2,
  writeRequest(w, request) {
    w.bytes(request.authBytes)
    w.tags()
  },
  readRequest(r) {
    const authBytes = r.bytes()
    r.tags()
    return { authBytes }
  },
  writeResponse(w, response) {
    w.int16(response.errorCode)
    w.nullableString(response.errorMessage)
    w.bytes(response.authBytes)
    if (w.version >= 1) w.int64(response.sessionLifetimeMs)
    w.tags()
  },
  readResponse(r) {
    const errorCode = r.int16()
    const errorMessage = r.nullableString()
    const authBytes = r.bytes()
    const sessionLifetimeMs = r.version >= 1 ? r.int64() : 0n
    r.tags()
    return { errorCode, errorMessage, authBytes, sessionLifetimeMs }
  },
}
