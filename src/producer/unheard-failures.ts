import type { Clock, Timer } from '../environment/clock.js'
import type { KafkaError } from '../errors.js'

/** Milliseconds in which at most one warning comes for each error code. */
const QUIET_MS = 60_000

interface Kind {
  /** Failures since the last warning. */
  count: number
  firstMessage: string
  /** Runs while no warning may come; null otherwise, and once the producer is closed. */
  quiet: Timer | null
  /** When the last warning came, on the monotonic clock. */
  warnedAtMs: number
}

/**
 * Warns about failed records of `produce` if nothing listens to `deliveryError`. A record that is lost in
 * silence is the worst of bugs. So the process is warned, whatever the logger: once a minute for each error
 * code.
 */
export class UnheardFailures {
  readonly #clock: Clock
  readonly #warn: (message: string) => void
  /** By the code of the error. */
  readonly #kinds = new Map<string, Kind>()
  #isQueued = false
  #isClosed = false

  constructor(clock: Clock, warn: (message: string) => void) {
    this.#clock = clock
    this.#warn = warn
  }

  add({ code, message }: KafkaError): void {
    const kind = this.#kinds.get(code) ?? {
      count: 0,
      firstMessage: '',
      quiet: null,
      warnedAtMs: Number.NEGATIVE_INFINITY,
    }
    this.#kinds.set(code, kind)
    if (kind.count++ === 0) kind.firstMessage = message
    if (this.#isQueued || kind.quiet !== null) return
    this.#isQueued = true
    // One turn later, because the records of a batch fail together.
    this.#clock.soon(() => {
      this.#isQueued = false
      for (const [each, { quiet }] of this.#kinds) if (quiet === null) this.#tell(each)
    })
  }

  /**
   * Warns about the remaining failures. From here on no timer runs, so that the process may end. Records that
   * are sent to a closed producer fail all the same, and the next of them after a minute causes a warning.
   */
  close(): void {
    this.#isClosed = true
    for (const [code, kind] of this.#kinds) {
      kind.quiet?.cancel()
      kind.quiet = null
      this.#say(code, kind)
    }
  }

  #tell(code: string): void {
    const kind = this.#kinds.get(code)
    if (kind === undefined || kind.count === 0) return
    if (this.#isClosed && this.#clock.now() - kind.warnedAtMs < QUIET_MS) return
    this.#say(code, kind)
    if (this.#isClosed) return
    kind.quiet = this.#clock.setTimer(QUIET_MS, () => {
      kind.quiet = null
      this.#tell(code)
    })
  }

  #say(code: string, kind: Kind): void {
    const { count, firstMessage } = kind
    if (count === 0) return
    kind.count = 0
    kind.warnedAtMs = this.#clock.now()
    this.#warn(
      `${count} record${count === 1 ? '' : 's'} sent by produce() failed with ${code}, and nobody listens to 'deliveryError'. The first: ${firstMessage}`,
    )
  }
}
