/**
 * Tracks who needs a batch's bytes: its records, until they are notified of their outcome, and every reader,
 * such as a socket or a compressor. The memory is released once, when neither needs it. If a buffer were used
 * again while a socket reads it, its bytes would go out under another batch's header with a valid checksum.
 */
export class BufferLease {
  readonly #returned: () => void
  #readers = 0
  #recordsNeedIt = true

  /** @param returned called once, when the bytes are not needed any more */
  constructor(returned: () => void) {
    this.#returned = returned
  }

  /** A reader reads the bytes until it calls `letGo`. */
  hold(): void {
    this.#readers++
  }

  letGo(): void {
    // Invariant: DESIGN.md, "An expired batch keeps its buffer until its request is settled".
    this.#readers--
    if (this.#readers === 0 && !this.#recordsNeedIt) this.#returned()
  }

  /** The records have been notified, or are in other batches now. Called once. */
  recordsLeft(): void {
    this.#recordsNeedIt = false
    if (this.#readers === 0) this.#returned()
  }
}
