import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../../src/doctor/finding.js'
import { stepFindings, type WalkFacts } from '../../../../src/doctor/judgement/step-findings.js'
import type { AddressWalk, StepOutcome } from '../../../../src/doctor/walk/walk-address.js'
import type { CertificateFacts } from '../../../../src/environment/tls-error.js'
import { AuthenticationError, type KafkaError, NetworkError } from '../../../../src/errors.js'
import type { StepName } from '../../../../src/network/connect/connection-step.js'

const facts: WalkFacts = {
  subject: 'bootstrap server a:1',
  steps: ['TCP connect', 'TLS', 'ApiVersions', 'SaslHandshake', 'SaslAuthenticate'],
  otherKind: null,
  mechanism: 'PLAIN',
  wallTimeMs: Date.UTC(2026, 0, 1),
}

const outcomes = (steps: readonly StepName[], error: KafkaError | null = null): StepOutcome[] =>
  steps.map((step, i) => ({ step, error: i === steps.length - 1 ? error : null, elapsedMs: 1 }))

const walkOf = (made: readonly StepOutcome[], setUp: object = {}): AddressWalk => ({
  address: '10.0.0.7:1',
  outcomes: made,
  setUp: { sessionLifetimeMs: 0n, ...setUp } as AddressWalk['setUp'],
})

const shown = (findings: readonly Finding[]) => findings.map(({ check, verdict }) => `${check} ${verdict}`)

const peer = (validTo: string): CertificateFacts => ({
  subject: 'CN=broker',
  issuer: 'CN=root',
  authority: 'CN=root',
  names: 'DNS:a',
  validFrom: 'Jan  1 00:00:00 2025 GMT',
  validTo,
})

describe('the findings of a connection', () => {
  it('has one for each step, and skips those behind a failure', () => {
    expect(shown(stepFindings(walkOf(outcomes(facts.steps)), facts))).toEqual([
      'tcp ok',
      'tls ok',
      'versions ok',
      'sasl-mechanism ok',
      'sasl-login ok',
    ])
    const failed = outcomes(['TCP connect', 'TLS'], new NetworkError('TLS: no', {}))
    const findings = stepFindings(walkOf(failed), facts)
    expect(shown(findings)).toEqual([
      'tcp ok',
      'tls wrong',
      'versions skipped',
      'sasl-mechanism skipped',
      'sasl-login skipped',
    ])
    expect(findings[2]?.message).toBe('because TLS failed at 10.0.0.7:1')
    expect(findings[1]?.message).toBe('10.0.0.7:1: no')
  })

  it('blames the step that the error names, which the next step heard of', () => {
    const error = new AuthenticationError('TLS: the broker wants a certificate', {
      code: 'TLS_CLIENT_CERTIFICATE',
    })
    const findings = stepFindings(walkOf(outcomes(['TCP connect', 'TLS', 'ApiVersions'], error)), facts)
    expect(findings[2]).toMatchObject({ check: 'tls', message: '10.0.0.7:1: the broker wants a certificate' })
    expect(findings[2]?.fixes.map(({ setting }) => setting)).toContain('ssl.keystore.location')
  })

  it('says that another broker answers', () => {
    const error = new NetworkError('the broker is not node 1 of cluster c (REBOOTSTRAP_REQUIRED)', {
      code: 'REBOOTSTRAP_REQUIRED',
    })
    const findings = stepFindings(walkOf(outcomes(['TCP connect', 'TLS', 'ApiVersions'], error)), facts)
    expect(findings[2]?.message).toBe(
      '10.0.0.7:1: another broker answers there: the broker is not node 1 of cluster c (REBOOTSTRAP_REQUIRED)',
    )
  })

  it.each([
    ['Jan 30 00:00:00 2026 GMT', 'warning', '29 days are left until 2026-01-30'],
    ['Feb 15 00:00:00 2026 GMT', 'ok', '45 days are left until 2026-02-15'],
    ['Dec 31 00:00:00 2025 GMT', 'warning', 'it expired on 2025-12-31'],
  ])('counts the days of a certificate until %s', (validTo, verdict, text) => {
    const session = { protocol: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', peer: peer(validTo) }
    const [, tls] = stepFindings(walkOf(outcomes(facts.steps), { tlsSession: session }), facts)
    expect(tls?.verdict).toBe(verdict)
    expect(tls?.message).toBe(
      `TLSv1.3 with TLS_AES_128_GCM_SHA256; certificate CN=broker of CN=root for DNS:a; ${text}`,
    )
  })
})
