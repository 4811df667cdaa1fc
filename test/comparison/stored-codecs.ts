/**
 * Snappy, LZ4 and Zstandard without compressing: each format has a way to carry bytes as they are, and Kafka
 * unpacks them as any others.
 */

/** The framing of Kafka's snappy (xerial): one block, whose content is one literal. */
export function snappyStored(bytes: Buffer): Buffer {
  const length = bytes.length - 1
  const literal = Buffer.alloc(5)
  literal.writeUInt8(63 << 2, 0) // a literal whose length takes four bytes
  literal.writeUInt32LE(length, 1)
  const block = Buffer.concat([varint(bytes.length), literal, bytes])
  const header = Buffer.from('82534e41505059000000000100000001', 'hex')
  const size = Buffer.alloc(4)
  size.writeUInt32BE(block.length)
  return Buffer.concat([header, size, block])
}

/** A frame of independent blocks of at most 64 KiB, without any checksum but the header's. */
export function lz4Stored(bytes: Buffer): Buffer {
  const parts: Buffer[] = [Buffer.from('04224d18604082', 'hex')]
  for (let at = 0; at < bytes.length; at += 65_536) {
    const block = bytes.subarray(at, at + 65_536)
    const size = Buffer.alloc(4)
    size.writeUInt32LE(block.length + 0x8000_0000) // the highest bit: not compressed
    parts.push(size, block)
  }
  return Buffer.concat([...parts, Buffer.alloc(4)])
}

/** A frame of raw blocks of at most 128 KiB (RFC 8878), without a checksum. */
export function zstdStored(bytes: Buffer): Buffer {
  // Descriptor: the content's size in four bytes, and therefore no window.
  const header = Buffer.from('28b52ffda000000000', 'hex')
  header.writeUInt32LE(bytes.length, 5)
  const parts: Buffer[] = [header]
  for (let at = 0; at < bytes.length || at === 0; at += 131_072) {
    const block = bytes.subarray(at, at + 131_072)
    const size = Buffer.alloc(3)
    size.writeUIntLE((block.length << 3) | (at + 131_072 >= bytes.length ? 1 : 0), 0, 3)
    parts.push(size, block)
  }
  return Buffer.concat(parts)
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let left = value
  for (; left >= 0x80; left >>>= 7) bytes.push((left & 0x7f) | 0x80)
  bytes.push(left)
  return Buffer.from(bytes)
}
