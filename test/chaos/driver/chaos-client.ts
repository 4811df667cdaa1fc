import type { DriverSettings } from './driver-settings.js'

/** What became of a record, as the client under test says. */
export type Outcome =
  | {
      readonly kind: 'acknowledged'
      /** -1: not told */
      readonly partition: number
      /** -1n: not told */
      readonly offset: bigint
    }
  | {
      readonly kind: 'failed'
      /** False only if the client says that the record is certainly not in the log. */
      readonly possiblyPersisted: boolean
      /** For the report: the error's code and message. */
      readonly code: string
      readonly message: string
    }

export interface ChaosRecord {
  readonly topic: string
  /** Absent: the client's own partitioner. */
  readonly partition?: number
  /** Absent: no key. */
  readonly key?: string
  readonly value: string
}

/** A client under test. */
export interface ChaosClient {
  /** Takes a record, in the order in which they are to stand in their partition. Calls `settled` exactly once; never throws. */
  send(record: ChaosRecord, settled: (outcome: Outcome) => void): void
  /** Resolves when every record has its outcome and the client has let go of everything. */
  close(): Promise<void>
}

export interface ClientEvents {
  /** A broker asked the client to send nothing for so many milliseconds. Only for the report. */
  throttled(milliseconds: number): void
}

/** What a file in `clients` exports as `createClient`. The client may connect now or with the first record. */
export type CreateClient = (settings: DriverSettings, events: ClientEvents) => Promise<ChaosClient>
