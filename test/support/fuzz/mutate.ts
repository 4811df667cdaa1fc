import type { SeededRandom } from '../random.js'

/** Bytes of impossible lengths, counts and numbers. */
const EXTREMES: readonly Buffer[] = [
  '00',
  '01',
  '7f',
  '80',
  'ff',
  'ffff',
  '7fff',
  '8000',
  'ffffffff',
  'fffffffe',
  '7fffffff',
  '80000000',
  '00ffffff',
  'ffffffff0f',
  'ffffffff7f',
  'feffffff0f',
  'ffffffffffffffff7f',
  'ffffffffffffffffff01',
  '80808080808080808080808080',
  '7fffffffffffffff',
  '8000000000000000',
].map((hex) => Buffer.from(hex, 'hex'))

type Mutation = (random: SeededRandom, bytes: Buffer, other: Buffer) => Buffer

const mutations: readonly Mutation[] = [flipBits, truncate, overwrite, insert, remove, repeat, splice]

/** The bytes after one to four mutations; pieces for them are taken from `other`. */
export function mutate(random: SeededRandom, bytes: Buffer, other: Buffer): Buffer {
  let mutated: Buffer = Buffer.from(bytes)
  for (let left = random.pick([1, 1, 2, 4]); left > 0; left--)
    mutated = random.pick(mutations)(random, mutated, other)
  return mutated
}

function flipBits(random: SeededRandom, bytes: Buffer): Buffer {
  for (let left = random.pick([1, 1, 8]); left > 0 && bytes.length > 0; left--) {
    const at = random.integer(0, bytes.length - 1)
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random.integer(0, 7)), at)
  }
  return bytes
}

function truncate(random: SeededRandom, bytes: Buffer): Buffer {
  return bytes.subarray(0, random.integer(0, bytes.length))
}

function overwrite(random: SeededRandom, bytes: Buffer): Buffer {
  random.pick(EXTREMES).copy(bytes, random.integer(0, bytes.length))
  return bytes
}

function insert(random: SeededRandom, bytes: Buffer): Buffer {
  const inserted = random.oneIn(2) ? random.pick(EXTREMES) : random.bytes(random.integer(1, 16))
  return replace(bytes, random.integer(0, bytes.length), 0, inserted)
}

function remove(random: SeededRandom, bytes: Buffer): Buffer {
  return replace(bytes, random.integer(0, bytes.length), random.integer(1, 16), Buffer.alloc(0))
}

function repeat(random: SeededRandom, bytes: Buffer): Buffer {
  const start = random.integer(0, bytes.length)
  const piece = bytes.subarray(start, start + random.integer(1, 64))
  return replace(bytes, random.integer(0, bytes.length), 0, piece)
}

function splice(random: SeededRandom, bytes: Buffer, other: Buffer): Buffer {
  const start = random.integer(0, other.length)
  const piece = other.subarray(start, start + random.integer(1, 64))
  return replace(bytes, random.integer(0, bytes.length), random.pick([0, piece.length]), piece)
}

function replace(bytes: Buffer, at: number, size: number, by: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + size)])
}
