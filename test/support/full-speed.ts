import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Producer } from '../../src/index.js'
import type { DeliveryLedger } from './delivery-ledger.js'

/** Sends with callbacks as fast as the producer takes records, until it is stopped. */
export class FullSpeed {
  readonly #producer: Producer
  readonly #topic: string
  readonly #ledger: DeliveryLedger
  #pace: 'full' | 'one at a time' = 'full'
  #isStopped = false
  readonly #running: Promise<void>

  constructor(producer: Producer, topic: string, ledger: DeliveryLedger) {
    this.#producer = producer
    this.#topic = topic
    this.#ledger = ledger
    this.#running = this.#run()
  }

  /**
   * Waits for each acknowledgement before the next send: a trickle, which leaves the processors to others.
   */
  slowDown(): void {
    this.#pace = 'one at a time'
  }

  speedUp(): void {
    this.#pace = 'full'
  }

  /** Stops the sending. Records in flight go on. */
  stop(): Promise<void> {
    this.#isStopped = true
    return this.#running
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const { record, callback } = this.#ledger.next(this.#topic)
      const acknowledged = this.#pace === 'full' ? undefined : this.#ledger.moreAcknowledged(1)
      if (!this.#producer.send(record, callback)) {
        await new Promise<void>((resolve) => this.#producer.once('drain', resolve))
      } else if (this.#ledger.sent % 500 === 0) {
        // The sockets have to be read in between.
        await nextTurn()
      }
      await acknowledged
    }
  }
}
