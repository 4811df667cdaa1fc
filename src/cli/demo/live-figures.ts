import type { Producer } from '../../producer/producer.js'
import { megabytes, whole } from '../figures.js'
import type { Terminal } from '../terminal.js'
import type { Ledger } from './ledger.js'

const REWRITTEN_EVERY_MS = 200
const LINE_EVERY_MS = 1000
/** One of this many records is timed. */
export const SAMPLED_EVERY = 64

/**
 * The line of progress of a demo. It is rewritten on a terminal. Elsewhere there is a new line every second.
 */
export class LiveFigures {
  readonly #terminal: Terminal
  readonly #producer: Producer
  readonly #ledger: Ledger
  readonly #timer: NodeJS.Timeout
  #latenciesMs: number[] = []
  #shownAtMs = performance.now()
  #shownAcknowledged = 0
  #shownBytes = 0
  #shownBatches = 0

  constructor(producer: Producer, ledger: Ledger, terminal: Terminal) {
    this.#producer = producer
    this.#ledger = ledger
    this.#terminal = terminal
    this.#timer = setInterval(() => this.#show(), terminal.showsProgress ? REWRITTEN_EVERY_MS : LINE_EVERY_MS)
  }

  /** Takes the time of one record from its send to its outcome. */
  sample(latencyMs: number): void {
    this.#latenciesMs.push(latencyMs)
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#terminal.clearStatus()
  }

  #show(): void {
    const nowMs = performance.now()
    const { requestsInFlight, batches, bytes } = this.#producer.traffic
    const { acknowledged } = this.#ledger
    const seconds = (nowMs - this.#shownAtMs) / 1000
    const sentBatches = batches - this.#shownBatches
    const sentBytes = bytes - this.#shownBytes
    const line = [
      `${whole(acknowledged)} records`,
      `${whole((acknowledged - this.#shownAcknowledged) / seconds)}/s`,
      `${megabytes(sentBytes / seconds)} MB/s`,
      `batch ${(sentBatches === 0 ? 0 : sentBytes / sentBatches / 1000).toFixed(1)} kB`,
      `${requestsInFlight} in flight`,
      this.#latency(),
    ].join('  ')
    if (this.#terminal.showsProgress) this.#terminal.status(line)
    else this.#terminal.write(`${line}\n`)
    this.#shownAtMs = nowMs
    this.#shownAcknowledged = acknowledged
    this.#shownBytes = bytes
    this.#shownBatches = batches
    this.#latenciesMs = []
  }

  #latency(): string {
    const sorted = this.#latenciesMs.sort((a, b) => a - b)
    const median = sorted[Math.floor(sorted.length / 2)]
    const high = sorted[Math.floor(sorted.length * 0.99)]
    if (median === undefined || high === undefined) return 'latency -'
    // On a terminal of 80 columns there is no room for more.
    const rest = this.#terminal.showsProgress ? '' : ` (99%: ${whole(high)} ms)`
    return `latency ${whole(median)} ms${rest}`
  }
}
