import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import type { SaslContext, SaslMechanism } from '../../src/index.js'

/**
 * SCRAM-SHA-256 as a user of the package could write it, with the public interface alone: a mechanism of
 * several rounds. `contexts` receives the circumstances of each login.
 */
export function ownScram(username: string, password: string, contexts: SaslContext[] = []): SaslMechanism {
  const hmac = (key: Uint8Array, text: string): Buffer => createHmac('sha256', key).update(text).digest()
  return {
    name: 'SCRAM-SHA-256',
    start(context) {
      contexts.push(context)
      const bare = `n=${username},r=${randomBytes(18).toString('base64')}`
      let proofOfServer: string | null = null
      return {
        async next(challenge) {
          // A library may take its time.
          await new Promise(setImmediate)
          if (challenge === null) return Buffer.from(`n,,${bare}`)
          const message = Buffer.from(challenge).toString()
          if (proofOfServer !== null) {
            if (message !== proofOfServer) throw new Error('the broker did not prove itself')
            return null
          }
          const [, nonce, salt = '', count] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(message) ?? []
          const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(count), 32, 'sha256')
          const withoutProof = `c=biws,r=${nonce}`
          const signed = `${bare},${message},${withoutProof}`
          const clientKey = hmac(salted, 'Client Key')
          const signature = hmac(createHash('sha256').update(clientKey).digest(), signed)
          const proof = clientKey.map((byte, i) => byte ^ (signature[i] ?? 0))
          proofOfServer = `v=${hmac(hmac(salted, 'Server Key'), signed).toString('base64')}`
          return Buffer.from(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`)
        },
      }
    },
  }
}
