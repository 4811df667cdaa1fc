import { describe, expect, it } from 'vitest'
import { AuthenticationError } from '../../../../src/errors.js'
import { tokenIn } from '../../../../src/network/oidc/token-answer.js'

const endpoint = { host: 'idp:443', secrets: ['app-secret', 'YXBw'] }

function given(status: number, body: string): string {
  return tokenIn({ status, body: Buffer.from(body) }, endpoint)
}

function failure(status: number, body: string): AuthenticationError {
  try {
    given(status, body)
  } catch (error) {
    if (error instanceof AuthenticationError) return error
  }
  throw new Error('a token was found')
}

describe('an answer with a token', () => {
  it.each([
    [200, '{"access_token":"a.b.c"}', 'a.b.c'],
    [201, '{"access_token":" a.b.c\\n"}', 'a.b.c'],
    [200, '{"id_token":"i.d.t"}', 'i.d.t'],
    [200, '{"access_token":"a.b.c","id_token":"i.d.t"}', 'a.b.c'],
  ])('%d %s', (status, body, token) => {
    expect(given(status, body)).toBe(token)
  })
})

describe('an answer without a token', () => {
  it.each([
    ...[400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 501, 505],
    ...[300, 301, 302, 303, 307, 308, 200],
  ])('of status %d is final', (status) => {
    expect(failure(status, '{}')).toMatchObject({ retriable: false, fatal: true })
  })

  it.each([408, 416, 418, 429, 500, 502, 503, 504, 204])('of status %d may be followed by one', (status) => {
    expect(failure(status, '{}')).toMatchObject({ retriable: true, fatal: false })
  })

  it.each([
    [
      401,
      '{"error":"invalid_client","error_description":"no such client"}',
      '401: invalid_client: no such client',
    ],
    [400, '{"errorCode":"E1","errorSummary":"no"}', '400: E1: no'],
    [400, '{"error":7}', 'status 400'],
    [400, '[]', 'status 400'],
    [503, '<html>', 'status 503'],
    [400, '{"error":"a\\r\\nb\\u0000\\u202ec"}', '400: a b c'],
    [400, '{"__proto__":{"error":"polluted"}}', 'status 400'],
    [200, '{"__proto__":{"access_token":"a.b.c"}}', 'neither an access_token nor an id_token'],
    [200, '{"access_token":""}', 'neither an access_token nor an id_token'],
    [200, '{"access_token":["a"]}', 'neither an access_token nor an id_token'],
    [200, 'null', 'no JSON object'],
    [200, '', 'no JSON object'],
    [200, '['.repeat(1_000_000), 'no JSON object'],
  ])('says why: %d %.80s', (status, body, message) => {
    const error = failure(status, body)
    expect(error.message).toMatch(/^the token endpoint idp:443 /)
    expect(error.message.endsWith(message), error.message).toBe(true)
    expect(({} as { error?: string }).error).toBeUndefined()
  })

  it('shows a short part of a long reason', () => {
    const { message } = failure(400, JSON.stringify({ error: 'x'.repeat(100_000) }))
    expect(message).toBe(
      `the token endpoint idp:443 refused the request with status 400: ${'x'.repeat(200)}...`,
    )
  })

  it('shows no secret that the endpoint repeats, and no token', () => {
    const body = { error: 'app-secret is wrong', error_description: 'Basic YXBw', access_token: 'a.b.c' }
    const { message } = failure(401, JSON.stringify(body))
    expect(message).toContain('401: [hidden] is wrong: Basic [hidden]')
    expect(message).not.toContain('a.b.c')
  })
})
