import { Buffer } from 'node:buffer'
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'

/** Kafka's least number, so that a test does not wait for logins. */
const ITERATIONS = 4_096
const SALT_BYTES = 16

export type ScramHash = 'sha256' | 'sha512'

/** What a SCRAM server stores for a user. */
export interface ScramKey {
  readonly salt: Buffer
  readonly iterations: number
  readonly storedKey: Buffer
  readonly serverKey: Buffer
}

/** The stored keys of all users. They are derived at the first login with a password. */
export class ScramKeys {
  readonly #random: () => number
  readonly #keys = new Map<string, ScramKey>()

  constructor(random: () => number) {
    this.#random = random
  }

  keyOf(hash: ScramHash, username: string, password: string): ScramKey {
    const id = JSON.stringify([hash, username, password])
    const known = this.#keys.get(id)
    if (known !== undefined) return known
    const salt = this.randomBytesOf(SALT_BYTES)
    const salted = pbkdf2Sync(password, salt, ITERATIONS, hash === 'sha256' ? 32 : 64, hash)
    const clientKey = createHmac(hash, salted).update('Client Key').digest()
    const key = {
      salt,
      iterations: ITERATIONS,
      storedKey: createHash(hash).update(clientKey).digest(),
      serverKey: createHmac(hash, salted).update('Server Key').digest(),
    }
    this.#keys.set(id, key)
    return key
  }

  /** Bytes from the cluster's own randomness, so that a simulation repeats them. */
  randomBytesOf(size: number): Buffer {
    return Buffer.from(Array.from({ length: size }, () => Math.floor(this.#random() * 256)))
  }
}
