import { Buffer } from 'node:buffer'
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { SaslServer } from './sasl-server.js'
import type { ScramHash, ScramKey } from './scram-keys.js'
import { REFUSED, type ServerLogin, type ServerStep } from './server-login.js'

const NONCE_BYTES = 18
/** The client's first message without channel binding, which Kafka does not know. */
const CLIENT_FIRST = /^n,(?:a=[^,]*)?,(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/
const CLIENT_FINAL = /^(c=([^,]+),r=([^,]+)),p=([A-Za-z0-9+/=]+)$/

/** The server's side of SCRAM (RFC 5802) for the users of a cluster. */
export function scramLogin(hash: ScramHash, server: SaslServer): ServerLogin {
  let first: {
    readonly key: ScramKey
    readonly username: string
    readonly nonce: string
    readonly text: string
  } | null = null

  function begin(message: Buffer): ServerStep {
    const [, bare, name = '', clientNonce = ''] = CLIENT_FIRST.exec(message.toString('utf8')) ?? []
    const username = name.replaceAll('=2C', ',').replaceAll('=3D', '=')
    const password = server.passwordOf(username)
    if (bare === undefined || password === undefined) return REFUSED
    const key = server.scramKeys.keyOf(hash, username, password)
    const nonce = clientNonce + server.scramKeys.randomBytesOf(NONCE_BYTES).toString('base64')
    const reply = `r=${nonce},s=${key.salt.toString('base64')},i=${key.iterations}`
    first = { key, username, nonce, text: `${bare},${reply}` }
    return { kind: 'challenge', bytes: Buffer.from(reply) }
  }

  function finish(message: Buffer): ServerStep {
    const [, withoutProof, binding, nonce, proof] = CLIENT_FINAL.exec(message.toString('utf8')) ?? []
    if (first === null || withoutProof === undefined || proof === undefined) return REFUSED
    const { key, username, text } = first
    if (binding !== 'biws' || nonce !== first.nonce) return REFUSED
    const authMessage = `${text},${withoutProof}`
    const signature = createHmac(hash, key.storedKey).update(authMessage).digest()
    const given = Buffer.from(proof, 'base64')
    if (given.length !== signature.length) return REFUSED
    const clientKey = given.map((byte, i) => byte ^ (signature[i] ?? 0))
    if (!timingSafeEqual(createHash(hash).update(clientKey).digest(), key.storedKey)) return REFUSED
    const verifier = createHmac(hash, key.serverKey).update(authMessage).digest('base64')
    return { kind: 'done', bytes: Buffer.from(`v=${verifier}`), username, expiresAtMs: null }
  }

  return { next: (message) => (first === null ? begin(message) : finish(message)) }
}
