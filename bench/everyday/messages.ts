/** The way a simple program uses a producer. */
export type Workload =
  /** `for (...) await send(record)`, for some seconds. */
  | { readonly kind: 'await'; readonly seconds: number }
  /** Sends every record in one turn of the event loop, and then awaits `Promise.all`. */
  | { readonly kind: 'all at once'; readonly records: number }
  /**
   * Sends records at fixed times, whatever the earlier outcomes are. Latency counts from the time when a
   * record was due.
   */
  | { readonly kind: 'open loop'; readonly perSecond: number; readonly seconds: number }
  /** Sends as many records as the client accepts, with `outstanding` of them without an outcome. */
  | { readonly kind: 'full speed'; readonly records: number; readonly outstanding: number }

export interface Task {
  readonly sender: string
  readonly workload: Workload
  readonly bootstrapServers: readonly string[]
  readonly topic: string
  readonly recordSize: number
}

export interface Outcome {
  /** The client and its version. */
  readonly version: string
  readonly node: string
  readonly acknowledged: number
  /** The number of failures by the name of the error. */
  readonly failed: Readonly<Record<string, number>>
  readonly seconds: number
  /** User and system time of the process in microseconds. */
  readonly cpuUs: number
  /** Milliseconds; null if the latency of each record was not measured. */
  readonly p50Ms: number | null
  readonly p99Ms: number | null
  /** Null if the client does not report it. */
  readonly recordsPerBatch: number | null
}
