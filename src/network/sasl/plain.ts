import { Buffer } from 'node:buffer'
import { AuthenticationError } from '../../errors.js'
import { credentialsFor, explainRefusal, type SaslCredentialsFunction } from './credentials.js'
import type { SaslMechanism } from './mechanism.js'

/**
 * The mechanism PLAIN (RFC 4616): the password itself goes to the broker. Only TLS keeps it from those who
 * can read the network.
 */
export function plain(credentials: SaslCredentialsFunction): SaslMechanism {
  return {
    name: 'PLAIN',
    async start(context) {
      const login = await credentialsFor(credentials, context)
      const { username, password } = login
      let isSent = false
      return {
        next(challenge) {
          if (!isSent) {
            isSent = true
            // The authorization id in front is empty: the broker derives it from the user name.
            return Buffer.from(`\0${username}\0${password}`, 'utf8')
          }
          if (challenge !== null && challenge.length > 0)
            throw new AuthenticationError(
              'the broker went on with a message after PLAIN, which has one message',
            )
          return null
        },
        refused: () => explainRefusal(login),
      }
    },
  }
}
