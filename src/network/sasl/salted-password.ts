import { Buffer } from 'node:buffer'
import type { DeriveKey, HashName } from '../../environment/environment.js'

interface Derivation {
  readonly password: string
  readonly salt: Uint8Array
  readonly iterations: number
  readonly key: Promise<Uint8Array>
}

/**
 * Derives SCRAM's salted password, and keeps the last one. All brokers of a cluster have the same salt for a
 * user, so one derivation serves every connection and every re-authentication. Another password, salt or
 * number of iterations replaces it.
 */
export class SaltedPassword {
  readonly #hash: HashName
  readonly #deriveKey: DeriveKey
  #last: Derivation | null = null
  /** Derivations run one after another: each holds one of the few threads that name look-ups need too. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(hash: HashName, deriveKey: DeriveKey) {
    this.#hash = hash
    this.#deriveKey = deriveKey
  }

  derive(password: string, salt: Uint8Array, iterations: number): Promise<Uint8Array> {
    const last = this.#last
    if (
      last !== null &&
      last.password === password &&
      last.iterations === iterations &&
      Buffer.compare(last.salt, salt) === 0
    )
      return last.key
    const key = this.#queue.then(() => this.#deriveOnce(password, salt, iterations))
    const derivation = { password, salt, iterations, key }
    this.#last = derivation
    this.#queue = key.catch(() => {
      if (this.#last === derivation) this.#last = null
    })
    return key
  }

  async #deriveOnce(password: string, salt: Uint8Array, iterations: number): Promise<Uint8Array> {
    const bytes = Buffer.from(password, 'utf8')
    try {
      return await this.#deriveKey(this.#hash, bytes, salt, iterations)
    } finally {
      bytes.fill(0)
    }
  }
}
