import { pbkdf2Sync } from 'node:crypto'
import type { Environment } from '../../src/environment/environment.js'

/** Cryptography for an environment of a test: keys are derived within the call, and nonces are all alike. */
export const cryptography: Pick<Environment, 'secureRandom' | 'deriveKey'> = {
  secureRandom: (size) => Buffer.alloc(size, 7),
  deriveKey: async (hash, password, salt, iterations) =>
    pbkdf2Sync(password, salt, iterations, hash === 'sha256' ? 32 : 64, hash),
}
