/** The task of the driver. */
export interface SoakTask {
  readonly bootstrapServers: readonly string[]
  readonly minutes: number
  /** Bytes of each value. */
  readonly recordSize: number
  /** The topic of the records at full speed. */
  readonly topic: string
  /** The topic of the records in all other ways. */
  readonly sideTopic: string
}

/**
 * The figures after a minute of work and a pause in which every record has had its outcome. Sizes are in
 * bytes.
 */
export interface Sample extends Figures {
  readonly minute: number
  /** Measured after a forced garbage collection, like `external`. */
  readonly heapUsed: number
  readonly external: number
  /** Measured two seconds later. */
  readonly rss: number
  /**
   * The median of one measurement each second before the pause. It varies with the rate, which depends on the
   * machine's other work.
   */
  readonly rssUnderLoad: number
  /** The number of resources of each kind that keep the event loop alive. */
  readonly handles: Readonly<Record<string, number>>
  /** The memory of records according to the producer; 0 after the pause. */
  readonly heldBytes: number
}

/** The counts since the start. */
export interface Figures {
  readonly sent: number
  readonly acknowledged: number
  /** Descriptions of what is wrong; empty if nothing is. */
  readonly faults: readonly string[]
}
