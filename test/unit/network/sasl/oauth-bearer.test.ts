import { describe, expect, it } from 'vitest'
import { AuthenticationError } from '../../../../src/errors.js'
import { bearerMessage, oauthBearer } from '../../../../src/network/sasl/oauth-bearer.js'
import { type OAuthTokenFunction, usableToken } from '../../../../src/network/sasl/oauth-token.js'
import { TokenCache } from '../../../../src/network/sasl/token-cache.js'
import { claimsOf, describeClaims } from '../../../../src/network/sasl/token-claims.js'
import { unsecuredTokens } from '../../../../src/network/sasl/unsecured-token.js'
import { firstLogin, renewal, text } from './login-context.js'

const T0 = Date.parse('2026-01-02T03:04:05Z')
const refresh = { windowFactor: 0.8, windowJitter: 0.05, minPeriodMs: 60_000, bufferMs: 300_000 }

function jwt(claims: object): string {
  const encoded = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url')
  return `${encoded({ alg: 'none' })}.${encoded(claims)}.c2ln`
}

class World {
  nowMs = T0
  random = 0
  /** Times at which the function was called, after T0. */
  readonly calls: number[] = []
  readonly warnings: string[] = []
  readonly tokens: TokenCache

  constructor(source: OAuthTokenFunction, settings = refresh) {
    this.tokens = new TokenCache(
      (context) => {
        this.calls.push(this.nowMs - T0)
        return source(context)
      },
      settings,
      { clock: { wallTime: () => this.nowMs }, random: () => this.random },
      (warning) => this.warnings.push(warning),
    )
  }

  mechanism() {
    return oauthBearer(this.tokens, { wallTime: () => this.nowMs })
  }
}

describe('the message', () => {
  it('has two separators at its end', () => {
    const token = usableToken('abc')
    expect(text(bearerMessage(token))).toBe('n,,\x01auth=Bearer abc\x01\x01')
  })

  it('has extensions behind the token', () => {
    const token = usableToken({
      value: 'a-b_c~d+e/f.g==',
      extensions: { logicalCluster: 'lkc-1', pool: 'a b' },
    })
    expect(text(bearerMessage(token))).toBe(
      'n,,\x01auth=Bearer a-b_c~d+e/f.g==\x01logicalCluster=lkc-1\x01pool=a b\x01\x01',
    )
  })
})

describe('what a token function gives', () => {
  it.each([
    [null, 'a token is a string, or an object'],
    [undefined, 'a token is a string, or an object'],
    [7, 'a token is a string, or an object'],
    ['', 'the token is empty'],
    [{}, 'the value of the token must be a string'],
    [{ value: null }, 'the value of the token must be a string'],
    [JSON.parse('{"__proto__":{"value":"x"}}'), 'the value of the token must be a string'],
    ['a b', 'characters that no token may have'],
    ['a\x01b', 'characters that no token may have'],
    ['a=b', 'characters that no token may have'],
    [{ value: 'a', expiresAtMs: '1' }, 'expiresAtMs must be milliseconds'],
    [{ value: 'a', expiresAtMs: Number.NaN }, 'expiresAtMs must be milliseconds'],
    [{ value: 'a', issuedAtMs: -1 }, 'issuedAtMs must be milliseconds'],
    [{ value: 'a', extensions: 'x' }, 'extensions must be an object'],
    [{ value: 'a', extensions: { a1: 'x' } }, 'letters only'],
    [{ value: 'a', extensions: { auth: 'x' } }, "may not be named 'auth'"],
    [{ value: 'a', extensions: { a: 7 } }, 'the SASL extension a must be'],
    [{ value: 'a', extensions: { a: 'x\x01auth=y' } }, 'the SASL extension a must be'],
    [JSON.parse('{"value":"a","extensions":{"__proto__":"x"}}'), 'letters only'],
  ])('%j is refused with its reason', (given, problem) => {
    expect(() => usableToken(given)).toThrow(problem)
    expect(() => usableToken(given)).toThrow(AuthenticationError)
  })

  it.each([
    ['a token of equals signs', '='.repeat(1_000_000)],
    ['a token with its padding in the middle', `${'a='.repeat(500_000)}!`],
    ['a token of dots', `${'.'.repeat(1_000_000)} `],
    ['an extension of line breaks', { value: 'a', extensions: { a: `${'\r\n'.repeat(500_000)}\0` } }],
    ['a name of letters', { value: 'a', extensions: { [`${'a'.repeat(1_000_000)}1`]: 'x' } }],
  ])('%s, a megabyte of it, is refused after one pass', (_, given) => {
    // A check that began anew at each character would take hours, far beyond the limit of the test.
    expect(() => usableToken(given)).toThrow(AuthenticationError)
  })

  it('has its times from the claims unless it says them', () => {
    const value = jwt({ iat: T0 / 1_000, exp: T0 / 1_000 + 60.5 })
    expect(usableToken(value)).toMatchObject({ issuedAtMs: T0, expiresAtMs: T0 + 60_500 })
    expect(usableToken({ value, expiresAtMs: 5, issuedAtMs: 1 })).toMatchObject({
      issuedAtMs: 1,
      expiresAtMs: 5,
    })
    expect(usableToken('opaque')).toMatchObject({ issuedAtMs: null, expiresAtMs: Number.POSITIVE_INFINITY })
  })
})

