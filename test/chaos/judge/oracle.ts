import { type Incarnation, outcomes } from './incarnation.js'

/** How many violations of each kind. */
export interface Verdict {
  /** Acknowledged, and not in the log. */
  lost: number
  /** In the log more than once. */
  doubled: number
  /** Acknowledged, and behind one of the same incarnation that was sent later. */
  outOfOrder: number
  /** In the log at another place than was told. */
  misplaced: number
  /** Reported as certainly not persisted, and in the log. */
  notPersistedButThere: number
  /** In the log, and never sent, damaged, or sent to a topic of the same name that was deleted. */
  foreign: number
  /** Without an outcome although the driver ended in an orderly way, or with two. */
  unsettled: number
}

export const noViolations = (): Verdict => ({
  lost: 0,
  doubled: 0,
  outOfOrder: 0,
  misplaced: 0,
  notPersistedButThere: 0,
  foreign: 0,
  unsettled: 0,
})

/** The life of a topic that was deleted and created again; times in milliseconds since 1970. */
export interface Recreation {
  /** When the last deletion began. What was sent before must not be in the topic of now. */
  readonly deletedAtMs: number
  /** When every broker knew the topic of now. What was sent later, and acknowledged, must be in it. */
  readonly createdAtMs: number
}

const examplesAtMost = 20

/** Compares the log of one topic with what the drivers heard. Records are shown to it in the order of each partition. */
export class Oracle {
  readonly verdict: Verdict = noViolations()
  /** The first violations in words. */
  readonly examples: string[] = []
  #read = 0
  readonly #topic: string
  readonly #incarnations: ReadonlyMap<number, Incarnation>
  readonly #recreation: Recreation | undefined
  readonly #seen = new Map<number, Uint8Array>()
  /** By incarnation and partition: the number of the last acknowledged record. */
  readonly #last = new Map<number, number>()

  constructor(topic: string, incarnations: ReadonlyMap<number, Incarnation>, recreation?: Recreation) {
    this.#topic = topic
    this.#incarnations = incarnations
    this.#recreation = recreation
    for (const incarnation of incarnations.values())
      this.#seen.set(incarnation.id, new Uint8Array(incarnation.sent))
  }

  get read(): number {
    return this.#read
  }

  see(partition: number, offset: number, incarnationId: number, number: number): void {
    this.#read++
    const place = `${this.#topic} ${partition}/${offset}: record ${incarnationId}.${number}`
    const incarnation = this.#incarnations.get(incarnationId)
    if (incarnation === undefined || incarnation.topicOf(number) !== this.#topic) {
      this.#report('foreign', `${place} was never sent here`)
      return
    }
    if (incarnation.hasEnded && number >= incarnation.sent) {
      this.#report('foreign', `${place} was never sent`)
      return
    }
    const seen = this.#seenOf(incarnationId, number)
    if (seen[number] === 1) {
      this.#report('doubled', `${place} is there a second time`)
      return
    }
    seen[number] = 1
    if (this.#recreation !== undefined && incarnation.sentBefore(number) <= this.#recreation.deletedAtMs)
      this.#report('foreign', `${place} was sent before the topic was deleted`)
    this.#judgeOutcome(incarnation, partition, offset, number, place)
  }

  /** What stood at this place is no record of ours. */
  damaged(place: string): void {
    this.#read++
    this.#report('foreign', `${this.#topic}: what stands at ${place} is damaged`)
  }

  /** Call it when the whole log has been seen. */
  finish(): void {
    for (const incarnation of this.#incarnations.values()) {
      const seen = this.#seenOf(incarnation.id, incarnation.sent - 1)
      for (let number = 0; number < incarnation.sent; number++) {
        if (incarnation.topicOf(number) !== this.#topic) continue
        const outcome = incarnation.outcomeOf(number)
        const name = `${this.#topic}: record ${incarnation.id}.${number}`
        if (outcome === outcomes.acknowledged && seen[number] !== 1 && this.#mustBeThere(incarnation, number))
          this.#report(
            'lost',
            `${name} was acknowledged at ${incarnation.placeTold(number)}, and is not there`,
          )
        else if (outcome === outcomes.none && incarnation.hasEnded)
          this.#report('unsettled', `${name} has no outcome`)
      }
    }
  }

  #judgeOutcome(
    incarnation: Incarnation,
    partition: number,
    offset: number,
    number: number,
    place: string,
  ): void {
    const outcome = incarnation.outcomeOf(number)
    if (outcome === outcomes.notPersisted)
      this.#report('notPersistedButThere', `${place} failed as certainly not persisted`)
    if (outcome !== outcomes.acknowledged) return
    if (!incarnation.wasToldAt(number, partition, offset))
      this.#report('misplaced', `${place} was acknowledged at ${incarnation.placeTold(number)}`)
    const row = incarnation.id * 0x1_0000 + partition
    const last = this.#last.get(row) ?? -1
    if (number < last) this.#report('outOfOrder', `${place} stands behind record ${last}`)
    this.#last.set(row, number)
  }

  #mustBeThere(incarnation: Incarnation, number: number): boolean {
    return this.#recreation === undefined || incarnation.sentAfter(number) >= this.#recreation.createdAtMs
  }

  #seenOf(incarnationId: number, number: number): Uint8Array {
    let seen = this.#seen.get(incarnationId) ?? new Uint8Array(0)
    if (number >= seen.length) {
      // What a killed driver sent last, its journal does not know.
      const larger = new Uint8Array(2 * (number + 1))
      larger.set(seen)
      seen = larger
      this.#seen.set(incarnationId, seen)
    }
    return seen
  }

  #report(kind: keyof Verdict, text: string): void {
    this.verdict[kind]++
    if (this.examples.length < examplesAtMost) this.examples.push(text)
  }
}
