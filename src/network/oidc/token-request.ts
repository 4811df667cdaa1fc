import { Buffer } from 'node:buffer'

/** One request for a token, without the token endpoint. */
export interface TokenRequest {
  readonly headers: Readonly<Record<string, string>>
  /** A form (`application/x-www-form-urlencoded`). */
  readonly body: string
  /** The secrets of the request. Text of the token endpoint that has one of them is not shown. */
  readonly secrets: readonly string[]
}

/** Makes a request. It is called for each attempt, because assertions do not last. */
export type MakeTokenRequest = () => TokenRequest

export interface ClientSecret {
  readonly clientId: string
  readonly clientSecret: string
  /** Whether the id and the secret are form-encoded before they go into the header. */
  readonly headerUrlencode: boolean
  readonly scope: string | null
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Client credentials with a secret (RFC 6749, 4.4 and 2.3.1; KIP-768). */
export function clientSecretRequest(given: ClientSecret): TokenRequest {
  const encoded = given.headerUrlencode ? formEncoded : (text: string): string => text
  const [id, secret] = [given.clientId, given.clientSecret].map((text) => encoded(text.trim()))
  const basic = Buffer.from(`${id}:${secret}`, 'utf8').toString('base64')
  const request = formRequest({ grant_type: 'client_credentials', scope: given.scope }, [
    given.clientSecret.trim(),
    `${secret}`,
    basic,
  ])
  return { ...request, headers: { ...request.headers, Authorization: `Basic ${basic}` } }
}

/** Client credentials with an assertion in place of a secret (RFC 7523, 2.2; KIP-1258). */
export function clientAssertionRequest(
  assertion: string,
  { clientId, scope }: { readonly clientId: string | null; readonly scope: string | null },
): TokenRequest {
  const form = {
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion,
    grant_type: 'client_credentials',
    client_id: clientId,
    scope,
  }
  return formRequest(form, [assertion])
}

/** A JWT as the grant (RFC 7523, 2.1; KIP-1139). */
export function jwtBearerRequest(assertion: string, scope: string | null): TokenRequest {
  return formRequest({ grant_type: JWT_BEARER, assertion, scope }, [assertion])
}

function formRequest(
  fields: Readonly<Record<string, string | null>>,
  secrets: readonly string[],
): TokenRequest {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) {
    const text = value?.trim() ?? ''
    if (text !== '') form.set(name, text)
  }
  const headers = {
    Accept: 'application/json',
    'Cache-Control': 'no-cache',
    'Content-Type': 'application/x-www-form-urlencoded',
  }
  return { headers, body: form.toString(), secrets }
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1)
}
