import { jsonForm } from '../printing.js'

/**
 * The part of a Produce request for one partition. `JSON.stringify` gives `producerId` as a string, since
 * JSON has no bigint.
 */
export interface ProducedPartition {
  readonly topic: string
  readonly partition: number
  /** -1n, -1 and -1 without idempotence, and if the batch header could not be read. */
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
  /** The bytes of the records field. */
  readonly size: number
}

/** Gives `producerId` a form that JSON has. */
export const producedPartition: (produced: ProducedPartition) => ProducedPartition = jsonForm((produced) => ({
  ...produced,
  producerId: produced.producerId.toString(),
}))

/** A request that a broker has read, whether it was answered or not. */
export interface LoggedRequest {
  /** Milliseconds on the cluster's clock. Only differences have a meaning. */
  readonly time: number
  readonly nodeId: number
  readonly connectionId: number
  /** The API's name, such as `Metadata`. */
  readonly api: string
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  /** The bytes of the whole frame, its size field included. */
  readonly size: number
  /** Null unless it is a Produce request. */
  readonly produced: readonly ProducedPartition[] | null
}

/**
 * An event in a broker that no response shows: a connection closed because of an unreadable request, a fault
 * that struck, or a refused batch.
 */
export interface BrokerEvent {
  /** Milliseconds on the cluster's clock. Only differences have a meaning. */
  readonly time: number
  readonly nodeId: number
  readonly message: string
}
