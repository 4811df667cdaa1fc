import { pbkdf2, randomBytes } from 'node:crypto'
import { outsideContexts } from './async-context.js'
import type { DeriveKey, HashName } from './environment.js'

const KEY_BYTES: Readonly<Record<HashName, number>> = { sha256: 32, sha512: 64 }

export function secureRandom(size: number): Uint8Array {
  return randomBytes(size)
}

/** Derives the key in a thread of the runtime's pool, so that the event loop goes on. */
export const deriveKey: DeriveKey = (hash, password, salt, iterations) =>
  outsideContexts(
    () =>
      new Promise((resolve, reject) => {
        pbkdf2(password, salt, iterations, KEY_BYTES[hash], hash, (error, key) => {
          if (error === null) resolve(key)
          else reject(error)
        })
      }),
  )
