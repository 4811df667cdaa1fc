import { expect, it } from 'vitest'
import { AuthenticationError, type KafkaError, NetworkError } from '../../../src/errors.js'
import { FAULT_NAMES } from '../../simulation/fault-kinds.js'
import { connectionInUse, isRefused, REASONS_TO_REFUSE } from '../../simulation/security/refusal-judge.js'

const failedAt = (settledAtMs: number, error: KafkaError) => ({
  outcomes: [{ kind: 'failed' as const, error }],
  settledAtMs,
})
const usable = { port: 9_093, fromMs: 100, untilMs: 200 }

it('a refused record is one that failed with an AuthenticationError', () => {
  expect(isRefused(failedAt(150, new AuthenticationError('the broker refused the login')))).toBe(true)
  expect(isRefused(failedAt(150, new NetworkError('reset')))).toBe(false)
  expect(isRefused({ outcomes: [] })).toBe(false)
})

it('a connection is in use between its first request and its end, both excluded', () => {
  expect(connectionInUse({ settledAtMs: 150 }, [usable])).toBe(usable)
  for (const settledAtMs of [50, 100, 200, 250]) expect(connectionInUse({ settledAtMs }, [usable])).toBeNull()
})

it('the reasons for a refusal are kinds of faults', () => {
  expect(FAULT_NAMES).toEqual(expect.arrayContaining([...REASONS_TO_REFUSE]))
})
