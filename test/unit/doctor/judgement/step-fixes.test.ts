import { expect, it } from 'vitest'
import { stepFixes } from '../../../../src/doctor/judgement/step-fixes.js'
import type { KafkaErrorCode } from '../../../../src/errors.js'
import type { StepName } from '../../../../src/network/connect/connection-step.js'

it.each([
  ['TCP connect', 'NETWORK', ['bootstrap.servers', 'listeners', null]],
  ['TLS', 'TLS_AUTHORITY_UNKNOWN', ['ssl.truststore.location']],
  ['TLS', 'TLS_SETTINGS', [null]],
  ['TLS', 'NETWORK', ['security.protocol']],
  ['ApiVersions', 'TLS_REQUIRED', ['security.protocol']],
  ['ApiVersions', 'UNSUPPORTED_VERSION', ['bootstrap.servers']],
  ['ApiVersions', 'PROTOCOL', ['bootstrap.servers']],
  ['ApiVersions', 'REBOOTSTRAP_REQUIRED', []],
  ['SaslHandshake', 'UNSUPPORTED_SASL_MECHANISM', ['sasl.mechanism', 'sasl.enabled.mechanisms']],
  ['SaslAuthenticate', 'SASL_AUTHENTICATION_FAILED', ['sasl.jaas.config', 'sasl.mechanism']],
  ['credentials', 'NETWORK', ['sasl.jaas.config']],
] as const satisfies readonly (readonly [StepName, KafkaErrorCode, readonly unknown[]])[])(
  'the settings to look at after %s failed with %s',
  (step, code, settings) => {
    expect(stepFixes(step, { code }).map(({ setting }) => setting)).toEqual(settings)
  },
)
