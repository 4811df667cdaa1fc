import type { Buffer } from 'node:buffer'

/** No match ends within so many bytes before the end of the room. */
const LAST_LITERALS = 5
/** Literals that end within so many bytes before the end of the room are the last. */
const MATCH_LIMIT = 12
/** Bytes behind literals that are not the last: a match, and the last literals with their token. */
const BEHIND_LITERALS = 3 + LAST_LITERALS
const MIN_MATCH = 4
const NIBBLE = 15

/**
 * Decompresses a block into `target`, as strictly as LZ4's own decoder: it refuses blocks that break the
 * rules for the last bytes, if they fill the room. Returns the size; -1 if the block is invalid.
 *
 * @param target exactly the room that a block may fill
 */
export function decodeLz4Block(block: Uint8Array, target: Buffer): number {
  let from = 0
  let to = 0
  const length = (nibble: number): number => {
    let sum = nibble
    if (nibble < NIBBLE) return sum
    let more: number
    do {
      more = block[from++] ?? 0
      sum += more
    } while (more === 255)
    return sum
  }
  while (from < block.length) {
    const token = block[from++] ?? 0
    const literals = length(token >> 4)
    if (to + literals > target.length - MATCH_LIMIT || from + literals > block.length - BEHIND_LITERALS) {
      if (from + literals !== block.length || to + literals > target.length) return -1
      target.set(block.subarray(from), to)
      return to + literals
    }
    target.set(block.subarray(from, from + literals), to)
    from += literals
    to += literals
    const offset = (block[from] ?? 0) | ((block[from + 1] ?? 0) << 8)
    from += 2
    const end = to + length(token & NIBBLE) + MIN_MATCH
    if (offset === 0 || offset > to || end > target.length - LAST_LITERALS) return -1
    // Byte by byte: a match may repeat bytes that it has just written.
    for (let at = to - offset; to < end; ) target[to++] = target[at++] ?? 0
  }
  return -1
}
