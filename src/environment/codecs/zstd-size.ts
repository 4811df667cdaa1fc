import type { Buffer } from 'node:buffer'
import { CorruptStream } from './corrupt-stream.js'

const MAGIC = 0xfd2fb528
const MAGIC_BYTES = 4
/** The first of sixteen magic numbers of frames that decoders skip. */
const SKIPPABLE = 0x184d2a50
const BLOCK_HEADER_BYTES = 3
/** No block decompresses to more. */
const MAX_BLOCK_BYTES = 131_072
const CHECKSUM_BYTES = 4
const RAW = 0
const REPEATED_BYTE = 1
const RESERVED = 3

/**
 * The most bytes that frames of Zstandard can decompress to (RFC 8878). A frame need not tell its size, so
 * the headers of its blocks give the bound.
 *
 * @throws CorruptStream if the bytes are not whole frames
 */
export function zstdSizeBound(source: Buffer): number {
  let bound = 0
  let at = 0
  do {
    if (at + MAGIC_BYTES * 2 > source.length) throw new CorruptStream('no frame of Zstandard')
    const magic = source.readUInt32LE(at)
    if ((magic & 0xffff_fff0) >>> 0 === SKIPPABLE) {
      at += MAGIC_BYTES * 2 + source.readUInt32LE(at + MAGIC_BYTES)
      continue
    }
    if (magic !== MAGIC) throw new CorruptStream('no frame of Zstandard')
    const descriptor = source.readUInt8(at + MAGIC_BYTES)
    at += MAGIC_BYTES + frameHeaderBytes(descriptor)
    for (let isLast = false; !isLast; ) {
      if (at + BLOCK_HEADER_BYTES > source.length) throw new CorruptStream('a Zstandard frame without an end')
      const header = source.readUIntLE(at, BLOCK_HEADER_BYTES)
      const size = header >> 3
      const kind = (header >> 1) & 3
      isLast = (header & 1) === 1
      if (kind === RESERVED) throw new CorruptStream('an invalid Zstandard block')
      at += BLOCK_HEADER_BYTES + (kind === REPEATED_BYTE ? 1 : size)
      bound += kind === RAW || kind === REPEATED_BYTE ? size : MAX_BLOCK_BYTES
    }
    if ((descriptor & 0b100) !== 0) at += CHECKSUM_BYTES
  } while (at < source.length)
  if (at > source.length) throw new CorruptStream('a Zstandard frame without an end')
  return bound
}

/** Bytes of a frame's header behind its magic number. */
function frameHeaderBytes(descriptor: number): number {
  const isSingleSegment = (descriptor & 0b10_0000) !== 0
  const window = isSingleSegment ? 0 : 1
  const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0
  const content = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  return 1 + window + dictionary + content
}
