import { addToSequence, type ProducerIdentity, sameIdentity } from './sequence.js'

/**
 * Whether the sequences handed out so far form one unbroken row in the log.
 *
 * - `intact`: as far as is known they do.
 * - `unresolved`: a batch that may or may not be in the log was given up. What follows it under the same identity is answered by the
 *   broker either way, but nothing new may be stamped: its sequence could be taken for the lost batch's.
 * - `broken`: a batch that is certainly not in the log was given up. The broker refuses all that follows it under this identity.
 */
export type Continuity = 'intact' | 'unresolved' | 'broken'

/** Who writes to the partition and what it writes next; `none` before the first batch and between two identities. */
export type SequenceState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'assigned'
      readonly identity: ProducerIdentity
      readonly continuity: Continuity
      readonly next: number
      /** Sequence of the last record known to be in the log; -1 before the first. */
      readonly lastAcknowledged: number
      /** Its offset; -1n if unknown. */
      readonly lastAcknowledgedOffset: bigint
    }

const NONE: SequenceState = { kind: 'none' }

/** The idempotent half of a partition: identity, next sequence, and what is known of the ones before. One state, set in one place. */
export class PartitionSequence {
  #state: SequenceState = NONE

  get state(): SequenceState {
    return this.#state
  }

  get isIntact(): boolean {
    return this.#state.kind === 'none' || this.#state.continuity === 'intact'
  }

  get isBroken(): boolean {
    return this.#state.kind === 'assigned' && this.#state.continuity === 'broken'
  }

  belongsTo(identity: ProducerIdentity): boolean {
    return this.#state.kind === 'assigned' && sameIdentity(this.#state.identity, identity)
  }

  /** Starts at 0 under `identity`. Nothing of the partition is in flight, nor stamped, under another. */
  assign(identity: ProducerIdentity): void {
    this.#become({
      kind: 'assigned',
      identity,
      continuity: 'intact',
      next: 0,
      lastAcknowledged: -1,
      lastAcknowledgedOffset: -1n,
    })
  }

  /** Hands out `count` sequences and returns the first. */
  take(count: number): number {
    const state = this.#state
    if (state.kind === 'none') throw new Error('sequences were asked for before an identity was assigned')
    this.#become({ ...state, next: addToSequence(state.next, count) })
    return state.next
  }

  /** Records up to `sequence` are in the log. */
  acknowledge(identity: ProducerIdentity, sequence: number, offset: bigint): void {
    const state = this.#state
    if (state.kind === 'none' || !sameIdentity(state.identity, identity)) return
    this.#become({
      ...state,
      lastAcknowledged: sequence,
      lastAcknowledgedOffset: offset === -1n ? state.lastAcknowledgedOffset : offset,
    })
  }

  /** A stamped batch was given up. */
  giveUp(identity: ProducerIdentity, maybePersisted: boolean): void {
    const state = this.#state
    if (state.kind === 'none' || !sameIdentity(state.identity, identity)) return
    if (state.continuity === 'broken') return
    this.#become({ ...state, continuity: maybePersisted ? 'unresolved' : 'broken' })
  }

  /**
   * Nothing of the partition is stamped and undecided any more. If the last record in the log is the last that was handed out, the
   * batch that was given up must have landed, and the row goes on.
   */
  resolve(): void {
    const state = this.#state
    if (state.kind === 'none' || state.continuity !== 'unresolved') return
    if (state.lastAcknowledged !== -1 && addToSequence(state.lastAcknowledged, 1) === state.next) {
      this.#become({ ...state, continuity: 'intact' })
    }
  }

  /** Leaves the identity: the next batch starts at 0 under another. */
  leave(): void {
    this.#become(NONE)
  }

  #become(next: SequenceState): void {
    this.#state = next
  }
}
