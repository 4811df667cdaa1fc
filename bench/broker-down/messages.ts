/** How the driver sends, and how it hears. */
export interface Variant {
  readonly by: 'callback' | 'promise'
  /** Waits when it is told to: for `drain`, or for promises when many are open. Or never does, and takes the errors. */
  readonly pace: 'heeds' | 'never waits'
}

export interface DownTask extends Variant {
  /** Null to measure the driver alone, with a stub for `send`. */
  readonly bootstrapServers: readonly string[] | null
  /**
   * How many sends the stub leaves open, as a producer must whose broker is away; it refuses more, until the broker is said to be back:
   * then the oldest ends for each new one. With 0 it reports success at once.
   */
  readonly stubLeavesOpen: number
  readonly topic: string
  readonly recordSize: number
}

/** Where the driver stands; bytes. */
export interface Report {
  readonly rss: number
  /** The most that it ever was. */
  readonly peakRss: number
  readonly heapUsed: number
  readonly external: number
  /** What the producer says that records take. */
  readonly heldBytes: number
  readonly sent: number
  /** The most sends that were ever without an outcome at one time. */
  readonly mostOpen: number
  readonly acknowledged: number
  /** By error code. */
  readonly failed: Readonly<Record<string, number>>
}

/**
 * What the driver is asked to do: say where it stands, take its stub's broker for one that is back, or stop sending, wait for every
 * outcome, and say so then.
 */
export type Order = { readonly kind: 'report' | 'broker is back' | 'finish' }
