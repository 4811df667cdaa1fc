import { Buffer } from 'node:buffer'
import type { TokenHolder } from './sasl-options.js'

/** The user in a token without a signature, as Kafka's default handler checks it. Null if it is refused. */
export function unsecuredTokenHolder(token: string, wallTimeMs: number): TokenHolder | null {
  const [header, payload, signature, ...more] = token.split('.')
  if (header === undefined || payload === undefined || signature !== '' || more.length > 0) return null
  if (read(header, 'alg') !== 'none') return null
  const username = read(payload, 'sub')
  const expires = read(payload, 'exp')
  if (typeof username !== 'string' || username === '' || typeof expires !== 'number') return null
  const expiresAtMs = expires * 1_000
  return expiresAtMs > wallTimeMs ? { username, expiresAtMs } : null
}

function read(part: string, name: string): unknown {
  try {
    const json: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    if (typeof json !== 'object' || json === null || !Object.hasOwn(json, name)) return undefined
    return Reflect.get(json, name)
  } catch {
    return undefined
  }
}
