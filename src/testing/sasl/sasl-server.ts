import type { Clock } from '../../environment/clock.js'
import type { EmbeddedSaslOptions, SaslMechanismName, TokenHolder } from './sasl-options.js'
import { MECHANISM_NAMES } from './sasl-options.js'
import { ScramKeys } from './scram-keys.js'
import { unsecuredTokenHolder } from './unsecured-holder.js'

/**
 * The users of an embedded cluster and the logins that its brokers demand. A change holds for every later
 * login. Connections stay as they are, as in Kafka.
 */
export class SaslServer {
  readonly #users = new Map<string, string>()
  readonly #keys: ScramKeys
  readonly #tokenHolder: (token: string) => TokenHolder | null
  /** The mechanisms that brokers offer. */
  mechanisms: readonly SaslMechanismName[]
  /** Milliseconds after which a client must have authenticated again; 0 for never. */
  sessionLifetimeMs: number | bigint

  /** @internal */
  constructor(options: EmbeddedSaslOptions, clock: Clock, random: () => number) {
    for (const [username, password] of Object.entries(options.users ?? {}))
      this.#users.set(username, password)
    this.mechanisms = options.mechanisms ?? MECHANISM_NAMES
    this.sessionLifetimeMs = options.sessionLifetimeMs ?? 0
    this.#tokenHolder = options.tokenHolder ?? ((token) => unsecuredTokenHolder(token, clock.wallTime()))
    this.#keys = new ScramKeys(random)
  }

  /** Adds a user, or gives a user another password. */
  setUser(username: string, password: string): void {
    this.#users.set(username, password)
  }

  removeUser(username: string): void {
    this.#users.delete(username)
  }

  /** @internal */
  passwordOf(username: string): string | undefined {
    return this.#users.get(username)
  }

  /** @internal */
  get scramKeys(): ScramKeys {
    return this.#keys
  }

  /** @internal */
  holderOf(token: string): TokenHolder | null {
    return this.#tokenHolder(token)
  }
}
