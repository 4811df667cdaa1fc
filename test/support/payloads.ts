import { SeededRandom } from './random.js'

/** Sizes around the limits of the codecs' blocks, and around their rules for the last bytes. */
const SIZES = [
  0, 1, 2, 3, 4, 5, 11, 12, 13, 14, 15, 16, 17, 61, 62, 255, 256, 270, 271, 4_096, 16_384, 65_534, 65_535,
  65_536, 65_537, 65_549, 131_072, 131_073, 200_000,
]

type Maker = (random: SeededRandom, size: number) => Buffer

const MAKERS: readonly Maker[] = [
  (_, size) => Buffer.alloc(size, 'a'),
  (random, size) => noise(random, size, 256),
  (random, size) => noise(random, size, random.integer(2, 8)),
  (random, size) => repeated(noise(random, random.integer(1, 300), 256), size),
  (random, size) => repeated(noise(random, random.integer(60_000, 70_000), 256), size),
  (random, size) => json(random, size),
  (random, size) => withCopies(random, size),
]

/**
 * Bytes to compress: constant, random, repetitive, JSON, and copies of all lengths up to the very end, where
 * LZ4 has its rules.
 *
 * @param seed the same seed gives the same bytes
 */
export function payloads(count: number, seed = 1): Buffer[] {
  const random = new SeededRandom(seed)
  return Array.from({ length: count }, (_, index) => {
    const make = MAKERS[index % MAKERS.length] as Maker
    const size = random.oneIn(2) ? random.pick(SIZES) : random.integer(0, 3_000)
    return make(random, size)
  })
}

function noise(random: SeededRandom, size: number, letters: number): Buffer {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; at++) bytes[at] = random.integer(0, letters - 1)
  return bytes
}

function repeated(bytes: Buffer, size: number): Buffer {
  return Buffer.alloc(size, bytes)
}

function json(random: SeededRandom, size: number): Buffer {
  let text = ''
  while (text.length < size) {
    const order = {
      id: random.integer(0, 1e9),
      customer: `c-${random.integer(0, 5_000)}`,
      total: text.length,
    }
    text += JSON.stringify({ ...order, status: random.pick(['paid', 'open', 'shipped']) })
  }
  return Buffer.from(text.slice(0, size))
}

/** Noise in which stretches repeat what stood before, most of all near each end of 64 KiB. */
function withCopies(random: SeededRandom, size: number): Buffer {
  const bytes = noise(random, size, 256)
  for (let end = Math.min(65_536, size); end > 64; end = end === size ? 0 : Math.min(end + 65_536, size)) {
    const length = random.integer(4, 24)
    const at = end - random.integer(length, length + 14)
    bytes.copyWithin(at, random.integer(0, 30), 30 + length)
    const far = random.integer(0, Math.max(0, at - 300))
    if (at > 300) bytes.copyWithin(at - 280, far, far + random.pick([4, 18, 19, 20, 270, 273, 274]))
  }
  return bytes
}
