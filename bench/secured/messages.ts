import type { ProducerConfig } from '../../src/index.js'

/** A way to reach the broker. */
export type Way = 'PLAINTEXT' | 'SSL' | 'mTLS' | 'SASL_SSL, SCRAM-SHA-512'

export interface Task {
  /** `connections` makes clients of one connection each. `records` sends 20,000 ahead, by callback. */
  readonly kind: 'connections' | 'records'
  readonly count: number
  /** The connections at a time. */
  readonly parallel: number
  readonly config: ProducerConfig
  readonly topic: string
  readonly recordSize: number
}

export interface Outcome {
  /** Connections that were made, or records that were acknowledged. */
  readonly done: number
  readonly seconds: number
  /** User and system time of the process in microseconds, all its threads included. */
  readonly cpuUs: number
}
