import type { Buffer } from 'node:buffer'
import { promisify } from 'node:util'
import { gunzipSync, gzip, gzipSync } from 'node:zlib'
import { Fifo } from '../../fifo.js'
import { compressInTurns } from './compression-turns.js'

/**
 * Batches below this size are compressed on this thread: handing one to another thread costs more. Measured
 * with `npm run bench codecs`.
 */
const THREAD_BYTES = 8_192
/** More at a time would be no faster, and each takes memory of zlib's. */
const MAX_THREADS = 4

const onThread = promisify<Uint8Array, { level: number; chunkSize: number }, Buffer>(gzip)
const waiting = new Fifo<() => void>()
let running = 0

export async function gzipCompressed(bytes: Uint8Array, level: number): Promise<Uint8Array> {
  if (bytes.length < THREAD_BYTES)
    return compressInTurns((data, of) => gzipSync(data, { level: of }), bytes, level)
  if (running >= MAX_THREADS) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  try {
    // Few chunks: each is a call back to this thread.
    return await onThread(bytes, { level, chunkSize: bytes.length >> 1 })
  } finally {
    const next = waiting.shift()
    if (next === undefined) running--
    else next()
  }
}

/** @throws Error for other bytes, and if they decompress to more than `maxBytes` */
export function gzipDecompressed(bytes: Uint8Array, maxBytes: number): Buffer {
  return gunzipSync(bytes, { maxOutputLength: maxBytes })
}
