import { pbkdf2Sync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { DeriveKey } from '../../../../src/environment/environment.js'
import { AuthenticationError } from '../../../../src/errors.js'
import { SaltedPassword } from '../../../../src/network/sasl/salted-password.js'
import { scram, scramConversation } from '../../../../src/network/sasl/scram.js'
import { cryptography } from '../../../simulation/cryptography.js'
import { firstLogin, text } from './login-context.js'

const NONCE = 'rOprNGfwEbeRWgbNEkqO'
const SERVER_NONCE = `${NONCE}%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0`
const SERVER_FIRST = `r=${SERVER_NONCE},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`
const pencil = { username: 'user', password: 'pencil' }

/** RFC 7677 for SHA-256. No RFC has a vector for SHA-512: Kafka's own ScramFormatter computed this one. */
const vectors = [
  {
    hash: 'sha256',
    proof: 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
    server: '6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  },
  {
    hash: 'sha512',
    proof: 'gMGXRcevScNtxZ6/8lQYpGtnsNAc3mGcmNomv+xnoOMw+3R2xNJdMNnzMlTN8PPC6wdp6dybEmDYXYTxwnYPJQ==',
    server: 'ZQnYEgWQMFmmsM8aQMF0nDDCy/AgCzkwk8CmMZYcMg0vSVlKDanekLtifDSeVGT4+5ZxXnJq199RVG2rR7N7Zw==',
  },
] as const

function begin(
  hash: 'sha256' | 'sha512' = 'sha256',
  credentials: Parameters<typeof scramConversation>[1] = pencil,
) {
  return scramConversation(hash, credentials, NONCE, new SaltedPassword(hash, cryptography.deriveKey))
}

describe.each(vectors)('SCRAM with $hash', ({ hash, proof, server }) => {
  it('sends and accepts the messages of the vector', async () => {
    const login = begin(hash)
    expect(text(await login.next(null))).toBe(`n,,n=user,r=${NONCE}`)
    expect(text(await login.next(Buffer.from(SERVER_FIRST)))).toBe(`c=biws,r=${SERVER_NONCE},p=${proof}`)
    expect(await login.next(Buffer.from(`v=${server}`))).toBeNull()
    await expect(login.next(Buffer.from('more'))).rejects.toThrow('after the end of SCRAM')
  })

  it.each([
    ['', 'without the proof'],
    ['x=y', 'without the proof'],
    ['v=', 'no base64'],
    ['v=####', 'no base64'],
    [`v=${server.slice(0, -4)}`, 'did not prove'],
    ['v=AAAA', 'did not prove'],
    [`v=${Buffer.alloc(Buffer.from(server, 'base64').length).toString('base64')}`, 'did not prove'],
    ['e=invalid-proof', 'refused the SCRAM login: invalid-proof'],
    ['e=\u0007\u0007', 'refused the SCRAM login: for a reason that makes no sense'],
  ])('refuses a server whose last message is %j', async (final, problem) => {
    const login = begin(hash)
    await login.next(null)
    await login.next(Buffer.from(SERVER_FIRST))
    const refused = login.next(Buffer.from(final))
    await expect(refused).rejects.toThrow(problem)
    await expect(refused).rejects.toBeInstanceOf(AuthenticationError)
  })
})

describe('a login with a line break behind the password', () => {
  const hint = 'the password ends with a line break: remove what does not belong there'
  const written = { username: 'user', password: 'pencil\n' }

  it('says so after a refusal', () => {
    expect(begin('sha256', written).refused?.(null)).toEqual({ hint })
    expect(begin('sha256', pencil).refused?.(null)).toEqual({})
  })

  it("says so after a refusal in SCRAM's own messages", async () => {
    const login = begin('sha256', written)
    await login.next(null)
    await login.next(Buffer.from(SERVER_FIRST))
    await expect(login.next(Buffer.from('e=invalid-proof'))).rejects.toThrow(
      `refused the SCRAM login: invalid-proof. T${hint.slice(1)}`,
    )
  })
})

describe("the server's first message", () => {
  it.each([
    ['', 'field r is missing'],
    [`s=AAAA,r=${SERVER_NONCE},i=4096`, 'field r is missing or out of order'],
    [`r=${SERVER_NONCE},i=4096,s=AAAA`, 'field s is missing or out of order'],
    [`r=${SERVER_NONCE},s=AAAA`, 'field i is missing'],
    [`r=${SERVER_NONCE},r=${SERVER_NONCE},s=AAAA,i=4096`, 'field s is missing'],
    [`m=x,${SERVER_FIRST}`, 'demands an extension'],
    ['e=unknown-user', 'refused the SCRAM login: unknown-user'],
    [`${SERVER_FIRST},m=x`, 'malformed or out of order'],
    [`${SERVER_FIRST},i=4096`, 'malformed or out of order'],
    [`${SERVER_FIRST},`, 'malformed or out of order'],
    [`${SERVER_FIRST},xyz`, 'malformed or out of order'],
    [`r=${NONCE},s=AAAA,i=4096`, 'does not extend'],
    [`r=${NONCE.slice(1)}abc,s=AAAA,i=4096`, 'does not extend'],
    [`r=${NONCE}\u0001,s=AAAA,i=4096`, 'does not extend'],
    [`r=${SERVER_NONCE},s=,i=4096`, 'the salt is no base64'],
    [`r=${SERVER_NONCE},s=A,i=4096`, 'the salt is no base64'],
    [`r=${SERVER_NONCE},s=AA-_,i=4096`, 'the salt is no base64'],
    [`r=${SERVER_NONCE},s=AAAA,i=`, 'iterations is no number'],
    [`r=${SERVER_NONCE},s=AAAA,i=4096x`, 'iterations is no number'],
    [`r=${SERVER_NONCE},s=AAAA,i=04096`, 'iterations is no number'],
    [`r=${SERVER_NONCE},s=AAAA,i=-4096`, 'iterations is no number'],
    [`r=${SERVER_NONCE},s=AAAA,i=0`, 'iterations is no number'],
    [`r=${SERVER_NONCE},s=AAAA,i=1`, 'fewer than the 4096'],
    [`r=${SERVER_NONCE},s=AAAA,i=4095`, 'fewer than the 4096'],
    [`r=${SERVER_NONCE},s=AAAA,i=1000001`, 'more than the 1000000'],
    [`r=${SERVER_NONCE},s=AAAA,i=4294967297`, 'more than the 1000000'],
    [`r=${SERVER_NONCE},s=AAAA,i=99999999999999999`, 'iterations is no number'],
  ])('%j is refused', async (message, problem) => {
    const login = begin()
    await login.next(null)
    const refused = login.next(Buffer.from(message, 'latin1'))
    await expect(refused).rejects.toThrow(problem)
    await expect(refused).rejects.toBeInstanceOf(AuthenticationError)
  })

  it('may have extensions, which the proof covers as they are', async () => {
    const withExtension = begin()
    await withExtension.next(null)
    const proof = text(await withExtension.next(Buffer.from(`${SERVER_FIRST},x=é`)))
    expect(proof).toMatch(/^c=biws,r=.*,p=[A-Za-z0-9+/]{43}=$/)
    expect(proof).not.toContain(vectors[0].proof)
  })
})

it.each([
  ['a,b,c=d=e', 'n,,n=a=2Cb=2Cc=3Dd=3De,r='],
  ['=2C', 'n,,n==3D2C,r='],
])('the user name %s is escaped wherever it has to be', async (username, start) => {
  const login = begin('sha256', { username, password: 'p,=%q' })
  expect(text(await login.next(null))).toBe(`${start}${NONCE}`)
})

it('a delegation token is announced', async () => {
  const login = begin('sha256', { username: 'id', password: 'hmac==', delegationToken: true })
  expect(text(await login.next(null))).toBe(`n,,n=id,r=${NONCE},tokenauth=true`)
})

describe('the password', () => {
  const salt = 'W22ZaJ0SNY7soEsUEjb6gQ=='

  /** Derivations that take their time, and a count of those that ran and of the most at a time. */
  function counted(): { deriveKey: DeriveKey; runs: string[]; most: () => number } {
    const runs: string[] = []
    let running = 0
    let most = 0
    return {
      runs,
      most: () => most,
      deriveKey: async (hash, password, salted, iterations) => {
        most = Math.max(most, ++running)
        runs.push(Buffer.from(password).toString('utf8'))
        await new Promise(setImmediate)
        running--
        return pbkdf2Sync(password, salted, iterations, 32, hash)
      },
    }
  }

  it('is used as it is, without preparation', async () => {
    const { deriveKey, runs } = counted()
    await new SaltedPassword('sha256', deriveKey).derive('pªss', Buffer.from(salt), 4_096)
    expect(runs).toEqual(['pªss'])
  })

  it('is derived once for all logins with the same salt, and again when anything changes', async () => {
    const { deriveKey, runs, most } = counted()
    const cache = new SaltedPassword('sha256', deriveKey)
    const first = cache.derive('a', Buffer.from(salt), 4_096)
    await Promise.all([first, cache.derive('a', Buffer.from(salt), 4_096)])
    expect(runs).toEqual(['a'])
    await Promise.all([
      cache.derive('b', Buffer.from(salt), 4_096),
      cache.derive('b', Buffer.from(salt), 8_192),
      cache.derive('b', Buffer.from('other'), 8_192),
    ])
    expect(runs).toEqual(['a', 'b', 'b', 'b'])
    expect(most()).toBe(1)
  })

  it('is derived again after a failure', async () => {
    const { deriveKey } = counted()
    let fails = true
    const cache = new SaltedPassword('sha256', (...given) =>
      fails ? Promise.reject(new Error('no thread')) : deriveKey(...given),
    )
    await expect(cache.derive('a', Buffer.from(salt), 4_096)).rejects.toThrow('no thread')
    fails = false
    await expect(cache.derive('a', Buffer.from(salt), 4_096)).resolves.toHaveLength(32)
  })
})

it('no two of ten thousand nonces are equal, and none has a comma', async () => {
  const { nodeEnvironment } = await import('../../../../src/environment/node-environment.js')
  const mechanism = scram('SCRAM-SHA-256', () => pencil, nodeEnvironment)
  const nonces = new Set<string>()
  for (let i = 0; i < 10_000; i++) {
    const first = text(await (await mechanism.start(firstLogin)).next(null)) ?? ''
    nonces.add(/^n,,n=user,r=([A-Za-z0-9+/]{32})$/.exec(first)?.[1] ?? 'malformed')
  }
  expect(nonces.size).toBe(10_000)
  expect(nonces.has('malformed')).toBe(false)
})
