import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../../../src/config/secret.js'
import { readTlsOptions } from '../../../../src/config/tls/read-tls-options.js'
import { ConfigError } from '../../../../src/errors.js'
import { certificateBytes, certificateText, password } from '../../../support/certificates/certificates.js'

const root = certificateText('root.pem')
const client = { cert: certificateText('client.pem'), key: certificateText('client.key') }

/** What connections go by, in short. */
function read(given: unknown) {
  const { settings } = readTlsOptions(given)
  const { ca, identity, ...context } = settings.context
  return { ...settings, context, authorities: ca?.length, hasIdentity: identity !== undefined }
}

describe('the options of tls', () => {
  it('are those of a careful client by default', () => {
    expect(read({})).toEqual({
      context: { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3', ciphers: undefined },
      verifiesAuthority: true,
      identity: 'host',
      authorities: undefined,
      hasIdentity: false,
    })
  })

  it.each([
    [{ ca: root }, { authorities: 1 }],
    [{ ca: certificateBytes('root.pem') }, { authorities: 1 }],
    [{ ca: [root, certificateBytes('other-root.pem')] }, { authorities: 2 }],
    [{ ca: root.trim().replaceAll('\n', ' ') }, { authorities: 1 }],
    [client, { hasIdentity: true }],
    [{ cert: certificateBytes('client.pem'), key: certificateBytes('client.key') }, { hasIdentity: true }],
    [
      { ...client, key: certificateText('client.encrypted.key'), passphrase: password },
      { hasIdentity: true },
    ],
    [
      { ...client, key: certificateText('client.encrypted.key'), passphrase: new Secret(password) },
      { hasIdentity: true },
    ],
    [{ pfx: certificateBytes('client.openssl.p12'), passphrase: password }, { hasIdentity: true }],
    [{ pfx: certificateBytes('client.jks'), passphrase: password }, { hasIdentity: true }],
    [{ minVersion: 'TLSv1.3' }, { context: { minVersion: 'TLSv1.3' } }],
    [
      { ciphers: 'ECDHE-RSA-AES128-GCM-SHA256:!aNULL' },
      { context: { ciphers: ['ECDHE-RSA-AES128-GCM-SHA256', '!aNULL'] } },
    ],
    [{ rejectUnauthorized: false }, { verifiesAuthority: false }],
    [{ ca: undefined, cert: undefined }, { authorities: undefined }],
  ])('may be as in %#', (given, expected) => {
    expect(read(Object.freeze(given))).toMatchObject(expected)
  })

  it('keep the check of the user', () => {
    const checkServerIdentity = () => undefined
    expect(read({ checkServerIdentity }).identity).toBe(checkServerIdentity)
  })

  it.each([
    [null, 'tls', 'tls must be an object with options'],
    [[], 'tls', 'tls must be an object with options'],
    [{ ca: 'garbage' }, 'tls.ca', 'tls.ca has no certificate in PEM'],
    [{ ca: '' }, 'tls.ca', 'tls.ca is empty'],
    [{ ca: [root, ''] }, 'tls.ca', 'tls.ca is empty'],
    [{ ca: 5 }, 'tls.ca', 'tls.ca must be PEM, as a string or bytes'],
    [{ cert: client.cert }, 'tls.key', 'tls.key is missing: tls.cert needs its private key'],
    [{ key: client.key }, 'tls.cert', 'tls.cert is missing: tls.key needs its certificate'],
    [
      { ...client, key: certificateText('broker.key') },
      'tls.key',
      'tls.key has a private key that belongs to none of the certificates',
    ],
    [
      { ...client, key: certificateText('client.encrypted.key') },
      'tls.passphrase',
      'tls.key has an encrypted private key, and no password of the key is given: check tls.passphrase',
    ],
    [
      { ...client, key: certificateText('client.encrypted.key'), passphrase: 'canary' },
      'tls.passphrase',
      'the password of the key is wrong: check tls.passphrase',
    ],
    [{ ...client, passphrase: 5 }, 'tls.passphrase', 'tls.passphrase must be a string'],
    [{ ...client, cert: client.key }, 'tls.cert', 'tls.cert has no certificate in PEM'],
    [
      { pfx: certificateBytes('client.jks'), ...client },
      'tls.pfx',
      'must be left out with tls.cert and tls.key',
    ],
    [{ pfx: 'text' }, 'tls.pfx', 'tls.pfx must be bytes'],
    [
      { pfx: certificateBytes('client.java.p12'), passphrase: 'canary' },
      'tls.passphrase',
      'tls.pfx cannot be opened: its password is wrong, or it is damaged: check tls.passphrase',
    ],
    [
      { pfx: certificateBytes('trust.java.p12'), passphrase: password },
      'tls.pfx',
      'tls.pfx has no private key',
    ],
    [
      { minVersion: 'TLS' },
      'tls.minVersion',
      "tls.minVersion must be 'TLSv1', 'TLSv1.1', 'TLSv1.2' or 'TLSv1.3'",
    ],
    [
      { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' },
      'tls.minVersion',
      'tls.minVersion is TLSv1.3, above tls.maxVersion, which is TLSv1.2',
    ],
    [
      { ciphers: 'NONSENSE' },
      'tls.ciphers',
      "tls.ciphers has 'NONSENSE', which is no cipher suite of this runtime",
    ],
    [{ ciphers: 'ECDHE-RSA-AES128-GCM-SHA256,NONSENSE' }, 'tls.ciphers', 'separated by colons'],
    [{ rejectUnauthorized: 'false' }, 'tls.rejectUnauthorized', 'must be true or false'],
    [{ checkServerIdentity: true }, 'tls.checkServerIdentity', 'must be a function'],
    [{ servername: 'x' }, 'tls.servername', 'tls.servername cannot be set: the name of the broker is sent'],
    [{ session: 'x' }, 'tls.session', 'tls.session cannot be set: sessions are not resumed'],
    [{ rejectUnauthorised: false }, 'rejectUnauthorised', 'did you mean rejectUnauthorized?'],
  ])('must not be as in %#', (given, key, message) => {
    let refused: unknown
    try {
      read(given)
    } catch (error) {
      refused = error
    }
    expect(refused).toBeInstanceOf(ConfigError)
    expect(refused).toMatchObject({ key, message: expect.stringContaining(message) })
    const printed = inspect(refused, { depth: 9, showHidden: true })
    expect(printed).not.toContain('canary')
    expect(printed).not.toContain('BEGIN')
  })

  it('are own fields, so that a polluted prototype weakens nothing', () => {
    const polluted = Object.create({ rejectUnauthorized: false, checkServerIdentity: () => undefined })
    expect(read(polluted)).toMatchObject({ verifiesAuthority: true, identity: 'host' })
  })
})
