import type { DriverSettings } from './driver-settings.js'

/** The outcome of a record, as the client under test reports it. */
export type Outcome =
  | {
      readonly kind: 'acknowledged'
      /** -1: the client does not report it. */
      readonly partition: number
      /** -1n: the client does not report it. */
      readonly offset: bigint
    }
  | {
      readonly kind: 'failed'
      /** False only if the client reports that the record is certainly not in the log. */
      readonly possiblyPersisted: boolean
      /** The error's code, for the report. */
      readonly code: string
      readonly message: string
    }

export interface ChaosRecord {
  readonly topic: string
  /** Absent: the client's own partitioner decides. */
  readonly partition?: number
  /** Absent: the record has no key. */
  readonly key?: string
  readonly value: string
}

/** A client under test. */
export interface ChaosClient {
  /**
   * Takes a record. The order of the calls is the wanted order in each partition. Calls `settled` exactly
   * once, and never throws.
   */
  send(record: ChaosRecord, settled: (outcome: Outcome) => void): void
  /** Resolves when every record has its outcome and the client has freed its resources. */
  close(): Promise<void>
}

export interface ClientEvents {
  /** A broker asked the client to send nothing for this time. For the report only. */
  throttled(milliseconds: number): void
}

/**
 * The type of `createClient`, which a file in `clients` exports. The client may connect now or with the first
 * record.
 */
export type CreateClient = (settings: DriverSettings, events: ClientEvents) => Promise<ChaosClient>
