import { generateKeyPairSync, type JsonWebKey, randomUUID, sign, verify } from 'node:crypto'

/** The claims that tests change. Others may stand beside them. */
export interface Claims {
  readonly iss?: unknown
  readonly aud?: unknown
  readonly sub?: unknown
  readonly scope?: unknown
  readonly iat?: unknown
  readonly exp?: unknown
}

/** Signs JWTs with a key of its own (RS256), and knows its own signatures. */
export class Signer {
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2_048 })
  readonly #keyId: string = randomUUID()

  sign(claims: Claims): string {
    const unsigned = `${encoded({ alg: 'RS256', typ: 'JWT', kid: this.#keyId })}.${encoded(claims)}`
    return `${unsigned}.${sign('sha256', Buffer.from(unsigned), this.#keys.privateKey).toString('base64url')}`
  }

  /** The claims of a JWT of this signer; null for any other. */
  claimsOf(token: string): Claims | null {
    const [header = '', payload = '', signature = ''] = token.split('.')
    const isOwn = verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      this.#keys.publicKey,
      Buffer.from(signature, 'base64url'),
    )
    return isOwn ? decoded(payload) : null
  }

  /** The public key, as a JWKS has it (RFC 7517). */
  get publicKey(): JsonWebKey & { readonly kid: string } {
    return { ...this.#keys.publicKey.export({ format: 'jwk' }), kid: this.#keyId, alg: 'RS256', use: 'sig' }
  }
}

export function encoded(json: object): string {
  return Buffer.from(JSON.stringify(json)).toString('base64url')
}

export function decoded(part: string): Claims {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
}
