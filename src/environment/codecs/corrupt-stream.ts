import { Buffer } from 'node:buffer'

/** Bytes that are not the codec's. */
export class CorruptStream extends Error {
  override readonly name: string = 'CorruptStream'
  /** What was decompressed before the fault. */
  readonly decoded: Buffer

  constructor(message: string, decoded: readonly Buffer[] = []) {
    super(message)
    this.decoded = Buffer.concat(decoded)
  }
}

/** Bytes that decompress to more than the caller allows. The code is that of Node's zlib for the same. */
export class TooLargeOutput extends RangeError {
  override readonly name: string = 'TooLargeOutput'
  readonly code: string = 'ERR_BUFFER_TOO_LARGE'

  constructor(maxBytes: number) {
    super(`the bytes decompress to more than ${maxBytes}`)
  }
}
