import type { SeededRandom } from '../support/random.js'
import type { StampPlan } from './batch-plan.js'
import type { Producer } from './script.js'

const SEQUENCES = 0x8000_0000
const LAST_SEQUENCE = SEQUENCES - 1

interface Sent {
  readonly epoch: number
  readonly sequence: number
  readonly count: number
}

/** A stamp, and how many records must go under it; null where any number will do. */
export interface StampChoice {
  readonly stamp: StampPlan
  readonly count: number | null
  /** To be called if the batch goes out undamaged: then the next one goes on behind it. */
  readonly sent: (count: number) => void
}

type Chooser = (story: ProducerStory, random: SeededRandom) => StampChoice

/**
 * What a producer of a script has sent so far, as far as one can tell beforehand: the next stamps are chosen
 * to be near to it.
 */
export class ProducerStory {
  readonly producer: Producer
  #epoch = 0
  #next: number
  readonly #sent: Sent[] = []

  constructor(producer: Producer, random: SeededRandom) {
    this.producer = producer
    this.#next = random.pick([
      0,
      0,
      0,
      17,
      LAST_SEQUENCE - random.integer(0, 12),
      random.integer(1, LAST_SEQUENCE),
    ])
  }

  choose(random: SeededRandom): StampChoice {
    const total = CHOICES.reduce((sum, [weight]) => sum + weight, 0)
    let left = random.integer(0, total - 1)
    for (const [weight, choose] of CHOICES) {
      left -= weight
      if (left < 0) return choose(this, random)
    }
    return this.inOrder()
  }

  inOrder(): StampChoice {
    const { epoch, sequence } = { epoch: this.#epoch, sequence: this.#next }
    return { ...this.#stamp(epoch, sequence), sent: (count) => this.#note({ epoch, sequence, count }) }
  }

  /** One of the last batches once more: within the five that brokers remember, or just outside. */
  repeated(random: SeededRandom, lengthenedBy: number): StampChoice {
    const batch = this.#sent.at(-random.integer(1, Math.min(7, this.#sent.length)))
    if (batch === undefined) return this.inOrder()
    const count = batch.count + lengthenedBy
    return { ...this.#stamp(batch.epoch, batch.sequence), count: count > 0 ? count : batch.count }
  }

  offBy(by: number): StampChoice {
    return this.#stamp(this.#epoch, (this.#next + by + SEQUENCES) % SEQUENCES)
  }

  newEpoch(by: number, sequence: number): StampChoice {
    const epoch = Math.min(this.#epoch + by, 0x7fff)
    return { ...this.#stamp(epoch, sequence), sent: (count) => this.#note({ epoch, sequence, count }) }
  }

  /** What a producer says that does not know of the epoch after its own. */
  oldEpoch(random: SeededRandom): StampChoice {
    const epoch = this.#epoch - random.integer(1, 2)
    return this.#stamp(epoch, random.pick([0, this.#next, this.#sent.at(-1)?.sequence ?? 0]))
  }

  strange(random: SeededRandom): StampChoice {
    const epoch = random.pick([this.#epoch, this.#epoch, -1, -2, 0x7fff, -0x8000])
    const sequence = random.pick([-1, -2, -0x8000_0000, LAST_SEQUENCE, 0, this.#next])
    return this.#stamp(epoch, sequence)
  }

  #stamp(epoch: number, sequence: number): StampChoice {
    return { stamp: { producer: this.producer, epoch, sequence }, count: null, sent: () => undefined }
  }

  #note(batch: Sent): void {
    if (batch.epoch !== this.#epoch) this.#sent.length = 0
    this.#epoch = batch.epoch
    this.#next = (batch.sequence + batch.count) % SEQUENCES
    this.#sent.push(batch)
  }
}

const CHOICES: readonly (readonly [weight: number, Chooser])[] = [
  [44, (story) => story.inOrder()],
  [16, (story, random) => story.repeated(random, 0)],
  [4, (story, random) => story.repeated(random, random.pick([-1, 1]))],
  [6, (story, random) => story.offBy(random.integer(1, 5))],
  [4, (story, random) => story.offBy(-random.integer(1, 8))],
  [3, (story, random) => story.offBy(random.integer(0, LAST_SEQUENCE))],
  [6, (story, random) => story.newEpoch(random.integer(1, 3), 0)],
  [3, (story, random) => story.newEpoch(1, random.integer(1, 9))],
  [5, (story, random) => story.oldEpoch(random)],
  [3, (story, random) => story.strange(random)],
]
