const SEED = 0x9747b28c
const MULTIPLIER = 0x5bd1e995

/**
 * MurmurHash2 as `org.apache.kafka.common.utils.Utils.murmur2` computes it. Java's client, and every client
 * that agrees with it, derives a key's partition from this hash.
 *
 * @param start index of the first byte
 * @param end index after the last byte
 * @returns a signed 32-bit number
 */
export function murmur2(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  const length = end - start
  const tail = end - (length & 3)
  let hash = SEED ^ length
  let i = start
  for (; i < tail; i += 4) {
    let word =
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24)
    word = Math.imul(word, MULTIPLIER)
    word = Math.imul(word ^ (word >>> 24), MULTIPLIER)
    hash = Math.imul(hash, MULTIPLIER) ^ word
  }
  if (i < end) {
    if (i + 2 < end) hash ^= (bytes[i + 2] as number) << 16
    if (i + 1 < end) hash ^= (bytes[i + 1] as number) << 8
    hash = Math.imul(hash ^ (bytes[i] as number), MULTIPLIER)
  }
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER)
  return hash ^ (hash >>> 15)
}

/**
 * The partition of a key among `partitionCount`, including those without a leader: Java's
 * `toPositive(murmur2(key)) % partitionCount`. It stays the same as long as the count does.
 */
export function partitionForKey(
  partitionCount: number,
  bytes: Uint8Array,
  start = 0,
  end: number = bytes.length,
): number {
  return (murmur2(bytes, start, end) & 0x7fffffff) % partitionCount
}
