import type { ProducerInterceptor } from '../../src/config/interceptor.js'
import { ProducerClosedError } from '../../src/errors.js'
import type { Chance } from './chance.js'
import type { Ledger, SentRecord } from './ledger.js'

/**
 * Interceptors of a simulated producer, and what they must have seen: each record once, its outcome once, and
 * the end of the producer. In some seeds one of them fails now and then, which must not matter.
 */
export class InterceptionWatch {
  readonly interceptors: readonly ProducerInterceptor[]
  readonly #places = new Map<string, number>()
  #sent = 0
  #told = 0
  #failed = 0
  #closed = 0

  constructor(chance: Chance) {
    const kinds = chance.pick([[], [], ['watching'], ['failing', 'watching', 'failing']] as const)
    this.interceptors = kinds.map((kind) => (kind === 'failing' ? failing(chance) : this.#watching()))
  }

  /** What went wrong, once the producer is closed. */
  violations(ledger: Ledger): string[] {
    if (this.interceptors.length === 0) return []
    const violations: string[] = []
    const expect = (is: boolean, what: string): void => {
      if (!is) violations.push(`interceptors: ${what}`)
    }
    // Nothing is seen of what is sent after the end.
    const isLate = ({ outcomes: [outcome] }: SentRecord): boolean =>
      outcome?.kind === 'failed' && outcome.error instanceof ProducerClosedError
    const least = ledger.records.filter((record) => !isLate(record)).length
    expect(this.#sent >= least, `${this.#sent} of ${least} records seen`)
    expect(this.#told === this.#sent, `${this.#told} outcomes of ${this.#sent} records told`)
    expect(this.#closed === 1, `closed ${this.#closed} times`)
    // An aborted record may have another outcome than its caller has seen.
    const failed = ledger
      .failed()
      .filter((record) => record.how !== 'with a signal' && !isLate(record)).length
    expect(this.#failed >= failed, `${this.#failed} of ${failed} failures told`)
    const places = new Map<string, number>()
    for (const { outcomes } of ledger.acknowledged())
      for (const outcome of outcomes)
        if (outcome.kind === 'acknowledged') count(places, placeOf(outcome.metadata))
    for (const [place, times] of places)
      expect((this.#places.get(place) ?? 0) >= times, `an outcome at ${place} was not told`)
    return violations
  }

  #watching(): ProducerInterceptor {
    return {
      onSend: (record) => {
        this.#sent++
        return record
      },
      onAcknowledgement: (metadata, error) => {
        this.#told++
        if (error === null) count(this.#places, placeOf(metadata))
        else this.#failed++
      },
      close: () => {
        this.#closed++
      },
    }
  }
}

function failing(chance: Chance): ProducerInterceptor {
  const fail = (): void => {
    if (chance.happens(0.1)) throw new Error('an interceptor fails')
  }
  return {
    onSend(record) {
      fail()
      return record
    },
    onAcknowledgement: fail,
    close: fail,
  }
}

interface Place {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
}

function placeOf({ topic, partition, offset }: Place): string {
  return `${topic}-${partition}@${offset}`
}

function count(places: Map<string, number>, place: string): void {
  places.set(place, (places.get(place) ?? 0) + 1)
}
