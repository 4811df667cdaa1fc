import { describe, expect, it } from 'vitest'
import { checkValue } from '../../../src/config/check.js'
import { type ConfigKey, configTable } from '../../../src/config/table.js'

// Only settings that a config cannot have yet. The other settings are tested with whole configs.
describe('a value', () => {
  it.each<[ConfigKey, unknown, string]>([
    [
      'transactionalId',
      '',
      'transactionalId must be a string that is not empty, at most 32767 bytes, or null',
    ],
    [
      'interceptors',
      [() => 1],
      'interceptors must be a list of objects, each with a function onSend or onAcknowledgement, got a list',
    ],
    ['keySerializer', 'string', 'keySerializer must be a function, or null, got the string'],
    ['sslEnabledProtocols', [1], 'sslEnabledProtocols must be a list of strings, got a list'],
    [
      'saslLoginRefreshWindowFactor',
      0.4,
      'saslLoginRefreshWindowFactor must be a number from 0.5 to 1, got 0.4',
    ],
    ['tls', true, 'tls must be an object or a function, or null, got a hidden value'],
    ['sslKeyPassword', 5, 'sslKeyPassword must be a string, or null, got a hidden value'],
  ])('of %s that is %j is refused', (key, value, message) => {
    expect(() => checkValue(key, configTable[key], value)).toThrow(message)
  })
})
