import { describe, expect, it } from 'vitest'
import { startLogin } from '../../../../src/network/connect/sasl-login.js'
import { oauthBearer } from '../../../../src/network/sasl/oauth-bearer.js'
import { TokenCache } from '../../../../src/network/sasl/token-cache.js'
import { Stalls } from '../../../../src/network/stalls.js'
import { ManualClock } from '../../../support/manual-clock.js'
import { passTime } from '../../../support/pass-time.js'
import { firstLogin, text } from './login-context.js'

const T0 = Date.parse('2026-01-02T03:04:05Z')
const refresh = { windowFactor: 0.8, windowJitter: 0, minPeriodMs: 0, bufferMs: 0 }
/** The reason of the signal of a login whose time is over. */
const overdue = new DOMException('no credentials came within 10000 ms', 'TimeoutError')

/** A token function that answers until it falls silent. */
class SilentSource {
  isSilent = false
  nowMs = T0
  /** Times at which the function was called, after T0. */
  readonly calls: number[] = []
  readonly warnings: string[] = []
  readonly tokens: TokenCache = new TokenCache(
    () => {
      this.calls.push(this.nowMs - T0)
      return this.isSilent ? new Promise(() => {}) : { value: 'a', expiresAtMs: T0 + 100_000 }
    },
    refresh,
    { clock: { wallTime: () => this.nowMs }, random: () => 0 },
    (warning) => this.warnings.push(warning),
  )
}

describe('a token function that does not answer', () => {
  it('leaves the old token in use when the time of the login is over', async () => {
    const source = new SilentSource()
    await source.tokens.tokenFor(firstLogin)
    source.isSilent = true
    source.nowMs = T0 + 80_000
    const login = new AbortController()
    const outcome = source.tokens.tokenFor({ ...firstLogin, signal: login.signal })
    source.nowMs = T0 + 85_000
    login.abort(overdue)
    await expect(outcome).resolves.toMatchObject({ token: { value: 'a' }, isReused: true })
    expect(source.warnings).toEqual([
      'there is no new token yet, and the old one stays in use until 2026-01-02T03:05:45.000Z: the token function failed',
    ])
    // The next logins do not wait.
    source.nowMs = T0 + 94_999
    await expect(source.tokens.tokenFor(firstLogin)).resolves.toMatchObject({ isReused: true })
    expect(source.calls).toEqual([0, 80_000])
  })

  it('fails the login if there is no older token, or it has expired meanwhile', async () => {
    const source = new SilentSource()
    source.isSilent = true
    const first = new AbortController()
    const withoutOlder = source.tokens.tokenFor({ ...firstLogin, signal: first.signal })
    first.abort(overdue)
    await expect(withoutOlder).rejects.toThrow('no credentials came within 10000 ms')
    source.isSilent = false
    await source.tokens.tokenFor(firstLogin)
    source.isSilent = true
    source.nowMs = T0 + 95_000
    const second = new AbortController()
    const withExpired = source.tokens.tokenFor({ ...firstLogin, signal: second.signal })
    source.nowMs = T0 + 100_000
    second.abort(overdue)
    await expect(withExpired).rejects.toThrow('no credentials came within 10000 ms')
    expect(source.warnings).toEqual([])
  })

  it('does not fail the login of a connection as long as the old token is good', async () => {
    const source = new SilentSource()
    const clock = new ManualClock()
    const wallTime = () => source.nowMs
    const { signal, ...context } = firstLogin
    const begin = () =>
      startLogin({
        mechanism: oauthBearer(source.tokens, { wallTime }),
        context,
        stalls: new Stalls(clock),
        timeoutMs: 10_000,
        broker: 'kafka:9092 (node 1)',
        signal,
      })
    await begin()
    source.isSilent = true
    source.nowMs = T0 + 80_000
    const second = begin()
    await passTime(clock, 11_000, 500, 6)
    const conversation = await second
    expect(text(await conversation.next(null))).toContain('auth=Bearer a\x01')
    expect(clock.pending).toBe(0)
  })
})
