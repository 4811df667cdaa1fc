import { addToSequence, type ProducerIdentity, sameIdentity } from './sequence.js'

/**
 * Whether the sequences that were handed out form one unbroken row in the log:
 *
 * - `intact`: as far as is known, they do.
 * - `unresolved`: a batch that may or may not be in the log was given up. The broker's responses to the
 *   batches behind it will show which. Nothing new may be stamped: the broker could take its sequence for the
 *   lost batch's.
 * - `broken`: a batch that is certainly not in the log was given up. The broker refuses every batch behind
 *   it under this identity.
 */
export type Continuity = 'intact' | 'unresolved' | 'broken'

/**
 * The identity that writes to the partition, and its next sequence. `none` before the first batch, and
 * between two identities.
 */
export type SequenceState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'assigned'
      readonly identity: ProducerIdentity
      readonly continuity: Continuity
      readonly next: number
      /** Sequence of the last record that is known to be in the log; -1 before the first. */
      readonly lastAcknowledged: number
      /** Offset of that record; -1n if unknown. */
      readonly lastAcknowledgedOffset: bigint
    }

const NONE: SequenceState = { kind: 'none' }

/** The sequences of one partition under its identity. One state, changed in one place. */
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

  /** Starts at 0 under `identity`. Nothing of the partition may be in flight or stamped under another. */
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
   * Decides an unresolved row. Every stamped batch must have its outcome. If the last acknowledged sequence
   * is the last that was handed out, the batch that was given up is in the log, and the row continues.
   */
  resolve(): void {
    const state = this.#state
    if (state.kind === 'none' || state.continuity !== 'unresolved') return
    if (state.lastAcknowledged !== -1 && addToSequence(state.lastAcknowledged, 1) === state.next) {
      this.#become({ ...state, continuity: 'intact' })
    }
  }

  /** Leaves the identity. The next batch starts at 0 under another. */
  leave(): void {
    this.#become(NONE)
  }

  #become(next: SequenceState): void {
    this.#state = next
  }
}
