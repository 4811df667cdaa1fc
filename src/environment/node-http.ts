import { Buffer } from 'node:buffer'
import { type ClientRequest, request as requestPlain } from 'node:http'
import { request as requestEncrypted } from 'node:https'
import { types } from 'node:util'
import { outsideContexts } from './async-context.js'
import { HttpError, type HttpRequest, type PostHttp } from './http.js'
import { checkedIdentity } from './node-socket.js'
import { secureContext } from './secure-context.js'
import type { SecureSettings } from './socket.js'

/** Sends requests with Node's client. It follows no redirect and keeps no connection. */
export const postNodeHttp: PostHttp = (request) =>
  outsideContexts(
    () =>
      new Promise((resolve, reject) => {
        const { url, body, signal, maxBytes, progressed } = request
        const isEncrypted = new URL(url).protocol === 'https:'
        const outgoing = opened(request, isEncrypted)
        const end = (): void => {
          signal.removeEventListener('abort', abort)
          outgoing.destroy()
        }
        const fail = (error: unknown): void => {
          reject(error)
          end()
        }
        const abort = (): void => fail(signal.reason)
        signal.addEventListener('abort', abort, { once: true })
        // `on`, not `once`: a second error would have no listener and end the process.
        outgoing.on('error', (error) => fail(httpError(error)))
        outgoing.on('socket', (socket) => {
          socket.once(isEncrypted ? 'secureConnect' : 'connect', progressed)
        })
        outgoing.on('response', (incoming) => {
          const chunks: Buffer[] = []
          let size = 0
          progressed()
          incoming.on('data', (chunk: Buffer) => {
            progressed()
            size += chunk.length
            chunks.push(chunk)
            if (size > maxBytes)
              fail(new HttpError(`the answer has more than ${maxBytes} bytes`, 'TOO_LARGE'))
          })
          incoming.on('error', (error) => fail(httpError(error)))
          incoming.on('end', () => {
            resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks) })
            end()
          })
        })
        if (signal.aborted) abort()
        else outgoing.end(body)
      }),
  )

function opened({ url, headers, tls }: HttpRequest, isEncrypted: boolean): ClientRequest {
  // `agent: false`: a connection for this request alone. An agent that is shared resumes TLS sessions, and a
  // session that is resumed does not check the name of the server.
  const options = { method: 'POST', headers, agent: false } as const
  return isEncrypted ? requestEncrypted(url, { ...options, ...tlsOptions(tls) }) : requestPlain(url, options)
}

/** The server's name is the one in the url, for SNI and for the check of its certificate. */
function tlsOptions({ context, verifiesAuthority, identity }: SecureSettings): object {
  return {
    secureContext: secureContext(context),
    // Said even where it is the default: an environment variable can change the default.
    rejectUnauthorized: verifiesAuthority,
    ...(identity === 'unchecked' && { checkServerIdentity: () => undefined }),
    ...(typeof identity === 'function' && { checkServerIdentity: checkedIdentity(identity) }),
  }
}

function httpError(error: unknown): HttpError {
  if (!types.isNativeError(error)) return new HttpError('the request failed', '')
  return new HttpError(error.message, 'code' in error ? String(error.code) : '')
}
