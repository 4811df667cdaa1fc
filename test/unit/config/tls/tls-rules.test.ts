import { describe, expect, it } from 'vitest'
import { type ProducerConfig, resolveConfig } from '../../../../src/config/config.js'
import { ConfigError } from '../../../../src/errors.js'
import { NotingLogger } from '../../../support/noting-logger.js'

type Given = Partial<ProducerConfig>

function resolve(given: Given): string[] {
  const logger = new NotingLogger()
  resolveConfig({ bootstrapServers: 'a:1', logger, ...given })
  return logger.lines
}

const ssl: Given = { securityProtocol: 'SSL' }

describe('the settings of TLS', () => {
  it.each([
    [ssl],
    [{ ...ssl, tls: {} }],
    [{ ...ssl, tls: () => ({}) }],
    [{ ...ssl, sslKeystoreLocation: 'a', sslKeystorePassword: 'x' }],
    [{ ...ssl, sslKeystoreType: 'PEM', sslKeystoreLocation: 'a', sslKeyPassword: 'x' }],
    [{ ...ssl, sslKeystoreType: 'PEM', sslKeystoreKey: 'a', sslKeystoreCertificateChain: 'b' }],
    [{ ...ssl, sslTruststoreLocation: 'a' }],
    [{ ...ssl, sslTruststoreType: 'pkcs12', sslTruststoreLocation: 'a', sslTruststorePassword: 'x' }],
    [{ ...ssl, sslTruststoreType: 'PEM', sslTruststoreCertificates: 'a' }],
    [{ ...ssl, sslEndpointIdentificationAlgorithm: 'HTTPS' }],
    [{ ...ssl, sslEndpointIdentificationAlgorithm: '' }],
    [{ ...ssl, sslEndpointIdentificationAlgorithm: 'none' }],
    [{ ...ssl, sslCipherSuites: [] }],
    [{ ...ssl, sslCipherSuites: ['TLS_AES_256_GCM_SHA384'] }],
  ] as [Given][])('may be %o', (given) => {
    expect(resolve(given)).toEqual([])
  })

  it.each([
    [
      { tls: {} },
      'tls',
      "tls is given but securityProtocol is 'PLAINTEXT', so connections are not encrypted: set securityProtocol to 'SSL'",
    ],
    [
      { ...ssl, tls: {}, sslTruststoreLocation: 'a' },
      'sslTruststoreLocation',
      'sslTruststoreLocation must be left out with tls, which says the same',
    ],
    [{ ...ssl, sslProtocol: 'SSLv3' }, 'sslProtocol', "sslProtocol must be 'TLS',"],
    [
      { ...ssl, sslEnabledProtocols: ['TLSv1.1', 'TLSv1.3'] },
      'sslEnabledProtocols',
      "sslEnabledProtocols leaves out 'TLSv1.2'",
    ],
    [
      { ...ssl, sslCipherSuites: ['X'] },
      'sslCipherSuites',
      "sslCipherSuites has 'X', which is no cipher suite",
    ],
    [
      { ...ssl, sslEndpointIdentificationAlgorithm: 'httpss' },
      'sslEndpointIdentificationAlgorithm',
      "must be 'https', or empty for no check, got 'httpss'",
    ],
    [
      { ...ssl, sslKeystoreType: 'BCFKS' },
      'sslKeystoreType',
      "must be 'JKS', 'PKCS12' or 'PEM', got 'BCFKS'",
    ],
    [
      { ...ssl, sslTruststoreType: 'pem' },
      'sslTruststoreType',
      "must be 'JKS', 'PKCS12' or 'PEM', got 'pem'",
    ],
    [
      { ...ssl, sslKeystoreType: 'PEM', sslKeystoreKey: 'canary' },
      'sslKeystoreCertificateChain',
      'sslKeystoreCertificateChain is missing: sslKeystoreKey needs its certificate',
    ],
    [
      { ...ssl, sslKeystoreType: 'PEM', sslKeystoreCertificateChain: 'canary' },
      'sslKeystoreKey',
      'sslKeystoreKey is missing: sslKeystoreCertificateChain needs its private key',
    ],
    [
      { ...ssl, sslKeystoreKey: 'canary', sslKeystoreCertificateChain: 'canary' },
      'sslKeystoreType',
      "sslKeystoreType is 'JKS' but must be 'PEM' with sslKeystoreKey",
    ],
    [
      {
        ...ssl,
        sslKeystoreType: 'PEM',
        sslKeystoreKey: 'canary',
        sslKeystoreCertificateChain: 'canary',
        sslKeystoreLocation: 'a',
      },
      'sslKeystoreLocation',
      'sslKeystoreLocation must be left out with sslKeystoreKey',
    ],
    [
      { ...ssl, sslKeystoreType: 'PEM', sslKeystoreLocation: 'a', sslKeystorePassword: 'canary' },
      'sslKeystorePassword',
      "sslKeystorePassword must be left out with sslKeystoreType 'PEM': the key has sslKeyPassword",
    ],
    [
      { ...ssl, sslKeystorePassword: 'canary' },
      'sslKeystorePassword',
      'sslKeystorePassword is given, but sslKeystoreLocation is missing',
    ],
    [
      { ...ssl, sslKeystoreLocation: 'a' },
      'sslKeystorePassword',
      "sslKeystorePassword is missing: sslKeystoreLocation of the type 'JKS' needs it",
    ],
    [
      { ...ssl, sslTruststoreCertificates: 'canary' },
      'sslTruststoreType',
      "sslTruststoreType is 'JKS' but must be 'PEM' with sslTruststoreCertificates",
    ],
    [
      { ...ssl, sslTruststoreType: 'PEM', sslTruststoreCertificates: 'canary', sslTruststoreLocation: 'a' },
      'sslTruststoreLocation',
      'sslTruststoreLocation must be left out with sslTruststoreCertificates',
    ],
    [
      { ...ssl, sslTruststoreType: 'PEM', sslTruststoreLocation: 'a', sslTruststorePassword: 'canary' },
      'sslTruststorePassword',
      "sslTruststorePassword must be left out with sslTruststoreType 'PEM', which has no password",
    ],
    [
      { ...ssl, sslTruststorePassword: 'canary' },
      'sslTruststorePassword',
      'sslTruststorePassword is given, but sslTruststoreLocation is missing',
    ],
  ] as [Given, string, string][])('must not be %o', (given, key, message) => {
    let refused: unknown
    try {
      resolve(given)
    } catch (error) {
      refused = error
    }
    expect(refused).toBeInstanceOf(ConfigError)
    expect(refused).toMatchObject({ key, message: expect.stringContaining(message) })
    expect(String(refused)).not.toContain('canary')
  })

  it('have no effect on plaintext connections, and a warning says so', () => {
    expect(resolve({ sslTruststoreLocation: 'a', sslKeyPassword: 'canary' })).toEqual([
      "warn: sslKeyPassword and sslTruststoreLocation have no effect: securityProtocol is 'PLAINTEXT', so connections are not encrypted",
    ])
  })
})
