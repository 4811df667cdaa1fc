/** One batch that compresses worse raises the estimate by at least this much. */
const RISE = 0.05
/** One batch that compresses better lowers the estimate by at most this much. */
const FALL = 0.005
/** Batches are planned to be so much larger than estimated, because the next may compress worse. */
const RESERVE = 1.05

/**
 * Estimates how small the batches of one topic become, as Java's CompressionRatioEstimator does: the bytes of
 * a compressed batch for each byte of its records. It rises fast and falls slowly, so that few batches become
 * larger than `batch.size`.
 */
export class CompressionRatio {
  #estimate = 1

  /** The estimate with a reserve: what a batch is planned with. */
  get planned(): number {
    return this.#estimate * RESERVE
  }

  /** A batch was compressed from `recordBytes` to `wireBytes`, header included. */
  observe(wireBytes: number, recordBytes: number): void {
    const ratio = wireBytes / recordBytes
    this.#estimate =
      ratio > this.#estimate ? Math.max(this.#estimate + RISE, ratio) : Math.max(this.#estimate - FALL, ratio)
  }

  /** A batch with this ratio was refused as too large: the next ones are planned as if none compressed. */
  refuse(wireBytes: number, recordBytes: number): void {
    this.#estimate = Math.max(1, wireBytes / recordBytes)
  }
}
