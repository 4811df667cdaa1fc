/** One row of the table. `meaning` ends a sentence. */
export type TlsErrorRow = readonly [code: `TLS_${string}`, meaning: string]

/**
 * Every code of an error of TLS, with its meaning. They are the client's own: Kafka has no codes for TLS. The
 * type `KafkaErrorCode` and the table in docs/security.md come from here.
 */
// biome-ignore format: one row a line, as in a table
export const TLS_ERROR_CODES = [
  ['TLS_AUTHORITY_UNKNOWN', "the broker's certificate comes from an authority that is not trusted"],
  ['TLS_HOST_MISMATCH', "the broker's certificate is for other names"],
  ['TLS_CERTIFICATE_EXPIRED', "the broker's certificate has expired, or is not valid yet"],
  ['TLS_CERTIFICATE_INVALID', "the broker's certificate is refused for another reason"],
  ['TLS_CLIENT_CERTIFICATE', 'the broker wants a certificate of the client, or refuses the one it got'],
  ['TLS_NOT_NEGOTIATED', 'no version of TLS or no cipher suite is common to both sides'],
  ['TLS_REQUIRED', 'the broker speaks TLS, and the connection is not encrypted'],
  ['TLS_SETTINGS', 'the function tls gave options that cannot be used'],
] as const

TLS_ERROR_CODES satisfies readonly TlsErrorRow[]

/** The code of an error of TLS. */
export type TlsErrorCode = (typeof TLS_ERROR_CODES)[number][0]
