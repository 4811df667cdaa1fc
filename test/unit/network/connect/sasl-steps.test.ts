import { afterEach, describe, expect, it } from 'vitest'
import { AuthenticationError, NetworkError, ProtocolError } from '../../../../src/errors.js'
import type { SaslConversation } from '../../../../src/network/sasl/mechanism.js'
import { oauthBearer } from '../../../../src/network/sasl/oauth-bearer.js'
import { plain } from '../../../../src/network/sasl/plain.js'
import { TokenCache } from '../../../../src/network/sasl/token-cache.js'
import { ErrorCode } from '../../../../src/protocol/error-codes.js'
import { SaslAuthenticate } from '../../../../src/protocol/sasl-authenticate.js'
import { SaslHandshake } from '../../../../src/protocol/sasl-handshake.js'
import { type SaslScript, SaslWorld } from '../../../support/sasl-world.js'
import { turns } from '../../../support/turns.js'
import { firstLogin } from '../sasl/login-context.js'

const PASSWORD = 'marker-password'
let world: SaslWorld

afterEach(async () => {
  world.end()
  await turns()
  expect(world.clock.pending).toBe(0)
})

async function plainLogin(
  script: SaslScript,
  ranges?: ConstructorParameters<typeof SaslWorld>[2],
): Promise<SaslWorld> {
  const login = await plain(() => ({ username: 'alice', password: PASSWORD })).start(firstLogin)
  world = new SaslWorld(script, login, ranges)
  return world
}

/** A mechanism of a user's own, from its replies. */
function ownLogin(next: SaslConversation['next'], script: SaslScript = {}): SaslWorld {
  world = new SaslWorld(script, { next })
  return world
}

describe('a login', () => {
  it('shakes hands, authenticates, and learns the lifetime of its session', async () => {
    await plainLogin({ authenticate: () => ({ sessionLifetimeMs: 3_000n }) })
    expect(await world.logIn('PLAIN')).toBeNull()
    expect(world.requests).toEqual([
      { api: 'SaslHandshake', version: 1, said: 'PLAIN' },
      { api: 'SaslAuthenticate', version: 2, said: `\0alice\0${PASSWORD}` },
    ])
    expect(world.setUp.sessionLifetimeMs).toBe(3_000n)
  })

  it('waits for the handshake before the password goes out', async () => {
    await plainLogin({ handshake: () => 'silence' })
    void world.logIn('PLAIN')
    await turns()
    expect(world.requests.map(({ api }) => api)).toEqual(['SaslHandshake'])
  })

  it('takes an older SaslAuthenticate, which tells no lifetime', async () => {
    await plainLogin({}, [
      [SaslHandshake.key, [0, 1]],
      [SaslAuthenticate.key, [0, 0]],
    ])
    expect(await world.logIn('PLAIN')).toBeNull()
    expect(world.requests[1]).toMatchObject({ api: 'SaslAuthenticate', version: 0 })
  })

  it('can be one of many rounds, in which the server speaks first', async () => {
    const heard: (string | null)[] = []
    ownLogin(
      async (challenge) => {
        heard.push(challenge === null ? null : Buffer.from(challenge).toString())
        if (challenge === null) return new Uint8Array()
        return heard.length === 4 ? null : Buffer.from(`answer ${heard.length}`)
      },
      { authenticate: (_bytes, round) => ({ authBytes: Buffer.from(`question ${round}`) }) },
    )
    expect(await world.logIn('X-OWN')).toBeNull()
    expect(heard).toEqual([null, 'question 0', 'question 1', 'question 2'])
    expect(world.requests.slice(1).map(({ said }) => said)).toEqual(['', 'answer 2', 'answer 3'])
  })
})

