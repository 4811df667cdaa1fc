import type { Clock, Timer } from '../../src/environment/clock.js'

/** In one instant things happen in the order of an event loop: timers, then the network, then what was put off with `soon`. */
export type Phase = 'timer' | 'network' | 'soon'

/** Who an event happens to. A process that is held up gets its own later; the rest of the world goes on. */
export type Owner = 'client' | 'brokers' | 'world'

/** Something that will happen. */
interface QueuedEvent {
  atMs: number
  phase: number
  order: number
  readonly owner: Owner
  run: (() => void) | null
}

const PHASES: Readonly<Record<Phase, number>> = { timer: 0, network: 1, soon: 2 }

/** A time in which the client did nothing. */
export interface HoldUp {
  readonly startMs: number
  readonly endMs: number
}

/** More events than this in one instant are a loop that never lets time pass. */
const EVENTS_PER_INSTANT = 100_000

/** A turn of the real event loop after so many events, in which the runtime reports rejections that nobody handled. */
const EVENTS_PER_REAL_TURN = 16

/** The same on every run: 14 November 2023. */
const WALL_START_MS = 1_700_000_000_000

/** All that happens in a simulation, in one queue by time, phase and order of scheduling. */
export class VirtualTime {
  readonly #heap: QueuedEvent[] = []
  readonly #timers: Record<Owner, number> = { client: 0, brokers: 0, world: 0 }
  readonly #failed: (error: unknown) => void
  #nowMs = 0
  #order = 0
  #heldUpUntilMs = 0
  #heldUpMs = 0
  readonly #holdUps: HoldUp[] = []
  #events = 0
  #eventsOfInstant = 0
  /** What the client's wall clock is ahead of the truth; negative if it is behind. */
  wallSkewMs = 0

  /** @param failed hears what an event threw */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed
  }

  get nowMs(): number {
    return this.#nowMs
  }

  /** Events so far. */
  get events(): number {
    return this.#events
  }

  /** For how long the client was held up in all. */
  get heldUpMs(): number {
    return this.#heldUpMs
  }

  /** When that was, in order. */
  get holdUps(): readonly HoldUp[] {
    return this.#holdUps
  }

  /** What a wall clock shows. */
  wallMs(owner: Owner): number {
    return WALL_START_MS + Math.floor(this.#nowMs) + (owner === 'client' ? this.wallSkewMs : 0)
  }

  /** Timers that are set. */
  timers(owner: Owner): number {
    return this.#timers[owner]
  }

  at(atMs: number, phase: Phase, owner: Owner, run: () => void): void {
    this.#schedule(atMs, phase, owner, run)
  }

  after(delayMs: number, owner: Owner, run: () => void): void {
    this.#schedule(this.#nowMs + delayMs, 'timer', owner, run)
  }

  /** The client does nothing for so long, as in a long computation or a suspended process. */
  holdUp(forMs: number): void {
    const endMs = this.#nowMs + forMs
    if (endMs <= this.#heldUpUntilMs) return
    const isLonger = this.#nowMs <= this.#heldUpUntilMs
    const startMs = isLonger ? (this.#holdUps.pop()?.startMs ?? this.#nowMs) : this.#nowMs
    this.#heldUpMs += endMs - Math.max(this.#nowMs, this.#heldUpUntilMs)
    this.#heldUpUntilMs = endMs
    this.#holdUps.push({ startMs, endMs })
  }

  /** A clock of this time. As in Node, a timer takes whole milliseconds, one at the least, and is never early. */
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
   * Lets events happen one after the other, each with all the microtasks it brings about, until `done`, until nothing is left to
   * happen, or until `untilMs`. Returns why it stopped.
   */
  run(done: () => boolean, untilMs: number): Promise<'done' | 'idle' | 'late' | 'spinning'> {
    return new Promise((resolve) => {
      // A callback of nextTick runs when no microtask is left; one that a microtask asks for, when none is left again.
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
      if (event.owner !== 'client' || event.atMs >= this.#heldUpUntilMs) return event
      event.atMs = this.#heldUpUntilMs
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
