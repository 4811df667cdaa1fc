import { describe, expect, it } from 'vitest'
import { AuthenticationError, ConfigError, type KafkaError } from '../../../../src/errors.js'
import { startLogin } from '../../../../src/network/connect/sasl-login.js'
import type { SaslMechanism } from '../../../../src/network/sasl/mechanism.js'
import { Stalls } from '../../../../src/network/stalls.js'
import { ManualClock } from '../../../support/manual-clock.js'
import { turns } from '../../../support/turns.js'

const context = { host: 'kafka', port: 9092, clientId: 'test', isRenewal: false, serviceName: null }

class Login {
  readonly clock: ManualClock = new ManualClock()
  readonly controller: AbortController = new AbortController()
  given: AbortSignal | undefined
  outcome: unknown

  async begin(start: SaslMechanism['start'], startTimeoutMs?: number): Promise<void> {
    const { signal } = this.controller
    startLogin({
      mechanism: {
        name: 'X-OWN',
        startTimeoutMs,
        start: (given) => {
          this.given = given.signal
          return start(given)
        },
      },
      context,
      stalls: new Stalls(this.clock),
      timeoutMs: 1_000,
      broker: 'kafka:9092 (node 1)',
      signal,
    }).then(
      (conversation) => (this.outcome = conversation),
      (error: KafkaError) => (this.outcome = error),
    )
    await turns()
  }
}

describe('credentials', () => {
  it('are asked for with the broker and the client', async () => {
    const login = new Login()
    const conversation = { next: () => null }
    await login.begin(async (given) => {
      expect(given).toMatchObject(context)
      return conversation
    })
    expect(login.outcome).toBe(conversation)
    expect(login.given?.aborted).toBe(false)
    expect(login.clock.pending).toBe(0)
  })

  it.each([
    [undefined, 1_000],
    [500, 1_000],
    [30_000, 30_000],
    [Number.NaN, 1_000],
  ])('of a mechanism that asks for %s ms have %d ms', async (asked, given) => {
    const login = new Login()
    await login.begin(() => new Promise(() => {}), asked)
    login.clock.advance(given - 1)
    await turns()
    expect(login.outcome).toBeUndefined()
    for (let i = 0; i < 4; i++) {
      login.clock.advance(500)
      await turns()
    }
    expect(String(login.outcome)).toContain(`no credentials came within ${given} ms`)
  })

  it('that do not come in time are a failure that may pass, and the function is told', async () => {
    const login = new Login()
    await login.begin(() => new Promise(() => {}))
    for (let i = 0; i < 4; i++) {
      login.clock.advance(500)
      await turns()
    }
    expect(login.outcome).toBeInstanceOf(AuthenticationError)
    expect(login.outcome).toMatchObject({
      retriable: true,
      fatal: false,
      message: 'there are no credentials for X-OWN: no credentials came within 1000 ms',
    })
    expect(login.given?.aborted).toBe(true)
    expect(login.clock.pending).toBe(0)
  })

  it('that a mechanism still has from before are taken when the time is over', async () => {
    const login = new Login()
    const older = { next: () => null }
    await login.begin(
      ({ signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(older), { once: true })),
    )
    for (let i = 0; i < 4; i++) {
      login.clock.advance(500)
      await turns()
    }
    expect(login.outcome).toBe(older)
    expect(login.given?.reason).toMatchObject({ name: 'TimeoutError' })
    expect(login.clock.pending).toBe(0)
  })

  it('that are not wanted any more are not waited for', async () => {
    const login = new Login()
    await login.begin(() => new Promise(() => {}))
    login.controller.abort()
    await turns()
    expect(login.outcome).toMatchObject({ message: expect.stringContaining('the login was given up') })
    expect(login.given?.aborted).toBe(true)
  })

  it.each([
    [new Error('503 from the\nserver'), 'there are no credentials for X-OWN: 503 from the server'],
    [new Error(), 'there are no credentials for X-OWN: the function gave no reason'],
    ['text', 'there are no credentials for X-OWN: string'],
    // As fetch rejects.
    [
      new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
      'there are no credentials for X-OWN: The operation was aborted due to timeout',
    ],
    [new ConfigError('x', 'wrong'), 'there are no credentials for X-OWN: wrong'],
  ])('whose function fails with %o may come later', async (failure, message) => {
    for (const start of [
      () => Promise.reject(failure),
      () => {
        throw failure
      },
    ]) {
      const login = new Login()
      await login.begin(start)
      expect(login.outcome).toMatchObject({ name: 'AuthenticationError', retriable: true, message })
      // An error of an HTTP library has the request in it.
      expect(login.outcome).not.toHaveProperty('cause')
    }
  })

  it('that are nonsense are final', async () => {
    const login = new Login()
    await login.begin(() => undefined as never)
    expect(login.outcome).toMatchObject({ name: 'AuthenticationError', retriable: false, fatal: true })
  })
})
