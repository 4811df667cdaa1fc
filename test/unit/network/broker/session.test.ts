import { describe, expect, it } from 'vitest'
import { Session } from '../../../../src/network/broker/session.js'
import type { Connection } from '../../../../src/network/connection/connection.js'
import { ManualClock } from '../../../support/manual-clock.js'

/** When the session is renewed after its login, and whether it has ended by then; null if it never is. */
function renewal(lifetimeMs: bigint, random = 0): { atMs: number; hasEnded: boolean } | null {
  const clock = new ManualClock()
  const connection = { requestCount: 0, isQuiet: true } as Connection
  let found: { atMs: number; hasEnded: boolean } | null = null
  const due = (session: Session): void => {
    found = { atMs: clock.now(), hasEnded: session.hasEnded(clock.now()) }
  }
  const session = Session.begin({ clock, random: () => random, connection, lifetimeMs, due })
  clock.advance(366 * 24 * 3_600_000)
  session?.end()
  expect(clock.pending).toBe(0)
  return found
}

describe('a session', () => {
  it('is renewed after 80 % of its lifetime, and up to 10 % more', () => {
    expect(renewal(100_000n)).toEqual({ atMs: 80_000, hasEnded: false })
    expect(renewal(100_000n, 0.25)).toEqual({ atMs: 82_500, hasEnded: false })
  })

  it.each([1n, 2n, 500n, 1_000n])(
    'of %d ms is renewed after a second, although it has ended',
    (lifetimeMs) => {
      expect(renewal(lifetimeMs)).toEqual({ atMs: 1_000, hasEnded: true })
    },
  )

  it.each([2n ** 62n, 2n ** 63n - 1n])('of %d ms is renewed within a year', (lifetimeMs) => {
    expect(renewal(lifetimeMs)).toEqual({ atMs: 0.8 * 365 * 24 * 3_600_000, hasEnded: false })
  })

  it.each([0n, -1n])('of %d ms has no end', (lifetimeMs) => {
    expect(renewal(lifetimeMs)).toBeNull()
  })
})
