import type { AsyncContext } from './async-context.js'
import type { Clock } from './clock.js'
import type { CompressionType } from './codecs.js'
import type { Files } from './files.js'
import type { PostHttp } from './http.js'
import type { Lookup, OpenSocket } from './socket.js'

/**
 * Everything outside the client that it depends on. A client gets one environment at its construction and
 * reaches the world through it alone. If the environment is a function of a seed, so is the whole client.
 */
export interface Environment {
  readonly clock: Clock
  /** A number from 0 (included) to 1 (excluded), like Math.random. */
  readonly random: () => number
  readonly openSocket: OpenSocket
  readonly lookup: Lookup
  readonly files: Files
  /** For token endpoints. */
  readonly postHttp: PostHttp
  readonly compress: Compress
  /** This many bytes that nobody can guess, for nonces. */
  readonly secureRandom: (size: number) => Uint8Array
  readonly deriveKey: DeriveKey
  /** The async context of the caller; null as long as no program in this process uses one. */
  readonly captureContext: () => AsyncContext | null
  /** Calls a function outside of every caller's async context, and returns its result. */
  readonly outsideContexts: <Result>(run: () => Result) => Result
  /** Issues a process warning, which every program sees whatever its logger. */
  readonly emitWarning: (message: string) => void
}

/** Compresses bytes at once. Several calls may run at the same time and end in any order. */
export type Compress = (
  codec: Exclude<CompressionType, 'none'>,
  level: number,
  bytes: Uint8Array,
) => Promise<Uint8Array>

/** The hash functions that keys are derived with. */
export type HashName = 'sha256' | 'sha512'

/**
 * Derives a key of the hash's size from a password (PBKDF2 with HMAC, RFC 8018), beside the event loop: a
 * million iterations take a good part of a second.
 */
export type DeriveKey = (
  hash: HashName,
  password: Uint8Array,
  salt: Uint8Array,
  iterations: number,
) => Promise<Uint8Array>