describe('a refusal', () => {
  const REFUSAL = Buffer.from('{"status":"invalid_token"}')

  it('is answered with one byte, and told with the claims of the token', async () => {
    const token = jwt({ iss: 'https://issuer', aud: ['a', 'b'], iat: T0 / 1_000, exp: T0 / 1_000 + 60 })
    const world = new World(() => token)
    const login = await world.mechanism().start(firstLogin)
    await login.next(null)
    expect(text(await login.next(REFUSAL))).toBe('\x01')
    world.nowMs = T0 + 90_000
    const refusal = login.refused?.('{"status":"invalid_token"}')
    expect(refusal?.hint).toBe(
      "the token's own claims are issuer https://issuer, audience a, b, issued 2026-01-02T03:04:05.000Z, expires 2026-01-02T03:05:05.000Z; this machine's clock says 2026-01-02T03:05:35.000Z, so it expired 30 s ago",
    )
    expect(refusal?.hint).not.toContain(token)
  })

  it('is final unless the token has expired by now, in the time that the broker took', async () => {
    const world = new World(() => ({ value: 'opaque', expiresAtMs: T0 + 5_000 }))
    const login = await world.mechanism().start(firstLogin)
    await login.next(null)
    world.nowMs = T0 + 4_999
    expect(login.refused?.(null)).toMatchObject({ mayRetry: false })
    world.nowMs = T0 + 5_000
    expect(login.refused?.(null)).toMatchObject({ mayRetry: true })
  })

  it('that is followed by a success, or by another message, is still a refusal', async () => {
    for (const last of [new Uint8Array(), REFUSAL]) {
      const login = await new World(() => 'opaque').mechanism().start(firstLogin)
      await login.next(null)
      await login.next(REFUSAL)
      await expect(async () => login.next(last)).rejects.toThrow('refused the token')
    }
  })

  it('of a token from an earlier login is worth another login with a new token', async () => {
    let count = 0
    const world = new World(() => ({ value: `t${++count}`, expiresAtMs: T0 + 3_600_000 }))
    await world.mechanism().start(firstLogin)
    const second = await world.mechanism().start(firstLogin)
    expect(text(await second.next(null))).toContain('Bearer t1\x01')
    expect(second.refused?.(null)).toEqual({ hint: '', mayRetry: true })
    const third = await world.mechanism().start(firstLogin)
    expect(text(await third.next(null))).toContain('Bearer t2\x01')
    expect(third.refused?.(null)).toMatchObject({ mayRetry: false })
  })
})

