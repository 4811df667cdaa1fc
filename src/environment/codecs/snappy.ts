import { Buffer } from 'node:buffer'
import snappy from 'snappyjs/snappy_compressor.js'
import { CorruptStream, TooLargeOutput } from './corrupt-stream.js'
import { Scratch } from './scratch.js'
import { decodeSnappyBlock } from './snappy-block-decoder.js'

/**
 * The header of the framing that Java's clients write (xerial): its name, and two versions that nobody reads.
 */
const HEADER = Buffer.from('82534e41505059000000000100000001', 'hex')
const NAME_BYTES = 8
const SIZE_BYTES = 4
/** Snappy itself looks no further back than this, so larger blocks would not be smaller. */
const BLOCK_BYTES = 65_536

const frame = new Scratch()

/** Compresses in Java's framing: the header, then blocks of Snappy with their sizes. */
export function snappyCompressed(bytes: Uint8Array): Buffer {
  const blocks = Math.ceil(bytes.length / BLOCK_BYTES)
  const bound = SIZE_BYTES + new snappy.SnappyCompressor(bytes).maxCompressedLength() + blocks * 64
  const target = frame.take(HEADER.length + bound)
  let at = HEADER.copy(target)
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const compressor = new snappy.SnappyCompressor(bytes.subarray(start, start + BLOCK_BYTES))
    const size = compressor.compressToBuffer(target.subarray(at + SIZE_BYTES))
    target.writeUInt32BE(size, at)
    at += SIZE_BYTES + size
  }
  return Buffer.from(target.subarray(0, at))
}

/**
 * Decompresses as Java does: blocks in its framing, or all bytes as one block, as other clients write them.
 *
 * @throws CorruptStream, TooLargeOutput
 */
export function snappyDecompressed(bytes: Uint8Array, maxBytes: number): Buffer {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (source.length < HEADER.length || !startsFrame(source, 0, NAME_BYTES))
    return decodeSnappyBlock(source, maxBytes)
  const parts: Buffer[] = []
  let total = 0
  let at = HEADER.length
  // Fewer bytes than a size are ignored.
  while (at + SIZE_BYTES <= source.length) {
    if (startsFrame(source, at, SIZE_BYTES)) {
      at += HEADER.length
      continue
    }
    const size = source.readUInt32BE(at)
    const end = at + SIZE_BYTES + size
    if (end > source.length) throw new CorruptStream(`a Snappy block of ${size} bytes`, parts)
    const part = decodedAfter(parts, source.subarray(at + SIZE_BYTES, end), maxBytes - total)
    parts.push(part)
    total += part.length
    at = end
  }
  return Buffer.concat(parts)
}

function startsFrame(source: Buffer, at: number, length: number): boolean {
  return source.compare(HEADER, 0, length, at, at + length) === 0
}

function decodedAfter(parts: readonly Buffer[], block: Buffer, maxBytes: number): Buffer {
  try {
    return decodeSnappyBlock(block, maxBytes)
  } catch (cause) {
    throw cause instanceof TooLargeOutput ? cause : new CorruptStream('an invalid Snappy block', parts)
  }
}
