import { describe, expect, it } from 'vitest'
import { tlsRange } from '../../../../src/config/tls/tls-versions.js'

describe('the versions of TLS', () => {
  it.each([
    ['TLSv1.3', ['TLSv1.2', 'TLSv1.3'], 'TLSv1.2', 'TLSv1.3'],
    ['TLSv1.3', ['TLSv1.3', 'TLSv1.2'], 'TLSv1.2', 'TLSv1.3'],
    ['TLSv1.2', ['TLSv1.2', 'TLSv1.3'], 'TLSv1.2', 'TLSv1.2'],
    ['TLS', ['TLSv1.2', 'TLSv1.3'], 'TLSv1.2', 'TLSv1.3'],
    ['TLS', ['TLSv1.3'], 'TLSv1.3', 'TLSv1.3'],
    ['TLSv1.3', [], 'TLSv1.2', 'TLSv1.3'],
    ['TLSv1.3', ['TLSv1', 'TLSv1.1', 'TLSv1.2'], 'TLSv1', 'TLSv1.2'],
  ])('of %s and %j are those from %s to %s', (protocol, enabled, minVersion, maxVersion) => {
    expect(tlsRange(protocol, enabled)).toEqual({ minVersion, maxVersion })
  })

  it.each([
    ['SSLv3', [], 'sslProtocol', "must be 'TLS', 'TLSv1', 'TLSv1.1', 'TLSv1.2' or 'TLSv1.3', got 'SSLv3'"],
    ['TLSv1.3', ['TLSv1.4'], 'sslEnabledProtocols', "has 'TLSv1.4': it takes"],
    ['TLSv1.3', ['TLSv1.2', 'TLSv1.2'], 'sslEnabledProtocols', "has 'TLSv1.2' twice"],
    [
      'TLSv1.3',
      ['TLSv1.1', 'TLSv1.3'],
      'sslEnabledProtocols',
      "leaves out 'TLSv1.2': the versions must be without",
    ],
    [
      'TLSv1.2',
      ['TLSv1.3'],
      'sslEnabledProtocols',
      "has only versions above sslProtocol, which is 'TLSv1.2'",
    ],
  ])('of %s and %j have no meaning', (protocol, enabled, key, reason) => {
    expect(tlsRange(protocol, enabled)).toMatchObject({ key, reason: expect.stringContaining(reason) })
  })
})
