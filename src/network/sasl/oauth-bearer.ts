import { Buffer } from 'node:buffer'
import type { Clock } from '../../environment/clock.js'
import { AuthenticationError } from '../../errors.js'
import type { SaslConversation, SaslMechanism } from './mechanism.js'
import type { UsableToken } from './oauth-token.js'
import type { LoginToken, TokenCache } from './token-cache.js'
import { describeClaims } from './token-claims.js'

const SEPARATOR = '\x01'
const SHOWN_LENGTH = 200

/** Says what may be wrong with a refused token, without showing it. */
export type ExplainToken = (token: string, wallTimeMs: number) => string

/** The mechanism OAUTHBEARER (RFC 7628, KIP-255): the broker gets a token. */
export function oauthBearer(
  tokens: TokenCache,
  clock: Pick<Clock, 'wallTime'>,
  explain: ExplainToken = describeClaims,
): SaslMechanism {
  return {
    name: 'OAUTHBEARER',
    async start(context) {
      const login = await tokens.tokenFor(context)
      return oauthConversation(login, tokens, clock, explain)
    },
  }
}

function oauthConversation(
  { token, isReused }: LoginToken,
  tokens: Pick<TokenCache, 'drop'>,
  clock: Pick<Clock, 'wallTime'>,
  explain: ExplainToken,
): SaslConversation {
  let isSent = false
  /** The broker's refusal, in its own JSON. */
  let refusal: string | null = null
  return {
    next(challenge) {
      if (!isSent) {
        isSent = true
        return bearerMessage(token)
      }
      if (challenge === null || challenge.length === 0) {
        if (refusal === null) return null
        throw new AuthenticationError(`the broker refused the token and then accepted it: ${refusal}`)
      }
      if (refusal !== null) throw new AuthenticationError(`the broker refused the token: ${refusal}`)
      // A message with code 0 is a refusal. The client ends the exchange with this byte (RFC 7628, 3.2.3).
      refusal = printable(challenge)
      return Buffer.from(SEPARATOR)
    },
    refused() {
      tokens.drop(token)
      // A broker that was slow to answer got a token that was good when the login began.
      const now = clock.wallTime()
      return { hint: explain(token.value, now), mayRetry: isReused || token.expiresAtMs <= now }
    },
  }
}

/** The client's first message. The broker is not told an authorization id: it derives it from the token. */
export function bearerMessage({ value, extensions }: Pick<UsableToken, 'value' | 'extensions'>): Uint8Array {
  const fields = [`auth=Bearer ${value}`, ...[...extensions].map(([name, text]) => `${name}=${text}`)]
  const end = SEPARATOR + SEPARATOR
  return Buffer.from(`n,,${SEPARATOR}${fields.join(SEPARATOR)}${end}`, 'utf8')
}

function printable(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, SHOWN_LENGTH))
  return text.toString('latin1').replace(/[^\x20-\x7e]/g, '?')
}
