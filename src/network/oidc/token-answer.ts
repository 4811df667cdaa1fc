import type { HttpAnswer } from '../../environment/http.js'
import { AuthenticationError } from '../../errors.js'
import { ownValue } from '../../own-value.js'

/** Statuses that another attempt does not change, as in Java. */
const FINAL: ReadonlySet<number> = new Set([
  ...[400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 501, 505],
])
/** Longer texts of the token endpoint are cut. */
const SHOWN_LENGTH = 200

/** The token endpoint as errors name it: the host, and what must not be shown. */
export interface AskedEndpoint {
  readonly host: string
  readonly secrets: readonly string[]
}

/**
 * The token in an answer of the token endpoint.
 *
 * @throws AuthenticationError with the status and the reason, which is retriable if another attempt may have
 *   another answer. It shows nothing else of the answer, which may hold a token
 */
export function tokenIn({ status, body }: HttpAnswer, endpoint: AskedEndpoint): string {
  const who = `the token endpoint ${endpoint.host}`
  if (status >= 300 && status < 400)
    throw new AuthenticationError(
      `${who} answered with status ${status}, a redirect, and redirects are not followed: use and allow the URL of the token endpoint itself`,
    )
  const json = objectIn(body.toString('utf8'))
  if (status === 200 || status === 201) {
    if (json === null)
      throw new AuthenticationError(`${who} answered with status ${status} and no JSON object`)
    const token = ownValue(json, 'access_token') ?? ownValue(json, 'id_token')
    if (typeof token === 'string' && token.trim() !== '') return token.trim()
    throw new AuthenticationError(
      `${who} answered with status ${status} and neither an access_token nor an id_token`,
    )
  }
  const reason = json === null ? '' : reasonIn(json, endpoint.secrets)
  const said = `${status}${reason === '' ? '' : `: ${reason}`}`
  if (FINAL.has(status)) throw new AuthenticationError(`${who} refused the request with status ${said}`)
  throw new AuthenticationError(`${who} answered with status ${said}`, { retriable: true, fatal: false })
}

/** The reason as OAuth servers give it (RFC 6749, 5.2), or as Okta does. */
function reasonIn(json: object, secrets: readonly string[]): string {
  return [
    ['error', 'error_description'],
    ['errorCode', 'errorSummary'],
  ]
    .flat()
    .map((name) => ownValue(json, name))
    .filter((value) => typeof value === 'string')
    .map((text) => shown(text, secrets))
    .filter((text) => text !== '')
    .join(': ')
}

/** Text from outside in one line. An endpoint that repeats a secret does not bring it into an error. */
function shown(text: string, secrets: readonly string[]): string {
  let rest = text
  for (const secret of secrets) {
    if (secret !== '') rest = rest.replaceAll(secret, '[hidden]')
  }
  const line = rest
    .slice(0, 4 * SHOWN_LENGTH)
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
  return line.length > SHOWN_LENGTH ? `${line.slice(0, SHOWN_LENGTH)}...` : line
}

function objectIn(text: string): object | null {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? json : null
  } catch {
    return null
  }
}