describe('the time of refresh', () => {
  const hour = 3_600_000

  it.each([
    // The window begins at 80 % of an hour, 48 minutes.
    [{ expiresAtMs: T0 + hour, issuedAtMs: T0 }, 0, 0.8 * hour],
    [{ expiresAtMs: T0 + hour, issuedAtMs: T0 }, 1, 0.85 * hour],
    // The time of issue counts, not that of the call.
    [{ expiresAtMs: T0 + hour, issuedAtMs: T0 - hour }, 0, 0.6 * hour],
    // The buffer of 5 minutes is kept.
    [{ expiresAtMs: T0 + 1_000_000, issuedAtMs: T0 }, 1, 700_000],
    // Never earlier than the least period.
    [{ expiresAtMs: T0 + 400_000, issuedAtMs: T0 - hour }, 0, 60_000],
    [{ expiresAtMs: T0 + 3_600_000, issuedAtMs: T0 - 100 * hour }, 0, 60_000],
    // A short token has neither buffer nor least period.
    [{ expiresAtMs: T0 + 10_000, issuedAtMs: T0 }, 0, 8_000],
  ])('of a token with %j and random %d', async (times, random, dueMs) => {
    const world = new World(() => ({ value: 'a', ...times }))
    world.random = random
    const tokenAt = async (ms: number): Promise<void> => {
      world.nowMs = T0 + ms
      await world.tokens.tokenFor(firstLogin)
    }
    await tokenAt(0)
    await tokenAt(dueMs - 1)
    expect(world.calls).toEqual([0])
    await tokenAt(dueMs)
    expect(world.calls).toEqual([0, dueMs])
  })

  it('of a token without an end is the next login', async () => {
    const world = new World(() => 'opaque')
    await world.tokens.tokenFor(firstLogin)
    await world.tokens.tokenFor(firstLogin)
    expect(world.calls).toHaveLength(2)
  })

  it('of a token for a session that is renewed is its half', async () => {
    const world = new World(() => ({ value: 'a', expiresAtMs: T0 + hour }))
    await world.tokens.tokenFor(firstLogin)
    world.nowMs = T0 + hour / 2 - 1
    await world.tokens.tokenFor(renewal)
    expect(world.calls).toHaveLength(1)
    world.nowMs = T0 + hour / 2
    await world.tokens.tokenFor(firstLogin)
    expect(world.calls).toHaveLength(1)
    await world.tokens.tokenFor(renewal)
    expect(world.calls).toHaveLength(2)
  })
})

it('logins at the same time share one call', async () => {
  const world = new World(async () => ({ value: 'a', expiresAtMs: T0 + 3_600_000 }))
  const all = await Promise.all(Array.from({ length: 10 }, () => world.tokens.tokenFor(firstLogin)))
  expect(new Set(all.map(({ token }) => token)).size).toBe(1)
  expect(world.calls).toHaveLength(1)
})

describe('a call that logins share', () => {
  /** Three logins that wait for one token. */
  function waiting() {
    const signals: AbortSignal[] = []
    const answers: ((token: string) => void)[] = []
    const world = new World(({ signal }) => {
      signals.push(signal)
      return new Promise((resolve) => {
        answers.push((value) => resolve({ value, expiresAtMs: T0 + 3_600_000 }))
      })
    })
    const logins = Array.from({ length: 3 }, () => new AbortController())
    const outcomes = logins.map(({ signal }) => world.tokens.tokenFor({ ...firstLogin, signal }))
    return { world, signals, answers, logins, outcomes }
  }

  it('goes on when one of them is given up', async () => {
    const { world, signals, answers, logins, outcomes } = waiting()
    logins[0]?.abort()
    logins[1]?.abort()
    expect(signals[0]?.aborted).toBe(false)
    answers[0]?.('a')
    await expect(outcomes[2]).resolves.toMatchObject({ token: { value: 'a' } })
    expect(world.calls).toHaveLength(1)
  })

  it('ends with the last of them, and its late result is dropped', async () => {
    const { world, signals, answers, logins } = waiting()
    for (const login of logins) login.abort()
    expect(signals[0]?.aborted).toBe(true)
    answers[0]?.('late')
    const next = world.tokens.tokenFor(firstLogin)
    answers[1]?.('next')
    await expect(next).resolves.toMatchObject({ token: { value: 'next' }, isReused: false })
    await expect(world.tokens.tokenFor(firstLogin)).resolves.toMatchObject({ token: { value: 'next' } })
    expect(world.calls).toHaveLength(2)
  })
})

