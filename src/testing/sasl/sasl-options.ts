/** The mechanisms of the embedded cluster, by Kafka's names. */
export type SaslMechanismName = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' | 'OAUTHBEARER'

export const MECHANISM_NAMES: readonly SaslMechanismName[] = [
  'PLAIN',
  'SCRAM-SHA-256',
  'SCRAM-SHA-512',
  'OAUTHBEARER',
]

/** The user that a token is for. */
export interface TokenHolder {
  readonly username: string
  /** When the token expires, in milliseconds since 1970. The session ends then at the latest. */
  readonly expiresAtMs?: number | undefined
}

/** The login that every broker of an embedded cluster demands. */
export interface EmbeddedSaslOptions {
  /** The users and their passwords. */
  readonly users?: Readonly<Record<string, string>> | undefined
  /** The mechanisms that brokers offer. The default: all. */
  readonly mechanisms?: readonly SaslMechanismName[] | undefined
  /**
   * Milliseconds after which a client must have authenticated again, as `connections.max.reauth.ms` of a
   * broker (KIP-368). The default is 0, for never.
   */
  readonly sessionLifetimeMs?: number | bigint | undefined
  /**
   * Whose token it is; null for a token that is refused. The default takes tokens that nobody has signed, as
   * Kafka's default does: the claim `sub` is the user.
   */
  readonly tokenHolder?: ((token: string) => TokenHolder | null) | undefined
}
