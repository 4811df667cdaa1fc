import { Buffer } from 'node:buffer'
import { ErrorCode } from '../../protocol/error-codes.js'
import {
  SaslAuthenticate,
  type SaslAuthenticateRequest,
  type SaslAuthenticateResponse,
} from '../../protocol/sasl-authenticate.js'
import {
  SaslHandshake,
  type SaslHandshakeRequest,
  type SaslHandshakeResponse,
} from '../../protocol/sasl-handshake.js'
import { type Handler, type HandlerContext, noParts } from '../handler.js'

export function saslHandshakeHandler({
  interceptors,
}: HandlerContext): Handler<SaslHandshakeRequest, SaslHandshakeResponse> {
  return {
    api: SaslHandshake,
    parts: noParts,
    handle({ mechanism }, exchange, answer, login) {
      const injected = interceptors.partError(exchange, null)
      // The bare tokens that v0 announces are not served.
      if (exchange.apiVersion === 0) answer('close')
      else if (injected !== undefined) answer({ errorCode: injected, mechanisms: [] })
      else answer(login.handshake(mechanism))
    },
  }
}

/** A fault with an error refuses the login, and the connection ends behind the answer, as in Kafka. */
export function saslAuthenticateHandler({
  interceptors,
}: HandlerContext): Handler<SaslAuthenticateRequest, SaslAuthenticateResponse> {
  return {
    api: SaslAuthenticate,
    parts: noParts,
    handle({ authBytes }, exchange, answer, login) {
      const injected = interceptors.partError(exchange, null)
      if (injected === undefined) {
        answer(login.authenticate(Buffer.from(authBytes)))
        return
      }
      if (injected !== ErrorCode.NONE) login.refuse()
      answer({ errorCode: injected, errorMessage: null, authBytes: new Uint8Array(), sessionLifetimeMs: 0n })
    },
  }
}
