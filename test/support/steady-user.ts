import type { Producer } from '../../src/producer/producer.js'
import type { ProducerRecord } from '../../src/producer/record.js'

/** The method with which the user sends. */
export interface Habits {
  readonly by: 'callback' | 'promise'
  /** Whether the user waits: for `drain` when asked to, or for promises when many are open. */
  readonly heeds: boolean
}

/** The most promises that a user who waits leaves open. */
const OPEN_PROMISES = 1_000

/** A user who keeps sending, whatever the outcomes. */
export class SteadyUser {
  readonly #producer: Producer
  readonly #habits: Habits
  readonly #record: ProducerRecord
  readonly failed: Map<string, number> = new Map()
  sent = 0
  settled = 0
  acknowledged = 0
  #isWaiting = false

  constructor(producer: Producer, habits: Habits, record: ProducerRecord) {
    this.#producer = producer
    this.#habits = habits
    this.#record = record
    producer.on('drain', () => {
      this.#isWaiting = false
    })
  }

  /** Sends without an outcome. */
  get open(): number {
    return this.sent - this.settled
  }

  /** Sends this many records, or as many as it may. */
  send(count: number): void {
    const { by, heeds } = this.#habits
    for (let i = 0; i < count; i++) {
      if (heeds && (by === 'callback' ? this.#isWaiting : this.open >= OPEN_PROMISES)) return
      this.sent++
      if (by === 'promise') this.#producer.send({ ...this.#record }).then(this.#succeeded, this.#settle)
      else this.#isWaiting = !this.#producer.send({ ...this.#record }, this.#settle)
    }
  }

  readonly #settle = (error: unknown): void => {
    this.settled++
    if (error === null) this.acknowledged++
    else {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
      this.failed.set(code, (this.failed.get(code) ?? 0) + 1)
    }
  }

  readonly #succeeded = (): void => this.#settle(null)
}
