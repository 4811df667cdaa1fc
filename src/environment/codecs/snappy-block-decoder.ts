import { Buffer } from 'node:buffer'
import { CorruptStream, TooLargeOutput } from './corrupt-stream.js'

/** Literals of up to so many bytes have their length in the tag. */
const SHORT_LITERAL = 60

/**
 * Decompresses a block of Snappy: https://github.com/google/snappy/blob/main/format_description.txt
 *
 * @throws CorruptStream, TooLargeOutput
 */
export function decodeSnappyBlock(block: Buffer, maxBytes: number): Buffer {
  const { size, start } = readSize(block)
  if (size > maxBytes) throw new TooLargeOutput(maxBytes)
  const target = Buffer.allocUnsafe(size)
  let from = start
  let to = 0
  while (from < block.length) {
    const tag = block[from++] ?? 0
    const kind = tag & 3
    if (kind === 0) {
      let length = (tag >> 2) + 1
      if (length > SHORT_LITERAL) {
        const bytes = length - SHORT_LITERAL
        if (from + bytes > block.length) throw invalid()
        length = block.readUIntLE(from, bytes) + 1
        from += bytes
      }
      if (from + length > block.length || to + length > size) throw invalid()
      target.set(block.subarray(from, from + length), to)
      from += length
      to += length
      continue
    }
    const length = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
    const bytes = kind === 3 ? 4 : kind
    if (from + bytes > block.length) throw invalid()
    const offset = block.readUIntLE(from, bytes) + (kind === 1 ? (tag >> 5) << 8 : 0)
    from += bytes
    const end = to + length
    if (offset === 0 || offset > to || end > size) throw invalid()
    // Byte by byte: a copy may repeat bytes that it has just written.
    for (let at = to - offset; to < end; ) target[to++] = target[at++] ?? 0
  }
  if (to !== size) throw invalid()
  return target
}

function readSize(block: Buffer): { size: number; start: number } {
  let size = 0
  for (let at = 0; at < 5; at++) {
    const byte = block[at]
    if (byte === undefined) throw invalid()
    size += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) {
      if (size > 0xffff_ffff) throw invalid()
      return { size, start: at + 1 }
    }
  }
  throw invalid()
}

function invalid(): CorruptStream {
  return new CorruptStream('an invalid Snappy block')
}
