import { describe, expect, it } from 'vitest'
import { TlsError, type TlsFacts } from '../../../../src/environment/tls-error.js'
import { AuthenticationError, NetworkError, ProtocolError } from '../../../../src/errors.js'
import { connectionLost } from '../../../../src/network/connection/connection-errors.js'

const peer = {
  subject: 'CN=broker',
  issuer: 'CN=root',
  names: 'DNS:other.example, IP Address:192.0.2.1',
  validFrom: 'Nov 27 2025 GMT',
  validTo: 'Nov 26 2025 GMT',
  authority: 'CN=root',
}
const facts: TlsFacts = {
  host: 'localhost',
  versions: 'TLSv1.2 to TLSv1.3',
  offersCertificate: false,
  peer,
  at: '2026-01-02T03:04:05.000Z',
  isHandshake: true,
}

const told = (code: string, more: Partial<TlsFacts> = {}, text = 'OpenSSL says so') =>
  connectionLost('localhost:9093', new TlsError(text, code, { ...facts, ...more }))

describe('a failure of TLS', () => {
  it.each([
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      {},
      'TLS_AUTHORITY_UNKNOWN',
      "the broker's certificate comes from the authority CN=root, which is not trusted (UNABLE_TO_VERIFY_LEAF_SIGNATURE): add the authority's certificate to ssl.truststore.location or tls.ca",
    ],
    [
      'ERR_TLS_CERT_ALTNAME_INVALID',
      {},
      'TLS_HOST_MISMATCH',
      "the broker's certificate is for DNS:other.example, IP Address:192.0.2.1, and not for localhost: connect to a name in the certificate, or give the broker a certificate for localhost",
    ],
    [
      'CERT_HAS_EXPIRED',
      {},
      'TLS_CERTIFICATE_EXPIRED',
      "the broker's certificate is valid from Nov 27 2025 GMT to Nov 26 2025 GMT, and here it is 2026-01-02T03:04:05.000Z (CERT_HAS_EXPIRED): renew the certificate, or set the clock of this machine",
    ],
    [
      'CERT_NOT_YET_VALID',
      { peer: { ...peer, validFrom: 'Nov 27 2030 GMT', validTo: 'Nov 27 2031 GMT' } },
      'TLS_CERTIFICATE_EXPIRED',
      "the broker's certificate is valid from Nov 27 2030 GMT to Nov 27 2031 GMT, and here it is 2026-01-02T03:04:05.000Z (CERT_NOT_YET_VALID): renew the certificate, or set the clock of this machine",
    ],
    [
      'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
      {},
      'TLS_CLIENT_CERTIFICATE',
      'the broker wants a certificate of the client, and none is set (ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE): set ssl.keystore.location, or tls.cert and tls.key',
    ],
    [
      'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN',
      { offersCertificate: true, isHandshake: false },
      'TLS_CLIENT_CERTIFICATE',
      "the broker refuses the client's certificate (ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN): the broker does not know its authority, it has expired, or an intermediate certificate is missing behind it",
    ],
    [
      'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
      {},
      'TLS_NOT_NEGOTIATED',
      'the broker takes none of the versions of TLS that the client offers, TLSv1.2 to TLSv1.3 (ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION): see ssl.enabled.protocols of both sides',
    ],
    [
      'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
      { offersCertificate: true },
      'TLS_NOT_NEGOTIATED',
      'the broker found no cipher suite among those that the client offers with TLSv1.2 to TLSv1.3 (ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE): see ssl.cipher.suites of both sides',
    ],
    [
      'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
      {},
      'TLS_NOT_NEGOTIATED',
      'the broker found no cipher suite among those that the client offers with TLSv1.2 to TLSv1.3 (ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE): see ssl.cipher.suites of both sides. If the broker wants a certificate of the client, set ssl.keystore.location, or tls.cert and tls.key',
    ],
    [
      'INVALID_CA',
      {},
      'TLS_CERTIFICATE_INVALID',
      "the broker's certificate is refused: OpenSSL says so (INVALID_CA)",
    ],
    ['', {}, 'TLS_CERTIFICATE_INVALID', "the broker's certificate is refused: OpenSSL says so"],
  ] as const)('%s %o lasts, and says what to change', (code, more, ours, message) => {
    const error = told(code, more)
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(error).toMatchObject({ code: ours, fatal: true, retriable: false, message })
    // Node's error may hold the private key.
    expect(error.cause).toBeUndefined()
  })

  it.each([
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'OpenSSL 3.2', 'TLS_CLIENT_CERTIFICATE'],
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN', 'OpenSSL 3.2', 'TLS_CLIENT_CERTIFICATE'],
    ['ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED', 'OpenSSL 3.2', 'TLS_CLIENT_CERTIFICATE'],
    ['ERR_SSL_TLSV1_ALERT_CERTIFICATE_REQUIRED', 'BoringSSL', 'TLS_CLIENT_CERTIFICATE'],
    ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE', 'OpenSSL 3.2', 'TLS_NOT_NEGOTIATED'],
  ])('%s, as %s calls an alert, lasts as well', (code, _, ours) => {
    expect(told(code, { isHandshake: false })).toMatchObject({
      name: 'AuthenticationError',
      code: ours,
      fatal: true,
      retriable: false,
      message: expect.stringContaining(`(${code})`),
    })
  })

  it.each([
    ['CERT_HAS_EXPIRED', "the broker's certificate has expired or is not valid yet, and here it is 2026"],
    ['ERR_TLS_CERT_ALTNAME_INVALID', "the broker's certificate is for other names, and not for localhost"],
    ['CERT_UNTRUSTED', 'from an authority whose name this runtime does not tell, which is not trusted'],
  ])('%s has a text for a runtime that shows no certificate', (code, text) => {
    expect(told(code, { peer: null }).message).toContain(text)
  })

  it.each(['ECONNRESET', 'ENDED', 'EPIPE'])('%s may pass', (code) => {
    const error = told(code)
    expect(error).toBeInstanceOf(NetworkError)
    expect(error).toMatchObject({ code: 'NETWORK', retriable: true })
    expect(error.message).toMatch(/^the other side closed the connection during the TLS handshake/)
    expect(error.message).toMatch('If this goes on, the port may not speak TLS: check security.protocol')
  })

  it.each(['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'ENOTCONN', 'ENOBUFS', 'EIO'])(
    '%s, the network in the midst of a handshake, is no refusal of a certificate',
    (code) => {
      const error = told(code, { peer: null }, `read ${code}`)
      expect(error).toBeInstanceOf(NetworkError)
      expect(error).toMatchObject({ code: 'NETWORK', retriable: true, fatal: false })
      expect(error.message).toBe(`the connection failed during the TLS handshake (${code})`)
    },
  )

  it('of a certificate whose code begins like that of a system error lasts', () => {
    expect(told('EE_KEY_TOO_SMALL')).toMatchObject({ code: 'TLS_CERTIFICATE_INVALID', fatal: true })
    expect(told('EPINNED')).toMatchObject({ code: 'TLS_CERTIFICATE_INVALID', fatal: true })
  })

  it('that is no TLS at all says so', () => {
    const error = told('ERR_SSL_WRONG_VERSION_NUMBER')
    expect(error).toBeInstanceOf(ProtocolError)
    expect(error.message).toMatch('the port does not speak TLS')
  })

  it('that is no TLS behind the handshake is damage on the way, and may pass', () => {
    const error = told('ERR_SSL_WRONG_VERSION_NUMBER', { isHandshake: false })
    expect(error).toBeInstanceOf(NetworkError)
    expect(error).toMatchObject({ retriable: true, message: 'TLS failed: ERR_SSL_WRONG_VERSION_NUMBER' })
  })

  it('that nobody knows may pass', () => {
    expect(told('ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR')).toMatchObject({ retriable: true })
    expect(told('ERR_SSL_BAD_RECORD', { isHandshake: false })).toMatchObject({
      retriable: true,
      message: 'TLS failed: ERR_SSL_BAD_RECORD',
    })
  })
})
