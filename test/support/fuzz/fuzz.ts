import { ProtocolError } from '../../../src/errors.js'
import { SeededRandom } from '../random.js'
import { mutate } from './mutate.js'
import type { FuzzTarget } from './targets.js'

export interface FuzzOutcome {
  /** Inputs that were mutated. */
  readonly mutated: number
  /** Inputs that were read as a message, including the valid ones. */
  readonly read: number
  /** Inputs that were refused with a ProtocolError. */
  readonly refused: number
  /** The largest ratio of a message's items to its input's bytes. */
  readonly mostItemsPerByte: number
}

/**
 * Gives `count` inputs to the targets. One in 50 is valid and must be read. Input `n` depends only on the sum
 * of `seed` and `n`, so a failure can be run again alone: `--seed <seed + n> --count 1`.
 *
 * @throws Error naming the input for any outcome but a message or a ProtocolError, and for a message with
 * more items than bytes
 */
export function fuzz(targets: readonly FuzzTarget[], seed: number, count: number): FuzzOutcome {
  let mutated = 0
  let read = 0
  let refused = 0
  let mostItemsPerByte = 0
  for (let n = 0; n < count; n++) {
    const random = new SeededRandom(seed + n)
    const target = random.pick(targets)
    const original = random.pick(target.valid)
    const valid = random.oneIn(50)
    if (!valid) mutated++
    const bytes = valid ? original : mutate(random, original, random.pick(random.pick(targets).valid))
    try {
      const items = itemsOf(target.read(bytes))
      if (items > bytes.length) throw new Error(`${items} items from ${bytes.length} bytes`)
      mostItemsPerByte = Math.max(mostItemsPerByte, items / Math.max(bytes.length, 1))
      read++
    } catch (error) {
      if (valid || !(error instanceof ProtocolError)) {
        const input = `seed ${seed + n}, ${target.name}${valid ? ' (valid)' : ''}`
        throw new Error(`${input}: ${error} from ${bytes.toString('hex')}`, { cause: error })
      }
      refused++
    }
  }
  return { mutated, read, refused, mostItemsPerByte }
}

/** The number of array items in a message at all depths, which a false count would raise. */
function itemsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return 0
  let items = Array.isArray(value) ? value.length : 0
  for (const inner of Object.values(value)) items += itemsOf(inner)
  return items
}
