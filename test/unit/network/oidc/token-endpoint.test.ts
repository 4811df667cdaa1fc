import { describe, expect, it } from 'vitest'
import { type HttpAnswer, HttpError, type HttpRequest } from '../../../../src/environment/http.js'
import { AuthenticationError } from '../../../../src/errors.js'
import { fetchToken, longestFetchMs } from '../../../../src/network/oidc/token-endpoint.js'
import { ManualClock } from '../../../support/manual-clock.js'
import { turns } from '../../../support/turns.js'

const timing = {
  connectTimeoutMs: 2_000,
  readTimeoutMs: 3_000,
  retryBackoffMs: 100,
  retryBackoffMaxMs: 10_000,
}
const tls = {
  context: {
    ca: undefined,
    identity: undefined,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: undefined,
  },
  verifiesAuthority: true,
  identity: 'host',
} as const

const found: HttpAnswer = { status: 200, body: Buffer.from('{"access_token":"a.b.c"}') }
const failed: HttpAnswer = { status: 500, body: Buffer.from('') }

/** A token endpoint that says what a test makes it say. */
class World {
  readonly clock = new ManualClock()
  readonly requests: { readonly atMs: number; readonly request: HttpRequest }[] = []
  readonly controller = new AbortController()
  made = 0
  readonly outcome: Promise<string>

  constructor(
    answer: (request: HttpRequest, attempt: number) => Promise<HttpAnswer>,
    changed: Partial<typeof timing> = {},
  ) {
    const endpoint = {
      ...timing,
      ...changed,
      url: 'https://idp.example/token',
      makeRequest: () => ({ headers: { a: 'b' }, body: `body ${++this.made}`, secrets: [] }),
      tls: async () => tls,
    }
    const postHttp = (request: HttpRequest): Promise<HttpAnswer> => {
      this.requests.push({ atMs: this.clock.now(), request })
      return answer(request, this.requests.length)
    }
    this.outcome = fetchToken(endpoint, this.controller.signal, { clock: this.clock, postHttp })
    this.outcome.catch(() => {})
  }

  /** Lets time pass in steps, with the turns of the event loop that each step causes. */
  async pass(ms: number): Promise<void> {
    await turns()
    for (let passed = 0; passed < ms; passed += 50) {
      this.clock.advance(50)
      await turns()
    }
  }
}

/** Rejects as the network does when the request is given up. */
function never({ signal }: HttpRequest): Promise<HttpAnswer> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}

describe('a token endpoint', () => {
  it('is asked once if it answers', async () => {
    const world = new World(async () => found)
    await expect(world.outcome).resolves.toBe('a.b.c')
    expect(world.requests).toHaveLength(1)
    expect(world.requests[0]?.request).toMatchObject({
      url: 'https://idp.example/token',
      headers: { a: 'b' },
      body: 'body 1',
      maxBytes: 1_048_576,
    })
    expect(world.clock.pending).toBe(0)
  })

  it('is asked again after pauses that double, and each request is made anew', async () => {
    const world = new World(async (_request, attempt) => (attempt === 4 ? found : failed))
    await world.pass(1_000)
    await expect(world.outcome).resolves.toBe('a.b.c')
    expect(world.requests.map(({ atMs }) => atMs)).toEqual([0, 100, 300, 700])
    expect(world.requests.at(-1)?.request.body).toBe('body 4')
  })

  it('is given up when the next pause would end too late', async () => {
    const world = new World(async () => failed)
    await world.pass(20_000)
    await expect(world.outcome).rejects.toThrow(
      'the token endpoint idp.example answered with status 500 (7 attempts in 6300 ms)',
    )
    await expect(world.outcome).rejects.toMatchObject({ retriable: true, fatal: false })
    expect(world.requests.map(({ atMs }) => atMs)).toEqual([0, 100, 300, 700, 1_500, 3_100, 6_300])
    expect(world.clock.pending).toBe(0)
  })

  it.each([0, 1, -5])('is not asked without end if the pause is %d ms', async (retryBackoffMs) => {
    const world = new World(async () => failed, { retryBackoffMs })
    await world.pass(20_000)
    await expect(world.outcome).rejects.toThrow('answered with status 500')
    expect(world.requests.length).toBeLessThanOrEqual(10)
    expect(world.clock.pending).toBe(0)
  })

  it('is not asked again after a refusal', async () => {
    const world = new World(async () => ({ status: 401, body: Buffer.from('') }))
    await expect(world.outcome).rejects.toMatchObject({ retriable: false, fatal: true })
    await world.pass(1_000)
    expect(world.requests).toHaveLength(1)
  })

  it('has a time to be connected to', async () => {
    const world = new World((request, attempt) => (attempt === 1 ? never(request) : Promise.resolve(found)))
    await world.pass(1_950)
    expect(world.requests).toHaveLength(1)
    await world.pass(200)
    await expect(world.outcome).resolves.toBe('a.b.c')
    expect(world.requests.map(({ atMs }) => atMs)).toEqual([0, 2_100])
  })

  it('has a time to say something, which begins anew with each part of the answer', async () => {
    const world = new World((request, attempt) => (attempt === 1 ? never(request) : Promise.resolve(found)))
    await world.pass(1_000)
    world.requests[0]?.request.progressed()
    await world.pass(2_900)
    world.requests[0]?.request.progressed()
    await world.pass(2_900)
    expect(world.requests).toHaveLength(1)
    await world.pass(300)
    await expect(world.outcome).resolves.toBe('a.b.c')
    expect(world.requests.map(({ atMs }) => atMs)).toEqual([0, 7_000])
  })

  it.each([
    ['a certificate', new HttpError('self-signed certificate', 'DEPTH_ZERO_SELF_SIGNED_CERT'), true],
    ['another host', new HttpError('altnames', 'ERR_TLS_CERT_ALTNAME_INVALID'), true],
    ['an endless answer', new HttpError('the answer has more', 'TOO_LARGE'), true],
    ['a lost connection', new HttpError('socket hang up', 'ECONNRESET'), false],
    ['an unknown name', new HttpError('getaddrinfo ENOTFOUND idp', 'ENOTFOUND'), false],
  ])('fails for good or for now: %s', async (_name, cause, isFinal) => {
    const world = new World(() => Promise.reject(cause))
    await world.pass(20_000)
    await expect(world.outcome).rejects.toBeInstanceOf(AuthenticationError)
    await expect(world.outcome).rejects.toMatchObject({ retriable: !isFinal, fatal: isFinal })
    await expect(world.outcome).rejects.not.toHaveProperty('cause', cause)
    expect(world.requests.length).toBe(isFinal ? 1 : 7)
  })

  it('is asked for nothing more when the login is given up, at any time', async () => {
    for (const at of ['asking', 'pausing']) {
      const world = new World((request) => (at === 'asking' ? never(request) : Promise.resolve(failed)))
      await turns()
      world.controller.abort(new Error('given up'))
      await world.pass(20_000)
      await expect(world.outcome).rejects.toThrow('given up')
      expect(world.requests).toHaveLength(1)
      expect(world.clock.pending).toBe(0)
    }
  })

  it('takes no longer than its times together', () => {
    expect(longestFetchMs(timing)).toBe(15_000)
  })
})
