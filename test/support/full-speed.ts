import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Producer } from '../../src/index.js'
import type { DeliveryLedger } from './delivery-ledger.js'

/** Sends by callback as fast as the producer takes records, until it is told to pause. */
export class FullSpeed {
  readonly #producer: Producer
  readonly #topic: string
  readonly #ledger: DeliveryLedger
  #paused = false
  #running: Promise<void>

  constructor(producer: Producer, topic: string, ledger: DeliveryLedger) {
    this.#producer = producer
    this.#topic = topic
    this.#ledger = ledger
    this.#running = this.#run()
  }

  /** Resolves when no more records come; those that were sent go on. */
  pause(): Promise<void> {
    this.#paused = true
    return this.#running
  }

  resume(): void {
    this.#paused = false
    this.#running = this.#run()
  }

  async #run(): Promise<void> {
    while (!this.#paused) {
      const { record, callback } = this.#ledger.next(this.#topic)
      if (!this.#producer.send(record, callback)) {
        await new Promise<void>((resolve) => this.#producer.once('drain', resolve))
      } else if (this.#ledger.sent % 500 === 0) {
        // The sockets have to be heard in between.
        await nextTurn()
      }
    }
  }
}
