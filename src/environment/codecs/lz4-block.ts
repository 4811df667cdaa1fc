import lz4 from 'lz4js/lz4.js'

/**
 * Bytes that lz4js does not see. It starts matches up to 10 bytes before its end, and the format allows none
 * in the last 12. Decoders of other clients refuse such blocks, and so does Kafka if a block fills its frame.
 */
const HIDDEN = 2
const NIBBLE = 15
const TABLE_SIZE = 65_536

const table = new Uint32Array(TABLE_SIZE)

/** The room that `encodeLz4Block` needs for a block of `size` bytes. */
export function lz4BlockBound(size: number): number {
  return size + Math.ceil(size / 255) + 16
}

/**
 * Compresses a block of at most 64 KiB into `target`. Returns its size there; 0 if it cannot be compressed.
 */
export function encodeLz4Block(block: Uint8Array, target: Uint8Array): number {
  if (block.length <= HIDDEN) return 0
  // lz4js takes what is left from another block for places in this one.
  table.fill(0)
  const size = lz4.compressBlock(block, target, 0, block.length - HIDDEN, table)
  return size === 0 ? 0 : withLongerTail(block, target, size)
}

/** Adds the hidden bytes to the literals of the last sequence, whose length may then take another byte. */
function withLongerTail(block: Uint8Array, target: Uint8Array, size: number): number {
  const { token, literals } = lastSequence(target, size)
  const length = literals + HIDDEN
  let at = token
  target[at++] = Math.min(length, NIBBLE) << 4
  if (length >= NIBBLE) {
    let rest = length - NIBBLE
    for (; rest >= 255; rest -= 255) target[at++] = 255
    target[at++] = rest
  }
  target.set(block.subarray(block.length - length), at)
  return at + length
}

/** Where the last sequence of an encoded block starts, and how many literals it has. */
function lastSequence(encoded: Uint8Array, size: number): { token: number; literals: number } {
  for (let at = 0; ; ) {
    const token = at++
    const lengths = encoded[token] ?? 0
    let literals = lengths >> 4
    if (literals === NIBBLE) {
      let more: number
      do {
        more = encoded[at++] ?? 0
        literals += more
      } while (more === 255)
    }
    at += literals
    if (at >= size) return { token, literals }
    at += 2 // the offset of the match
    if ((lengths & NIBBLE) === NIBBLE) while (encoded[at++] === 255);
  }
}
