/** How the driver sends records and gets their outcomes. */
export interface Variant {
  readonly by: 'callback' | 'promise'
  /**
   * `heeds`: it waits for `drain`, or for promises when many are open. `never waits`: it takes the errors.
   */
  readonly pace: 'heeds' | 'never waits'
}

export interface DownTask extends Variant {
  /** Null to measure the driver alone, with a stub for `send`. */
  readonly bootstrapServers: readonly string[] | null
  /**
   * The number of sends that the stub leaves open, as a producer does while its broker is down. The stub
   * refuses further sends until the order `broker is back`. Then the oldest send succeeds for each new one.
   * With 0 every send succeeds at once.
   */
  readonly stubLeavesOpen: number
  readonly topic: string
  readonly recordSize: number
}

/** The current figures of the driver. Sizes are in bytes. */
export interface Report {
  readonly rss: number
  /** The peak of `rss`. */
  readonly peakRss: number
  readonly heapUsed: number
  readonly external: number
  /** The memory of records according to the producer. */
  readonly heldBytes: number
  readonly sent: number
  /** The most sends without an outcome at the same time. */
  readonly mostOpen: number
  readonly acknowledged: number
  /** The number of failures by error code. */
  readonly failed: Readonly<Record<string, number>>
}

/**
 * An order to the driver. `report`: send the current figures. `broker is back`: the stub's broker is up
 * again. `finish`: stop sending, wait for every outcome, and report.
 */
export type Order = { readonly kind: 'report' | 'broker is back' | 'finish' }
