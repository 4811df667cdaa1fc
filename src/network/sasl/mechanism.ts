/** The circumstances of one login. */
export interface SaslContext {
  /** The broker's name or address, as the bootstrap list or the cluster gave it. */
  readonly host: string
  readonly port: number
  readonly clientId: string
  /** Whether the login renews the session of a connection (KIP-368). */
  readonly isRenewal: boolean
  /** `sasl.kerberos.service.name`, the first part of the brokers' principals; null if it is not set. */
  readonly serviceName: string | null
  /**
   * Aborted when the login is given up. What comes later is dropped. If the reason is a `TimeoutError`, the
   * time for the credentials is over, and a mechanism that has older ones may still answer with them at once.
   */
  readonly signal: AbortSignal
}

/**
 * A SASL mechanism (RFC 4422). An object of your own can take the place of a built-in one, such as GSSAPI
 * with a Kerberos library.
 */
export interface SaslMechanism {
  /** The name in the SaslHandshake request, such as `GSSAPI`. Brokers compare it case-sensitively. */
  readonly name: string
  /**
   * How long `start` may take, in milliseconds, if that is more than `socket.connection.setup.timeout.ms`.
   */
  readonly startTimeoutMs?: number | undefined
  /**
   * Begins one login. It is called for each connection, before the socket is opened, and for each
   * re-authentication. So a token can be fetched here without holding up a connection. The result serves one
   * login only.
   */
  start(context: SaslContext): SaslConversation | Promise<SaslConversation>
}

/** The client's side of one login. */
export interface SaslConversation {
  /**
   * Takes the server's last message, and returns the client's next one. The first call has null in place of a
   * message. A mechanism whose server speaks first answers it with no bytes.
   *
   * Returns null when the login is done. A mechanism in which the server proves itself checks the proof
   * before it returns null. To refuse the server it throws.
   */
  next(challenge: Uint8Array | null): Uint8Array | null | Promise<Uint8Array | null>
  /**
   * The server refuses the login. Called at most once, and last.
   *
   * @param reason the server's text; null if it has none
   */
  refused?(reason: string | null): SaslRefusal
}

/** What a mechanism knows about a refusal. */
export interface SaslRefusal {
  /** Added to the error's message. It must not contain a secret. */
  readonly hint?: string | undefined
  /**
   * Whether another login may succeed although the user changes nothing: the mechanism gets new credentials.
   */
  readonly mayRetry?: boolean | undefined
}
