import type { WorkloadTopic } from '../driver/driver-settings.js'
import { noPartition } from '../driver/journal-format.js'
import { topicIndexOf } from '../driver/workload.js'

export const outcomes = { none: 0, acknowledged: 1, notPersisted: 2, possiblyPersisted: 3 } as const
export type OutcomeCode = (typeof outcomes)[keyof typeof outcomes]

const unknownPartition = 0xff
const unknownOffset = 0xffff_ffff

/**
 * The records and outcomes of one driver process. A record takes 7 bytes, so that many millions fit into
 * memory.
 */
export class Incarnation {
  readonly id: number
  readonly #topics: readonly WorkloadTopic[]
  #outcomes = new Uint8Array(1024)
  #partitions = new Uint8Array(1024)
  #offsets = new Uint32Array(1024)
  #settled = 0
  #last = -1
  #end: number | undefined
  #twice = 0
  /** From `numbers[i]` on, records were sent at `times[i]` or later. */
  readonly #numbers: number[] = []
  readonly #times: number[] = []

  constructor(id: number, topics: readonly WorkloadTopic[]) {
    this.id = id
    this.#topics = topics
  }

  /** The number of records that were certainly sent. It is exact if the driver ended in order. */
  get sent(): number {
    return this.#end ?? this.#last + 1
  }

  /** Whether the driver has reported that all records have an outcome. */
  get hasEnded(): boolean {
    return this.#end !== undefined
  }

  /** The number of outcomes for records that already had one. */
  get settledTwice(): number {
    return this.#twice
  }

  get settled(): number {
    return this.#settled
  }

  sending(first: number, timeMs: number): void {
    this.#numbers.push(first)
    this.#times.push(timeMs)
    this.#last = Math.max(this.#last, first)
  }

  settle(number: number, outcome: OutcomeCode, partition: number, offset: number): void {
    if (number >= this.#outcomes.length) this.#grow(number)
    if (this.#outcomes[number] !== outcomes.none) this.#twice++
    else this.#settled++
    this.#outcomes[number] = outcome
    this.#partitions[number] = partition === noPartition ? unknownPartition : partition
    this.#offsets[number] = offset === -1 ? unknownOffset : offset
    this.#last = Math.max(this.#last, number)
  }

  end(sent: number): void {
    this.#end = sent
  }

  topicOf(number: number): string {
    return this.#topics[topicIndexOf(number)]?.name ?? ''
  }

  outcomeOf(number: number): OutcomeCode {
    return (this.#outcomes[number] ?? outcomes.none) as OutcomeCode
  }

  /** Whether the acknowledgement agrees with this place. A client need not report the place. */
  wasToldAt(number: number, partition: number, offset: number): boolean {
    const toldPartition = this.#partitions[number]
    const told = this.#offsets[number]
    return (
      (toldPartition === unknownPartition || toldPartition === partition) &&
      (told === unknownOffset || told === offset)
    )
  }

  placeTold(number: number): string {
    const partition = this.#partitions[number]
    const offset = this.#offsets[number]
    return `${partition === unknownPartition ? 'unknown' : partition}/${offset === unknownOffset ? 'unknown' : offset}`
  }

  /** A time before which the record was certainly not sent; -Infinity if there is no mark for it. */
  sentAfter(number: number): number {
    return this.#times[this.#markOf(number)] ?? Number.NEGATIVE_INFINITY
  }

  /** A time after which the record was certainly not sent. */
  sentBefore(number: number): number {
    return this.#times[this.#markOf(number) + 1] ?? Number.POSITIVE_INFINITY
  }

  #markOf(number: number): number {
    let low = 0
    let high = this.#numbers.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#numbers[middle] ?? 0) <= number) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  #grow(number: number): void {
    const size = Math.max(number + 1, 2 * this.#outcomes.length)
    const copied = <T extends Uint8Array | Uint32Array>(from: T, into: T): T => {
      into.set(from)
      return into
    }
    this.#outcomes = copied(this.#outcomes, new Uint8Array(size))
    this.#partitions = copied(this.#partitions, new Uint8Array(size))
    this.#offsets = copied(this.#offsets, new Uint32Array(size))
  }
}
