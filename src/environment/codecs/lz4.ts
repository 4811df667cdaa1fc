import { Buffer } from 'node:buffer'
import xxh32 from 'lz4js/xxh32.js'
import { CorruptStream, TooLargeOutput } from './corrupt-stream.js'
import { encodeLz4Block, lz4BlockBound } from './lz4-block.js'
import { decodeLz4Block } from './lz4-block-decoder.js'
import { Scratch } from './scratch.js'

/**
 * The header of every frame, as Java writes it: the magic number, independent blocks of at most 64 KiB, no
 * checksum but the header's own (the second byte of xxHash32), no content size.
 */
const HEADER = Buffer.from('04224d18604082', 'hex')
const MAGIC = 0x184d2204
const BLOCK_BYTES = 65_536
const SIZE_BYTES = 4
/** In the size of a block: the block is not compressed. */
const STORED = 0x8000_0000
/** The version of the format, the independence of blocks that Kafka demands, and the bit that must be 0. */
const FIXED_FLAGS = 0b1110_0010
const FIXED_FLAGS_VALUE = 0b0110_0000
const BLOCK_CHECKSUMS = 0b0001_0000
const CONTENT_SIZE = 0b0000_1000

const frame = new Scratch()

/**
 * Compresses to a frame of LZ4 that Kafka reads:
 * https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 */
export function lz4Compressed(bytes: Uint8Array): Buffer {
  const blocks = Math.ceil(bytes.length / BLOCK_BYTES)
  const room = HEADER.length + blocks * (SIZE_BYTES + lz4BlockBound(BLOCK_BYTES)) + SIZE_BYTES
  const target = frame.take(room)
  let at = HEADER.copy(target)
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    const block = bytes.subarray(start, start + BLOCK_BYTES)
    const size = encodeLz4Block(block, target.subarray(at + SIZE_BYTES))
    if (size === 0 || size >= block.length) {
      target.writeUInt32LE(block.length + STORED, at)
      target.set(block, at + SIZE_BYTES)
      at += SIZE_BYTES + block.length
    } else {
      target.writeUInt32LE(size, at)
      at += SIZE_BYTES + size
    }
  }
  at = target.writeUInt32LE(0, at)
  return Buffer.from(target.subarray(0, at))
}

/**
 * Decompresses the first frame, as Kafka does. What stands behind the frame is ignored.
 *
 * @throws CorruptStream, TooLargeOutput
 */
export function lz4Decompressed(bytes: Uint8Array, maxBytes: number): Buffer {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const { start, blockBytes, hasChecksums } = readHeader(source)
  const parts: Buffer[] = []
  let total = 0
  for (let at = start; ; ) {
    if (at + SIZE_BYTES > source.length) throw new CorruptStream('an LZ4 frame without an end', parts)
    const field = source.readUInt32LE(at)
    at += SIZE_BYTES
    const size = field % STORED
    if (size === 0) return Buffer.concat(parts)
    const end = at + size
    if (size > blockBytes || end > source.length)
      throw new CorruptStream(`an LZ4 block of ${size} bytes`, parts)
    const block = source.subarray(at, end)
    if (hasChecksums && xxh32.hash(0, source, at, size) >>> 0 !== checksumAt(source, end))
      throw new CorruptStream('the checksum of an LZ4 block is wrong', parts)
    at = end + (hasChecksums ? SIZE_BYTES : 0)
    const part = field >= STORED ? block : unpackedBlock(block, blockBytes)
    if (part === null) throw new CorruptStream('an invalid LZ4 block', parts)
    total += part.length
    if (total > maxBytes) throw new TooLargeOutput(maxBytes)
    parts.push(part)
  }
}

function unpackedBlock(block: Buffer, blockBytes: number): Buffer | null {
  const room = Buffer.allocUnsafe(blockBytes)
  const size = decodeLz4Block(block, room)
  return size === -1 ? null : room.subarray(0, size)
}

function checksumAt(source: Buffer, at: number): number {
  return at + SIZE_BYTES > source.length ? -1 : source.readUInt32LE(at)
}

function readHeader(source: Buffer): { start: number; blockBytes: number; hasChecksums: boolean } {
  if (source.length < HEADER.length || source.readUInt32LE(0) !== MAGIC)
    throw new CorruptStream('no frame of LZ4')
  const flags = source.readUInt8(4)
  const descriptor = source.readUInt8(5)
  const sizeCode = descriptor >> 4
  if ((flags & FIXED_FLAGS) !== FIXED_FLAGS_VALUE || (descriptor & 0b1000_1111) !== 0 || sizeCode < 4)
    throw new CorruptStream(`an LZ4 frame with flags ${flags} and block size ${descriptor}`)
  const at = 6 + ((flags & CONTENT_SIZE) === 0 ? 0 : 8)
  if (at >= source.length || ((xxh32.hash(0, source, 4, at - 4) >>> 8) & 0xff) !== source[at])
    throw new CorruptStream('the checksum of an LZ4 header is wrong')
  return {
    start: at + 1,
    blockBytes: 1 << (8 + 2 * sizeCode),
    hasChecksums: (flags & BLOCK_CHECKSUMS) !== 0,
  }
}
