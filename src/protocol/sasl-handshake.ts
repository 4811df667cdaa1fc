import type { Api } from './api.js'

export interface SaslHandshakeRequest {
  /** The name of a mechanism, in the spelling that the broker knows. */
  readonly mechanism: string
}

export interface SaslHandshakeResponse {
  readonly errorCode: number
  /** The mechanisms that the listener offers, in no particular order. */
  readonly mechanisms: readonly string[]
}

/**
 * Chooses the mechanism of a login. After v1 the login goes on with SaslAuthenticate. After v0 it would go on
 * with bare tokens, which this client does not do.
 * https://kafka.apache.org/protocol#The_Messages_SaslHandshake
 */
export const SaslHandshake: Api<SaslHandshakeRequest, SaslHandshakeResponse> = {
  key: 17,
  name: 'SaslHandshake',
  versions: [0, 1],
  flexibleFrom: Number.POSITIVE_INFINITY,
  writeRequest(w, request) {
    w.string(request.mechanism)
  },
  readRequest(r) {
    return { mechanism: r.string() }
  },
  writeResponse(w, response) {
    w.int16(response.errorCode)
    w.stringArray(response.mechanisms)
  },
  readResponse(r) {
    return { errorCode: r.int16(), mechanisms: r.stringArray() }
  },
}
