import { expect, it } from 'vitest'
import {
  clientSettingsFindings,
  type JudgedSettings,
} from '../../../../src/doctor/judgement/client-settings.js'

const defaults: JudgedSettings = {
  acks: -1,
  enableIdempotence: true,
  maxInFlightRequestsPerConnection: 5,
  retries: 2_147_483_647,
  securityProtocol: 'PLAINTEXT',
}

it.each([
  [{}, [], ['ok']],
  [{ acks: 0, enableIdempotence: false }, [], ['acks=0', 'enable.idempotence=false']],
  [{ acks: 1, enableIdempotence: false }, [], ['acks=1', 'enable.idempotence=false']],
  [{ enableIdempotence: false }, [], ['enable.idempotence=false']],
  [{}, ['a warning of the client'], ['a warning']],
] as const)('%j with the warnings %j', (given, logged, expected) => {
  const found = clientSettingsFindings({ ...defaults, ...given }, logged)
  expect(found).toHaveLength(expected.length)
  found.forEach(({ verdict, message }, i) => {
    const words = expected[i] ?? ''
    if (words === 'ok') expect(verdict).toBe('ok')
    else expect([verdict, message.startsWith(words)]).toEqual(['warning', true])
  })
})

it('a retry cannot reorder with one request in flight, or without retries', () => {
  const [many] = clientSettingsFindings({ ...defaults, enableIdempotence: false }, [])
  expect(many?.message).toContain('or behind a later one')
  const one = { ...defaults, enableIdempotence: false, maxInFlightRequestsPerConnection: 1 }
  expect(clientSettingsFindings(one, [])[0]?.message).not.toContain('or behind a later one')
})

it('the brokers, and not the client alone, decide how many replicas hold a confirmed record', () => {
  expect(clientSettingsFindings(defaults, [])[0]?.message).toBe(
    'acks=all, idempotent, PLAINTEXT: all replicas in sync confirm a record, and no retry duplicates or reorders it',
  )
})