it('a failed refresh leaves the old token in use until it expires, and is tried again after 10 s', async () => {
  let fails = false
  const world = new World(() => {
    if (fails) throw new Error('the server is down')
    return { value: 'a', expiresAtMs: T0 + 100_000 }
  })
  await world.tokens.tokenFor(firstLogin)
  fails = true
  for (const ms of [85_000, 90_000, 95_000, 99_999]) {
    world.nowMs = T0 + ms
    await expect(world.tokens.tokenFor(firstLogin)).resolves.toMatchObject({ isReused: true })
  }
  expect(world.calls).toEqual([0, 85_000, 95_000])
  expect(world.warnings).toEqual(
    Array(2).fill(
      'there is no new token yet, and the old one stays in use until 2026-01-02T03:05:45.000Z: the token function failed',
    ),
  )
  world.nowMs = T0 + 105_000
  await expect(world.tokens.tokenFor(firstLogin)).rejects.toThrow('the server is down')
})

it('a token that has expired already is no token, and both times are told', async () => {
  const world = new World(() => ({ value: 'a', expiresAtMs: T0 - 1 }))
  await expect(world.tokens.tokenFor(firstLogin)).rejects.toThrow(
    "a token that expired at 2026-01-02T03:04:04.999Z, and this machine's clock says 2026-01-02T03:04:05.000Z",
  )
})

describe('claims', () => {
  it.each([['opaque'], ['a.b'], ['a.%%%.c'], [`a.${Buffer.from('7').toString('base64url')}.c`], ['..']])(
    'are not looked for in %s',
    (token) => {
      expect(claimsOf(token)).toBeNull()
      expect(describeClaims(token, T0)).toBe('')
    },
  )

  it('are own properties of the right types', () => {
    const token = `a.${Buffer.from('{"__proto__":{"iss":"x"},"aud":7,"exp":"1","iat":1e300}').toString('base64url')}.c`
    expect(claimsOf(token)).toEqual({ issuer: null, audience: null, issuedAtMs: null, expiresAtMs: null })
  })

  it('are printed without control characters, and not at length', () => {
    const said = describeClaims(jwt({ iss: `a\nb\x1b${'c'.repeat(1_000)}` }), T0)
    expect(said).toContain('issuer a?b?ccc')
    expect(said.length).toBeLessThan(400)
  })

  it('from the future point at the clocks', () => {
    expect(describeClaims(jwt({ iat: T0 / 1_000 + 90 }), T0)).toContain(
      '90 s in the future: compare the clocks',
    )
  })
})

it('an unsecured token has its claims, its times and no signature', async () => {
  const source = unsecuredTokens(
    { claims: new Map([['sub', 'alice']]), lifetimeMs: 3_600_000, extensions: { a: 'b' } },
    { wallTime: () => T0 },
  )
  const token = await source(firstLogin)
  const { value } = usableToken(token)
  const [header = '', payload = '', signature] = value.split('.')
  expect(signature).toBe('')
  expect(Buffer.from(header, 'base64url').toString()).toBe('{"alg":"none"}')
  expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toEqual({
    sub: 'alice',
    iat: T0 / 1_000,
    exp: T0 / 1_000 + 3_600,
  })
})
