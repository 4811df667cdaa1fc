import { afterEach, describe, expect, it } from 'vitest'
import { AuthenticationError, NetworkError } from '../../../../src/errors.js'
import type { SaslConversation } from '../../../../src/network/sasl/mechanism.js'
import { oauthBearer } from '../../../../src/network/sasl/oauth-bearer.js'
import { plain } from '../../../../src/network/sasl/plain.js'
import { scram } from '../../../../src/network/sasl/scram.js'
import { TokenCache } from '../../../../src/network/sasl/token-cache.js'
import { ErrorCode } from '../../../../src/protocol/error-codes.js'
import { cryptography } from '../../../simulation/cryptography.js'
import { type SaslScript, SaslWorld } from '../../../support/sasl-world.js'
import { turns } from '../../../support/turns.js'
import { firstLogin } from '../sasl/login-context.js'

let world: SaslWorld

afterEach(async () => {
  world.end()
  await turns()
  expect(world.clock.pending).toBe(0)
})

function ownLogin(
  next: SaslConversation['next'],
  script: SaslScript = {},
  refused: Pick<SaslConversation, 'refused'> = {},
): SaslWorld {
  world = new SaslWorld(script, { next, ...refused })
  return world
}

/** Lets the time of the set-up pass. */
async function passSetUpTime(): Promise<void> {
  await turns()
  for (let i = 0; i < 25; i++) {
    world.clock.advance(500)
    await turns()
  }
}

describe('a mechanism of a user', () => {
  it('has as many rounds as it needs', async () => {
    let rounds = 0
    ownLogin(
      (challenge) => {
        rounds++
        return rounds <= 100 ? Buffer.from(`answer to ${challenge ?? 'nothing'}`) : null
      },
      { authenticate: (_bytes, round) => ({ authBytes: Buffer.from(String(round)) }) },
    )
    expect(await world.logIn('X-OWN')).toBeNull()
    expect(world.requests).toHaveLength(101)
    expect(world.requests.at(-1)?.said).toBe('answer to 98')
  })

  it.each([
    ['never ends', () => Buffer.from('x')],
    ['never answers', () => new Promise<never>(() => {})],
  ])('that %s is given up with the time of the set-up', async (_name, next) => {
    ownLogin(next)
    const refused = world.refused('X-OWN')
    await passSetUpTime()
    const error = await refused
    expect(error).toBeInstanceOf(NetworkError)
    expect(error).toMatchObject({ retriable: true })
    expect(error.message).toBe('SaslAuthenticate: not done within 10000 ms')
    const asked = world.requests.length
    await turns()
    expect(world.requests).toHaveLength(asked)
  })
})

describe('what a mechanism of a user says of a refusal', () => {
  it.each([
    [
      'a bug',
      () => {
        throw new TypeError('no property of undefined')
      },
    ],
    ['nothing', () => null],
    ['no text', () => ({ hint: 7 })],
  ])('may be %s, and the refusal stays final', async (_name, refused) => {
    const own = { refused } as unknown as Pick<SaslConversation, 'refused'>
    const script = {
      authenticate: () => ({ errorCode: ErrorCode.SASL_AUTHENTICATION_FAILED, errorMessage: 'no' }),
    }
    ownLogin(() => Buffer.from('x'), script, own)
    const error = await world.refused('X-OWN')
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(error).toMatchObject({ code: 'SASL_AUTHENTICATION_FAILED', retriable: false, fatal: true })
    expect(error.message).toContain('the broker refused the X-OWN login: no')
  })
})

describe('a broker that goes on for ever', () => {
  it.each([
    ['PLAIN', () => plain(() => ({ username: 'a', password: 'b' }))],
    ['SCRAM-SHA-256', () => scram('SCRAM-SHA-256', () => ({ username: 'a', password: 'b' }), cryptography)],
    [
      'OAUTHBEARER',
      () =>
        oauthBearer(
          new TokenCache(
            () => 'abc',
            { windowFactor: 0.8, windowJitter: 0, minPeriodMs: 0, bufferMs: 0 },
            { clock: { wallTime: () => 0 }, random: () => 0 },
            () => {},
          ),
          { wallTime: () => 0 },
        ),
    ],
  ])('ends %s within three rounds', async (name, mechanism) => {
    const conversation = await mechanism().start(firstLogin)
    world = new SaslWorld({ authenticate: () => ({ authBytes: Buffer.from('more') }) }, conversation)
    const error = await world.refused(name)
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(world.requests.filter(({ api }) => api === 'SaslAuthenticate').length).toBeLessThanOrEqual(3)
  })
})
