import { type Incarnation, outcomes } from './incarnation.js'

/** The number of violations of each kind. */
export interface Verdict {
  /** Acknowledged, but not in the log. */
  lost: number
  /** In the log more than once. */
  duplicated: number
  /** Acknowledged, but in the log after a record of the same incarnation that was sent later. */
  outOfOrder: number
  /** In the log at another place than the acknowledged one. */
  misplaced: number
  /** Reported as certainly not persisted, but in the log. */
  notPersistedButThere: number
  /** In the log, but never sent, or damaged, or sent to a deleted topic of the same name. */
  foreign: number
  /** With two outcomes, or without one although the driver ended in order. */
  unsettled: number
}

export const noViolations = (): Verdict => ({
  lost: 0,
  duplicated: 0,
  outOfOrder: 0,
  misplaced: 0,
  notPersistedButThere: 0,
  foreign: 0,
  unsettled: 0,
})

/** The times of a topic that was deleted and created again, in milliseconds since 1970. */
export interface Recreation {
  /** When the last deletion began. Records sent before must not be in the new topic. */
  readonly deletedAtMs: number
  /** When every broker knew the new topic. Records sent later, and acknowledged, must be in it. */
  readonly createdAtMs: number
}

const examplesAtMost = 20

/**
 * Compares the log of one topic with the outcomes of the drivers. The records of a partition are shown to it
 * in order.
 */
export class Oracle {
  readonly verdict: Verdict = noViolations()
  /** Descriptions of the first violations. */
  readonly examples: string[] = []
  #read = 0
  readonly #topic: string
  readonly #incarnations: ReadonlyMap<number, Incarnation>
  readonly #recreation: Recreation | undefined
  readonly #seen = new Map<number, Uint8Array>()
  /** The number of the last acknowledged record, by incarnation and partition. */
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
      this.#report('duplicated', `${place} is in the log a second time`)
      return
    }
    seen[number] = 1
    if (this.#recreation !== undefined && incarnation.sentBefore(number) <= this.#recreation.deletedAtMs)
      this.#report('foreign', `${place} was sent before the topic was deleted`)
    this.#judgeOutcome(incarnation, partition, offset, number, place)
  }

  /** Notes that the bytes at this place are not a record of the workload. */
  damaged(place: string): void {
    this.#read++
    this.#report('foreign', `${this.#topic}: the record at ${place} is damaged`)
  }

  /** To be called when the whole log has been shown. */
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
            `${name} was acknowledged at ${incarnation.placeTold(number)} but is not in the log`,
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
    if (number < last) this.#report('outOfOrder', `${place} comes after record ${last}, which was sent later`)
    this.#last.set(row, number)
  }

  #mustBeThere(incarnation: Incarnation, number: number): boolean {
    return this.#recreation === undefined || incarnation.sentAfter(number) >= this.#recreation.createdAtMs
  }

  #seenOf(incarnationId: number, number: number): Uint8Array {
    let seen = this.#seen.get(incarnationId) ?? new Uint8Array(0)
    if (number >= seen.length) {
      // The journal of a killed driver lacks the records that it sent last.
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
