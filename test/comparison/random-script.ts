import { SeededRandom } from '../support/random.js'
import type { BatchPlan } from './batch-plan.js'
import { kindOfLane, type LaneKind } from './lane-kinds.js'
import { ProducerStory } from './producer-story.js'
import { randomBatch } from './random-batch.js'
import { randomDamage } from './random-damage.js'
import type {
  DeleteRecordsStep,
  InitProducerIdStep,
  ProducerName,
  ProduceStep,
  Script,
  Step,
} from './script.js'
import { RESTARTS } from './script.js'

/** What a Produce request may say of transactions. */
const TRANSACTIONS = ['batch', 'id', 'batch with an id'] as const

const NAMES: readonly ProducerName[] = ['a', 'b', 'c']

/** The script with this number; the same one for the same seed, whatever else is run with it. */
export function randomScript(seed: number, number: number, lane: number): Script {
  return new ScriptWriter(new SeededRandom(seed * 1_000_003 + number), number, kindOfLane(lane)).write()
}

class ScriptWriter {
  readonly #random: SeededRandom
  readonly #number: number
  readonly #kind: LaneKind
  readonly #stories: ProducerStory[] = []
  #named = 0

  constructor(random: SeededRandom, number: number, kind: LaneKind) {
    this.#random = random
    this.#number = number
    this.#kind = kind
  }

  write(): Script {
    const random = this.#random
    const count = random.pick([1, 1, 1, 2, 2, RESTARTS.length, RESTARTS.length + 1])
    const parts = Array.from({ length: count }, (_, part) => this.#part(part))
    return { number: this.#number, parts }
  }

  #part(part: number): Step[] {
    const random = this.#random
    const opening = part === 0 && !random.oneIn(10) ? [this.#initProducerId()] : []
    const run = random.oneIn(5) ? this.#runOfBatches() : []
    const steps = Array.from({ length: random.integer(2, part === 0 ? 8 : 5) }, () => this.#step(part))
    return [...opening, ...run, ...steps]
  }

  #step(part: number): Step {
    const random = this.#random
    if (random.oneIn(16)) return this.#initProducerId()
    if (this.#mayDelete(part) && random.oneIn(20)) return this.#deleteRecords()
    return this.#produce()
  }

  /**
   * Where a log starts is written down once a minute, and whole segments go when their time has come: neither
   * can be foreseen.
   */
  #mayDelete(part: number): boolean {
    return RESTARTS[part] !== 'killed' && this.#kind !== 'segments'
  }

  /** More batches in order than a broker remembers, so that repetitions meet both sides of the window. */
  #runOfBatches(): Step[] {
    const random = this.#random
    const story = this.#story()
    return Array.from({ length: random.integer(4, 9) }, () => {
      const { stamp, sent } = story.inOrder()
      const batch = randomBatch(random, this.#kind, stamp, null, false)
      sent(batch.records.length)
      return { ...this.#produceStep([batch]), acks: -1 }
    })
  }

  #produce(): ProduceStep {
    const random = this.#random
    const transaction = random.oneIn(40) ? random.pick(TRANSACTIONS) : null
    const batches =
      transaction === 'batch with an id'
        ? [this.#transactionalBatch()]
        : random.oneIn(150)
          ? [null]
          : Array.from({ length: random.oneIn(60) ? 2 : 1 }, () => this.#batch(transaction === 'batch'))
    return {
      ...this.#produceStep(batches),
      transactionalId: transaction === null || transaction === 'batch' ? null : 'transactions',
      target: random.oneIn(60) ? random.pick(['other partition', 'other topic'] as const) : 'partition',
    }
  }

  #produceStep(batches: readonly (BatchPlan | null)[]): ProduceStep {
    const random = this.#random
    return {
      kind: 'produce',
      version: random.oneIn(3) ? random.integer(3, 13) : random.integer(9, 13),
      acks: random.oneIn(60) ? random.pick([2, -2, 127]) : random.pick([-1, -1, -1, -1, -1, -1, 1, 1, 1, 0]),
      transactionalId: null,
      target: 'partition',
      batches,
    }
  }

  #batch(transactional: boolean): BatchPlan {
    const random = this.#random
    const choice = random.oneIn(7) ? null : this.#story().choose(random)
    const plan = randomBatch(random, this.#kind, choice?.stamp ?? null, choice?.count ?? null, transactional)
    const damage = random.oneIn(5) ? randomDamage(random) : []
    if (damage.length === 0 && !transactional) choice?.sent(plan.records.length)
    return { ...plan, damage }
  }

  /** Of a producer that sends nothing else: Kafka remembers that it wanted to take part in a transaction. */
  #transactionalBatch(): BatchPlan {
    const random = this.#random
    const producer = BigInt(3_000_000_000_000 + this.#number * 1_000 + random.integer(0, 999))
    const stamp = { producer, epoch: random.integer(0, 3), sequence: random.pick([0, 0, 5]) }
    return randomBatch(random, this.#kind, random.oneIn(5) ? null : stamp, null, true)
  }

  /** One that was there before most of the time. */
  #story(): ProducerStory {
    const random = this.#random
    const known = this.#stories.length === 0 || random.oneIn(30) ? undefined : random.pick(this.#stories)
    if (known !== undefined) return known
    const unknownId = random.oneIn(8)
      ? random.pick([0x7fff_ffff_ffff_ffffn, -2n, -0x8000_0000_0000_0000n])
      : BigInt(1_000_000_000_000 + this.#number * 1_000 + this.#stories.length)
    return this.#tell(new ProducerStory(unknownId, random))
  }

  #initProducerId(): InitProducerIdStep {
    const random = this.#random
    const as = NAMES[this.#named % NAMES.length] as ProducerName
    const given = random.oneIn(4)
    const step: InitProducerIdStep = {
      kind: 'init producer id',
      version: random.integer(0, 5),
      as,
      transactionalId: random.oneIn(12) ? random.pick(['', 'transactions']) : null,
      transactionTimeoutMs: random.oneIn(6) ? random.pick([0, -1, 0x7fff_ffff]) : 60_000,
      current: given
        ? {
            producer: random.pick([-1n, 4n, ...this.#stories.map(({ producer }) => producer)]),
            epoch: random.pick([-1, 0, 1, 7, 0x7ffe, 0x7fff, -2]),
          }
        : { producer: -1n, epoch: -1 },
    }
    this.#named++
    this.#tell(new ProducerStory(as, random))
    return step
  }

  #tell(story: ProducerStory): ProducerStory {
    const same = this.#stories.findIndex(({ producer }) => producer === story.producer)
    if (same !== -1) this.#stories.splice(same, 1)
    this.#stories.push(story)
    return story
  }

  #deleteRecords(): DeleteRecordsStep {
    const random = this.#random
    const offset = random.pick([-1n, -2n, 0n, 1_000_000n])
    return {
      kind: 'delete records',
      version: random.integer(0, 2),
      upTo: random.oneIn(3)
        ? { offset }
        : { share: random.pick([0.3, 0.7, 1, 1]), plus: random.oneIn(9) ? 1 : 0 },
    }
  }
}
