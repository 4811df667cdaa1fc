import type { BatchPlan } from './batch-plan.js'

/** Whether a request is for the script's own partition, or for one that is not there. */
export type Target = 'partition' | 'other partition' | 'other topic'

export interface ProduceStep {
  readonly kind: 'produce'
  readonly version: number
  readonly acks: number
  readonly transactionalId: string | null
  readonly target: Target
  /** Null for a records field of no bytes. Two stand for the same partition twice in one request. */
  readonly batches: readonly (BatchPlan | null)[]
}

export interface InitProducerIdStep {
  readonly kind: 'init producer id'
  readonly version: number
  /** What later steps call the id that comes back. */
  readonly as: ProducerName
  readonly transactionalId: string | null
  readonly transactionTimeoutMs: number
  /** What the request says of an id and an epoch in use (KIP-360). */
  readonly current: { readonly producer: Producer; readonly epoch: number }
}

export interface DeleteRecordsStep {
  readonly kind: 'delete records'
  readonly version: number
  /**
   * `share` of what the log holds, from its start to its end, and so many records more; or an offset as it
   * is.
   */
  readonly upTo: { readonly share: number; readonly plus: number } | { readonly offset: bigint }
}

export type Step = ProduceStep | InitProducerIdStep | DeleteRecordsStep

/** A producer id that the cluster has given to the script, by the name the script has for it. */
export type ProducerName = 'a' | 'b' | 'c'

/** By its name, or an id that nobody was given. */
export type Producer = ProducerName | bigint

export interface Script {
  readonly number: number
  /** Steps between two restarts of the broker. All scripts wait for each other there. */
  readonly parts: readonly (readonly Step[])[]
}

/** How a broker comes to start again. */
export type Restart = 'shut down' | 'killed'

/** The restarts of a run: a script has one part more at the most. */
export const RESTARTS: readonly Restart[] = ['shut down', 'killed', 'shut down']
