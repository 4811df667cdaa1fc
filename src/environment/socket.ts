import type { PeerCertificate } from 'node:tls'
import type { TlsContext } from './secure-context.js'
import type { CertificateFacts } from './tls-error.js'

export type { PeerCertificate }

/** Where to connect to: one resolved address. */
export interface SocketAddress {
  /** An IPv4 or IPv6 address. */
  readonly address: string
  readonly family: 4 | 6
  readonly port: number
}

/**
 * Hears the events of a socket. `closed` comes exactly once and last, whichever side ended the connection.
 */
export interface SocketListener {
  connected(): void
  /** The listener owns the chunk from now on. */
  received(chunk: Buffer): void
  /** `error` is null after an orderly end by the peer, and after `destroy()`. */
  closed(error: Error | null): void
}

/** Checks the names in the certificate of a broker. Returns an error if `host` is not among them. */
export type IdentityCheck = (host: string, certificate: PeerCertificate) => Error | undefined

/** The part of TLS that is the same for all brokers. */
export interface SecureSettings {
  readonly context: TlsContext
  /**
   * Whether the broker's certificate must come from a trusted authority. False only by the user's own word.
   */
  readonly verifiesAuthority: boolean
  /** Whether the certificate must be for the host; a function checks the names in its own way. */
  readonly identity: 'host' | 'unchecked' | IdentityCheck
}

/** The facts that TLS needs. */
export interface SecureOptions extends SecureSettings {
  /**
   * The name that the client asks the peer for (SNI) and that its certificate must have. It is the broker's
   * host, not one of the host's addresses.
   */
  readonly host: string
}

/** The result of a handshake. Nothing in it is a secret. */
export interface TlsSession {
  /** The version of TLS, such as `TLSv1.3`. */
  readonly protocol: string
  /** The name of the cipher suite in the standards, such as `TLS_AES_256_GCM_SHA384`. */
  readonly cipher: string
  /** The certificate of the peer; null if it showed none. */
  readonly peer: CertificateFacts | null
}

/** One TCP connection, with the few operations that a client of Kafka needs. */
export interface Socket {
  /**
   * Hands chunks to the operating system, in order and in one write. `written` is called once, when the
   * operating system has taken all of them, and never after `destroy()`. The chunks must not change until
   * then, or until the socket is destroyed.
   */
  write(chunks: readonly Uint8Array[], written: () => void): void
  /**
   * Encrypts the connection with TLS from here on. The caller must not write until the promise settles.
   *
   * Resolves when the peer has proved that it is `options.host`. Otherwise it rejects with a TlsError and the
   * connection is closed with the same error.
   */
  secure(options: SecureOptions): Promise<TlsSession>
  /** Ends the connection at once. After this returns, the socket reads no chunk that was given to it. */
  destroy(): void
}

/** Starts a connection. Every event comes after the call has returned. */
export type OpenSocket = (address: SocketAddress, listener: SocketListener) => Socket

/** All addresses of a host name, in the resolver's order. Rejects if there is none. */
export type Lookup = (host: string) => Promise<readonly Omit<SocketAddress, 'port'>[]>
