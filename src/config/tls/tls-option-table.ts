import type { TlsOptions } from './tls-options.js'

/**
 * The options of the object `tls`, each with its meaning. The documentation and the check of names come from
 * it.
 */
export const tlsOptionTable: Readonly<Record<keyof TlsOptions, string>> = {
  ca: 'The trusted authorities in PEM: a text, bytes, or a list of either. Left out: those of the runtime.',
  cert: "The client's certificate in PEM, with its intermediate certificates. Needs `key`.",
  key: "The client's private key in PEM: PKCS #8, PKCS #1 or SEC 1. It may be encrypted. Needs `cert`.",
  pfx: "The bytes of a PKCS #12 or JKS store with the client's key, in place of `cert` and `key`.",
  passphrase: 'The password of `key` or of `pfx`.',
  minVersion: 'The oldest version to offer. Left out: `TLSv1.2`.',
  maxVersion: 'The newest version to offer. Left out: `TLSv1.3`.',
  ciphers: "Cipher suites by OpenSSL's names, separated by colons. Left out: those of the runtime.",
  rejectUnauthorized: 'False: any broker is believed, and a warning says so. Left out: true.',
  checkServerIdentity:
    "A function that checks the names in a broker's certificate in place of Node. It returns an error to refuse it, and nothing to believe it.",
}
