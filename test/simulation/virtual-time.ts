import type { Clock, Timer } from '../../src/environment/clock.js'

/** The order of the events of one instant, as in an event loop: timers, the network, then calls of `soon`. */
export type Phase = 'timer' | 'network' | 'soon'

/** The owner of an event. A stalled process gets its events later, and the rest of the world goes on. */
export type Owner = 'client' | 'brokers' | 'world'

/** An event in the future. */
interface QueuedEvent {
  atMs: number
  phase: number
  order: number
  readonly owner: Owner
  run: (() => void) | null
}

const PHASES: Readonly<Record<Phase, number>> = { timer: 0, network: 1, soon: 2 }

/** A stall of the client. */
export interface Stall {
  readonly startMs: number
  readonly endMs: number
}

/** More events than this in one instant are an endless loop. */
const EVENTS_PER_INSTANT = 100_000

/**
 * The number of events between turns of the real event loop, in which Node.js reports unhandled rejections.
 */
const EVENTS_PER_REAL_TURN = 16

/** The same on every run: 14 November 2023. */
const WALL_START_MS = 1_700_000_000_000

/** The events of a simulation, in one queue by time, phase and order of scheduling. */
export class VirtualTime {
  readonly #heap: QueuedEvent[] = []
  readonly #timers: Record<Owner, number> = { client: 0, brokers: 0, world: 0 }
  readonly #failed: (error: unknown) => void
  #nowMs = 0
  #order = 0
  #stalledUntilMs = 0
  #stalledMs = 0
  readonly #stalls: Stall[] = []
  #events = 0
  #eventsOfInstant = 0
  /** The lead of the client's wall clock over the true time; negative if it is behind. */
  wallSkewMs = 0

  /** @param failed called with the error that an event threw */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed
  }

  get nowMs(): number {
    return this.#nowMs
  }

  /** The number of events so far. */
  get events(): number {
    return this.#events
  }

  /** The sum of the client's stalls. */
  get stalledMs(): number {
    return this.#stalledMs
  }

  /** The stalls, in order. */
  get stalls(): readonly Stall[] {
    return this.#stalls
  }

  /** The time of the client's wall clock. */
  wallMs(owner: Owner): number {
    return WALL_START_MS + Math.floor(this.#nowMs) + (owner === 'client' ? this.wallSkewMs : 0)
  }

  /** The number of timers that are set. */
  timers(owner: Owner): number {
    return this.#timers[owner]
  }

  at(atMs: number, phase: Phase, owner: Owner, run: () => void): void {
    this.#schedule(atMs, phase, owner, run)
  }

  after(delayMs: number, owner: Owner, run: () => void): void {
    this.#schedule(this.#nowMs + delayMs, 'timer', owner, run)
  }

  /** Stalls the client for this long, like a long computation or a suspended process. */
  stall(forMs: number): void {
    const endMs = this.#nowMs + forMs
    if (endMs <= this.#stalledUntilMs) return
    const isLonger = this.#nowMs <= this.#stalledUntilMs
    const startMs = isLonger ? (this.#stalls.pop()?.startMs ?? this.#nowMs) : this.#nowMs
    this.#stalledMs += endMs - Math.max(this.#nowMs, this.#stalledUntilMs)
    this.#stalledUntilMs = endMs
    this.#stalls.push({ startMs, endMs })
  }

  /**
   * A clock of this time. As in Node.js, a timer takes whole milliseconds, at least one, and is never early.
   */
  clock(owner: Owner): Clock {
    const timers = this.#timers
    return {
      now: () => this.#nowMs,
      wallTime: () => this.wallMs(owner),
      setTimer: (delayMs, fire): Timer => {
        timers[owner]++
        const event = this.#schedule(this.#nowMs + Math.max(1, Math.ceil(delayMs)), 'timer', owner, () => {
          timers[owner]--
          fire()
        })
        const cancel = (): void => {
          if (event.run === null) return
          event.run = null
          timers[owner]--
        }
        return { cancel }
      },
      soon: (run) => {
        this.at(this.#nowMs, 'soon', owner, run)
      },
    }
  }

  /**
   * Runs the events one after the other, each with all its microtasks, until `done`, until no event is left,
   * or until `untilMs`. Returns the reason of the end.
   */
  run(done: () => boolean, untilMs: number): Promise<'done' | 'idle' | 'late' | 'spinning'> {
    return new Promise((resolve) => {
      // A callback of nextTick runs when no microtask is left. One from a microtask runs when none is left
      // again.
      const turn = (): void => {
        if (done()) {
          resolve('done')
          return
        }
        const next = this.#next()
        if (next === null || next.atMs > untilMs) {
          if (next !== null) this.#push(next)
          resolve(next === null ? 'idle' : 'late')
          return
        }
        if (next.atMs > this.#nowMs) this.#eventsOfInstant = 0
        this.#nowMs = Math.max(this.#nowMs, next.atMs)
        this.#events++
        if (++this.#eventsOfInstant > EVENTS_PER_INSTANT) {
          resolve('spinning')
          return
        }
        const { run } = next
        next.run = null
        try {
          run?.()
        } catch (error) {
          this.#failed(error)
        }
        if (this.#events % EVENTS_PER_REAL_TURN === 0) setImmediate(turn)
        else queueMicrotask(() => process.nextTick(turn))
      }
      setImmediate(turn)
    })
  }

  #schedule(atMs: number, phase: Phase, owner: Owner, run: () => void): QueuedEvent {
    const event = {
      atMs: Math.max(atMs, this.#nowMs),
      phase: PHASES[phase],
      order: this.#order++,
      owner,
      run,
    }
    this.#push(event)
    return event
  }

  #next(): QueuedEvent | null {
    for (;;) {
      const event = this.#pop()
      if (event === null) return null
      if (event.run === null) continue
      if (event.owner !== 'client' || event.atMs >= this.#stalledUntilMs) return event
      event.atMs = this.#stalledUntilMs
      event.order = this.#order++
      this.#push(event)
    }
  }

  #push(event: QueuedEvent): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(event)
    while (at > 0) {
      const parent = (at - 1) >> 1
      const other = heap[parent] as QueuedEvent
      if (isBefore(other, event)) break
      heap[at] = other
      at = parent
    }
    heap[at] = event
  }

  #pop(): QueuedEvent | null {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined) return null
    if (first === last) return first
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && isBefore(heap[child + 1] as QueuedEvent, heap[child] as QueuedEvent))
        child++
      const smaller = heap[child] as QueuedEvent
      if (isBefore(last, smaller)) break
      heap[at] = smaller
      at = child
    }
    heap[at] = last
    return first
  }
}

function isBefore(one: QueuedEvent, other: QueuedEvent): boolean {
  if (one.atMs !== other.atMs) return one.atMs < other.atMs
  if (one.phase !== other.phase) return one.phase < other.phase
  return one.order < other.order
}