describe('the broker', () => {
  it('may refuse the password', async () => {
    await plainLogin({
      authenticate: () => ({
        errorCode: ErrorCode.SASL_AUTHENTICATION_FAILED,
        errorMessage: 'Authentication failed: Invalid username or password',
      }),
    })
    const error = await world.refused('PLAIN')
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(error).toMatchObject({ code: 'SASL_AUTHENTICATION_FAILED', fatal: true, retriable: false })
    expect(error.message).toBe(
      'SaslAuthenticate: the broker refused the PLAIN login: Authentication failed: Invalid username or password',
    )
  })

  it('may refuse a password that was read with the line break of its file', async () => {
    const login = await plain(() => ({ username: 'alice', password: `${PASSWORD}\n` })).start(firstLogin)
    world = new SaslWorld(
      { authenticate: () => ({ errorCode: ErrorCode.SASL_AUTHENTICATION_FAILED, errorMessage: 'no' }) },
      login,
    )
    const { message } = await world.refused('PLAIN')
    expect(message).toBe(
      'SaslAuthenticate: the broker refused the PLAIN login: no. The password ends with a line break: remove what does not belong there',
    )
  })

  it('may offer other mechanisms, which are named and not used', async () => {
    await plainLogin({
      handshake: () => ({
        errorCode: ErrorCode.UNSUPPORTED_SASL_MECHANISM,
        mechanisms: ['SCRAM-SHA-512', 'OAUTHBEARER'],
      }),
    })
    const error = await world.refused('PLAIN')
    expect(error).toMatchObject({ code: 'UNSUPPORTED_SASL_MECHANISM', fatal: true, retriable: false })
    expect(error.message).toBe(
      'SaslHandshake: the broker does not offer the mechanism PLAIN; it offers OAUTHBEARER, SCRAM-SHA-512: choose one of these',
    )
    expect(world.requests).toHaveLength(1)
  })

  it('may have no SASL on this listener', async () => {
    await plainLogin({ handshake: () => ({ errorCode: ErrorCode.ILLEGAL_SASL_STATE, mechanisms: [] }) })
    const error = await world.refused('PLAIN')
    expect(error).toMatchObject({ code: 'ILLEGAL_SASL_STATE', fatal: true, retriable: false })
    expect(error.message).toBe(
      'SaslHandshake: this listener does not use SASL: use the port of a SASL listener, or a security.protocol without SASL',
    )
  })

  it('may refuse a token in two steps, and the claims of the token explain it', async () => {
    const claims = Buffer.from('{"iss":"me","exp":1}').toString('base64url')
    const tokens = new TokenCache(
      () => ({ value: `a.${claims}.c`, expiresAtMs: 3_000 }),
      { windowFactor: 0.8, windowJitter: 0, minPeriodMs: 0, bufferMs: 0 },
      { clock: { wallTime: () => 2_000 }, random: () => 0 },
      () => {},
    )
    const login = await oauthBearer(tokens, { wallTime: () => 2_000 }).start(firstLogin)
    world = new SaslWorld(
      {
        authenticate: (_bytes, round) =>
          round === 0
            ? { authBytes: Buffer.from('{"status":"invalid_token"}') }
            : {
                errorCode: ErrorCode.SASL_AUTHENTICATION_FAILED,
                errorMessage: '{"status":"invalid_token"}',
              },
      },
      login,
    )
    const error = await world.refused('OAUTHBEARER')
    expect(world.requests.at(-1)?.said).toBe('\x01')
    expect(error).toMatchObject({ code: 'SASL_AUTHENTICATION_FAILED', fatal: true })
    expect(error.message).toBe(
      'SaslAuthenticate: the broker refused the OAUTHBEARER login: {"status":"invalid_token"}. The token\'s own claims are issuer me, audience (none), expires 1970-01-01T00:00:01.000Z; this machine\'s clock says 1970-01-01T00:00:02.000Z, so it expired 1000 ms ago',
    )
  })

  it('may say things that no terminal should show', async () => {
    await plainLogin({
      authenticate: () => ({
        errorCode: ErrorCode.SASL_AUTHENTICATION_FAILED,
        errorMessage: `no\r\n\x1b[31m${'x'.repeat(10_000)}`,
      }),
    })
    const { message } = await world.refused('PLAIN')
    expect(message).toMatch(/: no \[31mx+\.\.\.$/)
    expect(message.length).toBeLessThan(400)
  })

  it.each(['SaslHandshake', 'SaslAuthenticate'] as const)(
    'may close the connection in the step %s, which is worth another attempt',
    async (step) => {
      await plainLogin(
        step === 'SaslHandshake' ? { handshake: () => 'close' } : { authenticate: () => 'close' },
      )
      const error = await world.refused('PLAIN')
      expect(error).toBeInstanceOf(NetworkError)
      expect(error).toMatchObject({ retriable: true })
      expect(error.message).toContain(`${step}: broker kafka:9092 (node 1) closed the connection`)
    },
  )

  it.each(['SaslHandshake', 'SaslAuthenticate'] as const)(
    'may never answer %s, which ends with the time of the set-up and names the step',
    async (step) => {
      await plainLogin(
        step === 'SaslHandshake' ? { handshake: () => 'silence' } : { authenticate: () => 'silence' },
      )
      const refused = world.refused('PLAIN')
      await turns()
      for (let i = 0; i < 25; i++) {
        world.clock.advance(500)
        await turns()
      }
      const error = await refused
      expect(error).toMatchObject({ code: 'NETWORK', retriable: true })
      expect(error.message).toBe(`${step}: not done within 10000 ms`)
    },
  )

  it('may want only the old handshake, whose tokens carry no error: it is refused', async () => {
    await plainLogin({}, [
      [SaslHandshake.key, [0, 0]],
      [SaslAuthenticate.key, [0, 2]],
    ])
    const error = await world.refused('PLAIN')
    expect(error).toMatchObject({ code: 'UNSUPPORTED_VERSION' })
    expect(error.message).toContain('this client needs 1 to 1 (of 0 to 1)')
    expect(world.requests).toEqual([])
  })
})

describe('a hostile broker', () => {
  it.each([
    [[0x7f, 0xff, 0xff, 0xff], 'more than the 524288 that are taken before the connection is set up'],
    [[0x00, 0x08, 0x00, 0x01], 'a response of 524289 bytes'],
    [[0xff, 0xff, 0xff, 0xff], 'a response of -1 bytes'],
    [[0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x50], 'a response of 352518912 bytes'],
  ])('cannot make the client wait for the frame %j', async (bytes, problem) => {
    await plainLogin({ authenticate: () => Buffer.from(bytes) })
    const error = await world.refused('PLAIN')
    expect(error).toBeInstanceOf(ProtocolError)
    expect(error.message).toContain(problem)
  })

  it('cannot fill an error with the mechanisms that it offers', async () => {
    const mechanisms = Array.from({ length: 10_000 }, (_, i) => `X-${i}-${'x'.repeat(30)}`)
    await plainLogin({ handshake: () => ({ errorCode: ErrorCode.UNSUPPORTED_SASL_MECHANISM, mechanisms }) })
    const { message } = await world.refused('PLAIN')
    expect(message).toMatch(/it offers X-0-x+, X-1-x+, .* and 9980 others: choose one of these$/)
    expect(message.length).toBeLessThan(1_000)
  })
})

describe('a mechanism of a user', () => {
  it.each([
    [() => null, 'ended before it had sent anything'],
    [() => 'text' as never, 'gave a message that is no Uint8Array'],
    [() => new Uint8Array(524_289), 'more than the 524288 that brokers take'],
    [
      () => {
        throw new Error('no ticket')
      },
      'the mechanism X-OWN failed: no ticket',
    ],
    [() => Promise.reject('text'), 'the mechanism X-OWN failed: string'],
  ])('that does nonsense (%#) is told so', async (next, problem) => {
    ownLogin(next)
    const error = await world.refused('X-OWN')
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(error.message).toContain(problem)
  })

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('a bug with the ticket in it')
      },
    ],
    ['gives nothing', () => null],
    ['gives a hint that is no text', () => ({ hint: 7, mayRetry: 'no' })],
    ['gives a promise that is refused', () => Promise.reject(new Error('a bug with the ticket in it'))],
  ])('whose part in a refusal %s does not hide that the broker refused', async (_, refused) => {
    const authenticate = () => ({ errorCode: ErrorCode.SASL_AUTHENTICATION_FAILED, errorMessage: 'no' })
    world = new SaslWorld(
      { authenticate },
      { next: () => new Uint8Array(1), refused: refused as () => never },
    )
    const error = await world.refused('X-OWN')
    expect(error).toMatchObject({ code: 'SASL_AUTHENTICATION_FAILED', fatal: true, retriable: false })
    expect(error.message).toBe('SaslAuthenticate: the broker refused the X-OWN login: no')
  })
})
