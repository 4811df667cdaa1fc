import { describe, expect, it } from 'vitest'
import { offeredCiphers, openSslName } from '../../../../src/config/tls/cipher-suites.js'
import { isCipherSuite } from '../../../../src/environment/secure-context.js'

const both = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' } as const

describe("Java's name of a cipher suite", () => {
  it.each([
    ['TLS_AES_256_GCM_SHA384', 'TLS_AES_256_GCM_SHA384'],
    ['TLS_CHACHA20_POLY1305_SHA256', 'TLS_CHACHA20_POLY1305_SHA256'],
    ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
    ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-RSA-CHACHA20-POLY1305'],
    ['TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', 'DHE-RSA-AES128-GCM-SHA256'],
    ['TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384', 'ECDHE-RSA-AES256-SHA384'],
    ['TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA', 'ECDHE-ECDSA-AES128-SHA'],
    ['TLS_DHE_RSA_WITH_AES_256_CBC_SHA256', 'DHE-RSA-AES256-SHA256'],
    ['TLS_RSA_WITH_AES_256_GCM_SHA384', 'AES256-GCM-SHA384'],
    ['TLS_RSA_WITH_AES_128_CBC_SHA', 'AES128-SHA'],
  ])('%s is %s', (java, openSsl) => {
    expect(openSslName(java)).toBe(openSsl)
    expect(isCipherSuite(openSsl)).toBe(true)
  })
})

describe('a list of cipher suites', () => {
  it.each([
    [['TLS_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'], both],
    [['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'], { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }],
    [['TLS_AES_256_GCM_SHA384'], { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' }],
  ])('%j leaves the versions that have one', (names, range) => {
    expect(offeredCiphers(names, both)).toMatchObject({ range })
  })

  it.each([
    [['TLS_AES_256_GCM_SHA384', 'NONSENSE'], "has 'NONSENSE', which is no cipher suite of this runtime"],
    [['TLS_NONSENSE'], "has 'TLS_NONSENSE', which is no cipher suite"],
    [['ECDHE-RSA-AES128-GCM-SHA256'], "it takes Java's names, such as 'TLS_AES_256_GCM_SHA384'"],
    [['SSL_RSA_WITH_3DES_EDE_CBC_SHA'], "has 'SSL_RSA_WITH_3DES_EDE_CBC_SHA', which is no cipher suite"],
  ])('%j is refused', (names, reason) => {
    expect(offeredCiphers(names, both)).toContain(reason)
  })

  it('must fit the versions', () => {
    const tls12 = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const
    expect(offeredCiphers(['TLS_AES_256_GCM_SHA384'], tls12)).toBe(
      'has no cipher suite for the versions of TLS that are offered, TLSv1.2 to TLSv1.2',
    )
    const tls13 = { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3' } as const
    expect(offeredCiphers(['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'], tls13)).toContain('TLSv1.3 to TLSv1.3')
  })
})
