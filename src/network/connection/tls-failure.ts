import type { TlsError, TlsFacts } from '../../environment/tls-error.js'
import { AuthenticationError, type KafkaError, NetworkError, ProtocolError } from '../../errors.js'
import type { KafkaErrorCode } from '../../kafka-error.js'

/** The advice for a failure, as the client's settings are called in both spellings. */
const TRUST = "add the authority's certificate to ssl.truststore.location or tls.ca"
const OWN_CERTIFICATE = 'ssl.keystore.location, or tls.cert and tls.key'
const CAUSES =
  'the broker does not know its authority, it has expired, or an intermediate certificate is missing behind it'

/** A failure that lasts until somebody changes a certificate or a setting. */
interface Refusal {
  readonly code: KafkaErrorCode
  readonly text: (facts: TlsFacts, nodeCode: string) => string
}

const unknownAuthority: Refusal = {
  code: 'TLS_AUTHORITY_UNKNOWN',
  text: ({ peer }, nodeCode) =>
    `the broker's certificate comes from ${peer === null ? 'an authority whose name this runtime does not tell' : `the authority ${peer.authority}`}, which is not trusted (${nodeCode}): ${TRUST}`,
}

const otherHost: Refusal = {
  code: 'TLS_HOST_MISMATCH',
  text: ({ host, peer }) =>
    `the broker's certificate is for ${peer?.names ?? 'other names'}, and not for ${host}: connect to a name in the certificate, or give the broker a certificate for ${host}`,
}

const notValidNow: Refusal = {
  code: 'TLS_CERTIFICATE_EXPIRED',
  text: ({ peer, at }, nodeCode) =>
    `the broker's certificate ${peer === null ? 'has expired or is not valid yet' : `is valid from ${peer.validFrom} to ${peer.validTo}`}, and here it is ${at} (${nodeCode}): renew the certificate, or set the clock of this machine`,
}

const clientCertificate: Refusal = {
  code: 'TLS_CLIENT_CERTIFICATE',
  text: ({ offersCertificate }, nodeCode) =>
    offersCertificate
      ? `the broker refuses the client's certificate (${nodeCode}): ${CAUSES}`
      : `the broker wants a certificate of the client, and none is set (${nodeCode}): set ${OWN_CERTIFICATE}`,
}

const noCommonVersion: Refusal = {
  code: 'TLS_NOT_NEGOTIATED',
  text: ({ versions }, nodeCode) =>
    `the broker takes none of the versions of TLS that the client offers, ${versions} (${nodeCode}): see ssl.enabled.protocols of both sides`,
}

const noCommonCipher: Refusal = {
  code: 'TLS_NOT_NEGOTIATED',
  text: ({ versions, offersCertificate }, nodeCode) => {
    const other = offersCertificate
      ? ''
      : `. If the broker wants a certificate of the client, set ${OWN_CERTIFICATE}`
    return `the broker found no cipher suite among those that the client offers with ${versions} (${nodeCode}): see ssl.cipher.suites of both sides${other}`
  },
}

const refusals: ReadonlyMap<string, Refusal> = new Map([
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', unknownAuthority],
  ['SELF_SIGNED_CERT_IN_CHAIN', unknownAuthority],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', unknownAuthority],
  ['UNABLE_TO_GET_ISSUER_CERT', unknownAuthority],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', unknownAuthority],
  ['CERT_UNTRUSTED', unknownAuthority],
  ['ERR_TLS_CERT_ALTNAME_INVALID', otherHost],
  ['HOSTNAME_MISMATCH', otherHost],
  ['CERT_HAS_EXPIRED', notValidNow],
  ['CERT_NOT_YET_VALID', notValidNow],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', noCommonVersion],
  ['ERR_SSL_NO_PROTOCOLS_AVAILABLE', noCommonVersion],
  ['ERR_SSL_NO_CIPHERS_AVAILABLE', noCommonCipher],
])

/**
 * The alerts of a broker that last. Their names are those of RFC 8446. Each version of OpenSSL puts another
 * prefix before some of them.
 */
const alerts: ReadonlyMap<string, Refusal> = new Map([
  ['BAD_CERTIFICATE', clientCertificate],
  ['UNSUPPORTED_CERTIFICATE', clientCertificate],
  ['CERTIFICATE_REVOKED', clientCertificate],
  ['CERTIFICATE_EXPIRED', clientCertificate],
  ['CERTIFICATE_UNKNOWN', clientCertificate],
  ['CERTIFICATE_REQUIRED', clientCertificate],
  ['UNKNOWN_CA', clientCertificate],
  ['ACCESS_DENIED', clientCertificate],
  ['DECRYPT_ERROR', clientCertificate],
  ['PROTOCOL_VERSION', noCommonVersion],
  ['INSUFFICIENT_SECURITY', noCommonCipher],
  ['HANDSHAKE_FAILURE', noCommonCipher],
])

/** The codes of Node for an end of the connection that nobody explained. */
const ends: ReadonlySet<string> = new Set(['ENDED', 'ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT'])

/** The system's codes for a network that fails. They say nothing about the other side. */
const outages: ReadonlySet<string> = new Set([
  ...['EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ENETRESET', 'ENOTCONN', 'ESHUTDOWN'],
  ...['ECONNREFUSED', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM', 'EIO', 'EBADF', 'ECANCELED'],
])

/** The codes of OpenSSL for bytes that are not TLS at all. */
const notTls: ReadonlySet<string> = new Set([
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  'ERR_SSL_HTTP_REQUEST',
  'EPROTO',
])

/**
 * The error for a connection that TLS has ended, in words. An AuthenticationError lasts until a certificate
 * or a setting is changed. A NetworkError may pass.
 */
export function tlsFailure(broker: string, { code, message, facts }: TlsError): KafkaError {
  const [, alert = ''] = /^ERR_SSL_.*_ALERT_(\w+)$/.exec(code) ?? []
  const refusal = refusals.get(code) ?? alerts.get(alert)
  if (refusal !== undefined)
    return new AuthenticationError(refusal.text(facts, code), { broker, code: refusal.code })
  // Behind the handshake such bytes are damage on the way.
  if (facts.isHandshake && notTls.has(code))
    return new ProtocolError(
      `the port does not speak TLS (${code}): set security.protocol to PLAINTEXT or SASL_PLAINTEXT, or use the port of a listener with TLS`,
      { broker },
    )
  if (ends.has(code))
    return new NetworkError(
      `the other side closed the connection during the TLS handshake${code === 'ENDED' ? '' : ` (${code})`}: a broker does so while it restarts. If this goes on, the port may not speak TLS: check security.protocol`,
      { broker },
    )
  if (outages.has(code))
    return new NetworkError(`the connection failed during the TLS handshake (${code})`, { broker })
  // OpenSSL's name of any other refusal of a certificate has no prefix.
  if (facts.isHandshake && !code.startsWith('ERR_'))
    return new AuthenticationError(`the broker's certificate is refused: ${message}${inBrackets(code)}`, {
      broker,
      code: 'TLS_CERTIFICATE_INVALID',
    })
  return new NetworkError(`TLS failed: ${code}`, { broker })
}

function inBrackets(code: string): string {
  return code === '' ? '' : ` (${code})`
}
