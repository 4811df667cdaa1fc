/**
 * Variable-length integers of the record format: zigzag first, then seven bits a byte, least significant
 * first (https://kafka.apache.org/documentation/#record). Every record has at least five 32-bit ones, so
 * these are sized and written without BigInt.
 */

/** Bytes of `value`, 0 to 4,294,967,295, as an unsigned varint. */
export function unsignedVarintSize(value: number): number {
  if (value < 0x80) return 1
  if (value < 0x4000) return 2
  if (value < 0x200000) return 3
  return value < 0x10000000 ? 4 : 5
}

/** Writes `value`, 0 to 4,294,967,295, and returns the offset behind it. */
export function writeUnsignedVarint(target: Uint8Array, offset: number, value: number): number {
  let rest = value >>> 0
  let at = offset
  while (rest > 0x7f) {
    target[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  target[at++] = rest
  return at
}

/** Bytes of the signed 32-bit `value`. */
export function varintSize(value: number): number {
  return unsignedVarintSize(((value << 1) ^ (value >> 31)) >>> 0)
}

/** Writes the signed 32-bit `value` and returns the offset behind it. */
export function writeVarint(target: Uint8Array, offset: number, value: number): number {
  return writeUnsignedVarint(target, offset, (value << 1) ^ (value >> 31))
}

const INT32_MIN = -0x80000000
const INT32_MAX = 0x7fffffff

/** Bytes of the signed 64-bit `value`, which must be a safe integer. */
export function varlongSize(value: number): number {
  if (value >= INT32_MIN && value <= INT32_MAX) return varintSize(value)
  let zigzag = zigzag64(value)
  let size = 1
  while (zigzag > 0x7fn) {
    zigzag >>= 7n
    size++
  }
  return size
}

/** Writes the signed 64-bit `value`, which must be a safe integer, and returns the offset behind it. */
export function writeVarlong(target: Uint8Array, offset: number, value: number): number {
  if (value >= INT32_MIN && value <= INT32_MAX) return writeVarint(target, offset, value)
  let zigzag = zigzag64(value)
  let at = offset
  while (zigzag > 0x7fn) {
    target[at++] = Number(zigzag & 0x7fn) | 0x80
    zigzag >>= 7n
  }
  target[at++] = Number(zigzag)
  return at
}

function zigzag64(value: number): bigint {
  const wide = BigInt(value)
  return BigInt.asUintN(64, (wide << 1n) ^ (wide >> 63n))
}
