import { Buffer } from 'node:buffer'
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Environment, HashName } from '../../environment/environment.js'
import { AuthenticationError } from '../../errors.js'
import {
  credentialsFor,
  explainRefusal,
  type SaslCredentials,
  type SaslCredentialsFunction,
} from './credentials.js'
import type { SaslConversation, SaslMechanism } from './mechanism.js'
import { SaltedPassword } from './salted-password.js'
import { escapedName, readServerFinal, readServerFirst } from './scram-messages.js'

export type ScramName = 'SCRAM-SHA-256' | 'SCRAM-SHA-512'

/** What SCRAM needs of the outside world. */
export type ScramEnvironment = Pick<Environment, 'secureRandom' | 'deriveKey'>

const HASHES: Readonly<Record<ScramName, HashName>> = { 'SCRAM-SHA-256': 'sha256', 'SCRAM-SHA-512': 'sha512' }
/** 192 bits, which base64 writes without padding. RFC 5802 leaves the size to the client. */
const NONCE_BYTES = 24
/** The header without channel binding: brokers of Kafka take no other. */
const GS2_HEADER = 'n,,'

/**
 * SCRAM (RFC 5802, RFC 7677): the password does not go to the broker, and the broker proves that it knows
 * the user. The name and the password are UTF-8 as they are, because Kafka does not apply SASLprep.
 */
export function scram(
  name: ScramName,
  credentials: SaslCredentialsFunction,
  environment: ScramEnvironment,
): SaslMechanism {
  const saltedPassword = new SaltedPassword(HASHES[name], environment.deriveKey)
  return {
    name,
    async start(context) {
      const login = await credentialsFor(credentials, context)
      const nonce = Buffer.from(environment.secureRandom(NONCE_BYTES)).toString('base64')
      return scramConversation(HASHES[name], login, nonce, saltedPassword)
    },
  }
}

/** One login. `nonce` is the client's part. */
export function scramConversation(
  hash: HashName,
  login: SaslCredentials,
  nonce: string,
  saltedPassword: SaltedPassword,
): SaslConversation {
  const { username, password, delegationToken = false } = login
  const clientFirst = `n=${escapedName(username)},r=${nonce}${delegationToken ? ',tokenauth=true' : ''}`
  let step: 'client first' | 'client final' | 'server final' | 'done' = 'client first'
  let expected: Buffer | null = null
  const hmac = (key: Uint8Array, text: Uint8Array | string): Buffer =>
    createHmac(hash, key).update(text).digest()

  async function clientFinal(serverFirst: Uint8Array): Promise<Uint8Array> {
    const { nonce: fullNonce, salt, iterations } = readServerFirst(serverFirst, nonce, login)
    const withoutProof = `c=${Buffer.from(GS2_HEADER).toString('base64')},r=${fullNonce}`
    // The server's message goes into the proof as it was received, whatever extensions it has.
    const authMessage = Buffer.concat([
      Buffer.from(`${clientFirst},`, 'utf8'),
      serverFirst,
      Buffer.from(`,${withoutProof}`, 'utf8'),
    ])
    const salted = await saltedPassword.derive(password, salt, iterations)
    const clientKey = hmac(salted, 'Client Key')
    const signature = hmac(createHash(hash).update(clientKey).digest(), authMessage)
    const proof = clientKey.map((byte, i) => byte ^ (signature[i] ?? 0))
    expected = hmac(hmac(salted, 'Server Key'), authMessage)
    clientKey.fill(0)
    return Buffer.from(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`, 'utf8')
  }

  function checkServer(serverFinal: Uint8Array): void {
    const proof = readServerFinal(serverFinal, login)
    if (expected === null || proof.length !== expected.length || !timingSafeEqual(proof, expected))
      throw new AuthenticationError(
        'the broker did not prove that it knows the password: it may not be the real broker',
      )
  }

  return {
    async next(challenge) {
      switch (step) {
        case 'client first':
          step = 'client final'
          return Buffer.from(`${GS2_HEADER}${clientFirst}`, 'utf8')
        case 'client final':
          step = 'server final'
          return clientFinal(challenge ?? new Uint8Array())
        default:
          if (step === 'done') throw new AuthenticationError('the broker went on after the end of SCRAM')
          step = 'done'
          checkServer(challenge ?? new Uint8Array())
          return null
      }
    },
    refused: () => explainRefusal(login),
  }
}
