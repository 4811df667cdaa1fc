import { type KeyObject, verify } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { certificateText } from '../certificates/certificates.js'
import { turns } from '../turns.js'
import { type Claims, decoded, Signer } from './signer.js'
import { type AnswerFault, answer, answerFaults } from './token-faults.js'

/** The fields of a request. */
export interface TokenForm {
  readonly grant_type?: string
  readonly scope?: string
  readonly client_id?: string
  readonly client_assertion?: string
  readonly client_assertion_type?: string
  readonly assertion?: string
}

/** A request as the server saw it. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly authorization: string | undefined
  readonly form: TokenForm
  readonly body: string
}

export interface TokenServerOptions {
  /** The test certificate of the server; plain http without one. */
  readonly certificate?: string
  readonly clientId?: string
  readonly clientSecret?: string
  /** The public key of clients that prove themselves by assertions. */
  readonly assertionKey?: KeyObject
}

/**
 * A token endpoint with a JWKS for the broker. It takes client credentials with a secret, and assertions that
 * are signed with the client's key and have not expired. `fault` says what it shall do wrong, and `claims`
 * what its tokens shall have.
 */
export class TokenServer {
  readonly requests: SeenRequest[] = []
  /** Replaces the answers. */
  fault: AnswerFault | { readonly status: number; readonly location: string } | null = null
  /** Replaces claims of the tokens. */
  claims: Claims = {}
  lifetimeSeconds = 300
  /** The last token. */
  token = ''
  readonly #signer = new Signer()
  readonly #server: Server
  readonly #options: TokenServerOptions

  private constructor(options: TokenServerOptions) {
    this.#options = options
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#serve(request, response)
    }
    const { certificate } = options
    this.#server =
      certificate === undefined
        ? createServer(serve)
        : createTlsServer(
            {
              key: certificateText(`${certificate}.key`),
              cert: certificateText(`${certificate}.pem`),
            },
            serve,
          )
  }

  static async start(options: TokenServerOptions = {}): Promise<TokenServer> {
    const server = new TokenServer(options)
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  get origin(): string {
    const { port } = this.#server.address() as AddressInfo
    return this.#options.certificate === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`
  }

  get url(): string {
    return `${this.origin}/token`
  }

  get keysUrl(): string {
    return `${this.origin}/keys`
  }

  get host(): string {
    return new URL(this.origin).host
  }

  /** Whose token it is, as a broker sees it: the signature, the audience and the time are checked. */
  holderOf = (token: string): { username: string; expiresAtMs: number } | null => {
    const claims = this.#signer.claimsOf(token)
    if (claims === null || claims.aud !== 'kafka') return null
    const expiresAtMs = Number(claims.exp) * 1_000
    return expiresAtMs > Date.now() ? { username: String(claims.sub), expiresAtMs } : null
  }

  /** A token as the server would give it. */
  sign(claims: Claims = {}): string {
    const now = Math.floor(Date.now() / 1_000)
    return this.#signer.sign({
      iss: 'http://127.0.0.1/test',
      aud: 'kafka',
      sub: 'app',
      iat: now,
      exp: now + this.lifetimeSeconds,
      ...claims,
    })
  }

  /** Resolves when there has been a request. */
  async requested(): Promise<void> {
    while (this.requests.length === 0) await turns(1)
  }

  /** Resolves when nobody is connected. */
  async deserted(): Promise<void> {
    const count = promisify(this.#server.getConnections.bind(this.#server))
    while ((await count()) > 0) await turns(1)
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray()).toString('utf8')
    const { method = '', url: path = '' } = request
    if (path === '/keys') return answer(response, 200, JSON.stringify({ keys: [this.#signer.publicKey] }))
    const form: TokenForm = Object.fromEntries(new URLSearchParams(body))
    this.requests.push({ method, path, authorization: request.headers.authorization, form, body })
    const attempt = this.requests.length
    if (this.fault !== null && typeof this.fault === 'object') {
      const { status, location } = this.fault
      return answer(response, status, '', { location })
    }
    if (this.fault !== null && !(this.fault === 'flaky' && attempt % 3 === 0))
      return answerFaults[this.fault](response, { authorization: request.headers.authorization, body })
    if (!this.#knows(request.headers.authorization, form))
      return answer(response, 401, '{"error":"invalid_client","error_description":"no such client"}')
    this.token = this.sign({ ...(form.scope !== undefined && { scope: form.scope }), ...this.claims })
    answer(response, 200, JSON.stringify({ access_token: this.token, token_type: 'Bearer' }))
  }

  #knows(authorization: string | undefined, form: TokenForm): boolean {
    const assertion = form.client_assertion ?? form.assertion
    const { clientId = 'app', clientSecret = 'app-secret', assertionKey } = this.#options
    if (assertion !== undefined) return assertionKey !== undefined && isProof(assertion, assertionKey)
    const expected = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
    return authorization === `Basic ${expected}`
  }
}

function isProof(assertion: string, key: KeyObject): boolean {
  const [header = '', payload = '', signature = ''] = assertion.split('.')
  const isSigned = verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  return isSigned && Number(decoded(payload).exp) * 1_000 > Date.now()
}
