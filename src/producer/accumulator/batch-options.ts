import type { Buffer } from 'node:buffer'
import type { ProducerIdentity } from '../idempotence/sequence.js'
import type { Batch } from './batch.js'

/**
 * The identity and sequence of a batch, stamped at its first drain. They never change while the batch may be
 * in the log.
 */
export interface BatchStamp {
  readonly identity: ProducerIdentity
  readonly baseSequence: number
}

/** How a batch that will be compressed grows beyond its first buffer. */
export interface BatchGrowth {
  /** The bytes on the wire that are expected of each byte of records. */
  readonly ratio: number
  /** Limit in bytes for header and uncompressed records. */
  readonly maxBytes: number
  /**
   * Replaces the buffer by one of `size` bytes, with the first `used` of them copied. Null if there is no
   * memory to spare.
   */
  enlarge(buffer: Buffer, size: number, used: number): Buffer | null
}

export interface BatchOptions {
  /**
   * Limit in bytes for header and records together, as they are expected on the wire. The first record may
   * exceed it.
   */
  readonly limit: number
  /** Left out without compression: the batch then stays in its first buffer. */
  readonly growth?: BatchGrowth | null
  /** The first record's timestamp, in milliseconds since 1970. */
  readonly baseTimestamp: number
  readonly createdAtMs: number
  readonly generation: number
  readonly order: number
  readonly orderWidth: number
  /** Called once, when the batch's bytes are not needed any more. */
  readonly returned: (batch: Batch) => void
}
