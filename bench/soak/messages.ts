/** What the driver is to do. */
export interface SoakTask {
  readonly bootstrapServers: readonly string[]
  readonly minutes: number
  /** Bytes of each value. */
  readonly recordSize: number
  /** Gets records at full speed. */
  readonly topic: string
  /** Gets a trickle in every other way that there is to send. */
  readonly sideTopic: string
}

/** What a minute of work has left behind: measured after a pause in which everything has had its outcome. Sizes are bytes. */
export interface Sample extends Figures {
  readonly minute: number
  /** This and the next after a forced collection. */
  readonly heapUsed: number
  readonly external: number
  /** Two seconds later. */
  readonly rss: number
  /** Before the pause: the median of one look each second. Moves with the rate, which on a shared machine is not the producer's. */
  readonly rssUnderLoad: number
  /** How many resources of each kind keep the event loop alive. */
  readonly handles: Readonly<Record<string, number>>
  /** What the producer says that records take: 0 after the pause. */
  readonly heldBytes: number
}

/** Counted since the start. */
export interface Figures {
  readonly sent: number
  readonly acknowledged: number
  /** What is wrong, in words; nothing if all is well. */
  readonly faults: readonly string[]
}
