import { Buffer } from 'node:buffer'
import type { SaslMechanismName } from './sasl-options.js'
import type { SaslServer } from './sasl-server.js'
import { scramLogin } from './scram-login.js'
import { REFUSED, type ServerLogin, type ServerStep } from './server-login.js'

const NOTHING = Buffer.alloc(0)

/** Begins the server's side of a login. */
export function serverLogin(mechanism: SaslMechanismName, server: SaslServer): ServerLogin {
  switch (mechanism) {
    case 'PLAIN':
      return { next: (message) => plainStep(message, server) }
    case 'SCRAM-SHA-256':
      return scramLogin('sha256', server)
    case 'SCRAM-SHA-512':
      return scramLogin('sha512', server)
    default:
      return bearerLogin(server)
  }
}

/** With the texts of PlainSaslServer in Kafka. */
function plainStep(message: Buffer, server: SaslServer): ServerStep {
  const parts = message.toString('utf8').split('\0')
  const [authorizationId = '', username = '', password = ''] = parts
  const refused = (why: string): ServerStep => ({ kind: 'refused', reason: `Authentication failed: ${why}` })
  if (parts.length !== 3) return { kind: 'refused', reason: 'Invalid SASL/PLAIN response: expected 3 tokens' }
  if (username === '') return refused('username not specified')
  if (password === '') return refused('password not specified')
  if (server.passwordOf(username) !== password) return refused('Invalid username or password')
  if (authorizationId !== '' && authorizationId !== username)
    return refused('Client requested an authorization id that is different from username')
  return { kind: 'done', bytes: NOTHING, username, expiresAtMs: null }
}

/** A refusal is a challenge at first, which the client answers with one byte (RFC 7628). */
function bearerLogin(server: SaslServer): ServerLogin {
  const refusal = '{"status":"invalid_token"}'
  let isRefused = false
  return {
    next(message) {
      if (isRefused) return { kind: 'refused', reason: refusal }
      const [header, auth = '', ...rest] = message.toString('utf8').split('\x01')
      const isWhole = header === 'n,,' && auth.startsWith('auth=Bearer ') && rest.slice(-2).join('') === ''
      if (!isWhole || rest.length < 2) return REFUSED
      const holder = server.holderOf(auth.slice('auth=Bearer '.length))
      if (holder !== null) {
        const { username, expiresAtMs = null } = holder
        return { kind: 'done', bytes: NOTHING, username, expiresAtMs }
      }
      isRefused = true
      return { kind: 'challenge', bytes: Buffer.from(refusal) }
    },
  }
}
