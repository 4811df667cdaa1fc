import type { PeerCertificate } from '../../environment/socket.js'
import type { Secret } from '../secret.js'

/** A text in PEM, or its bytes. */
export type Pem = string | Uint8Array

/**
 * Options for TLS, named as in Node's `tls.connect`. The names and addresses to verify are always those of
 * the broker, and sessions are never resumed. So `host`, `servername`, `socket` and `session` are not among
 * them.
 */
export interface TlsOptions {
  /** The trusted authorities, in PEM. Default: those of the runtime. At least one certificate. */
  readonly ca?: Pem | readonly Pem[] | undefined
  /** The client's certificate in PEM, with its intermediate certificates. Needs `key`. */
  readonly cert?: Pem | undefined
  /** The client's private key in PEM: PKCS #8, PKCS #1 or SEC 1, encrypted or not. Needs `cert`. */
  readonly key?: Pem | undefined
  /** The client's private key and certificates as PKCS #12 or JKS, in place of `cert` and `key`. */
  readonly pfx?: Uint8Array | undefined
  /** The password of `key` or of `pfx`. */
  readonly passphrase?: string | Secret | undefined
  /** The oldest version to offer. Default: `TLSv1.2`. */
  readonly minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3' | undefined
  /** The newest version to offer. Default: `TLSv1.3`. */
  readonly maxVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3' | undefined
  /** Cipher suites by OpenSSL's names, separated by colons. Default: those of the runtime. */
  readonly ciphers?: string | undefined
  /**
   * False: any broker is believed, whoever signed its certificate, so anybody on the way can read and change
   * everything. A warning says so. Default: true.
   */
  readonly rejectUnauthorized?: boolean | undefined
  /**
   * Checks the names in a broker's certificate in place of Node. Returns an error to refuse it, and nothing
   * to believe it. Any other answer refuses it too: the check must know at once.
   */
  readonly checkServerIdentity?:
    | ((host: string, certificate: PeerCertificate) => Error | undefined)
    | undefined
}

/** Gives the options anew for each connection, for certificates that are renewed. */
export type TlsOptionsFunction = () => TlsOptions | Promise<TlsOptions>
