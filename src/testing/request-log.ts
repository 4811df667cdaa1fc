/** What a Produce request carried for one partition. */
export interface ProducedPartition {
  readonly topic: string
  readonly partition: number
  /** -1n, -1 and -1 without idempotence, and where no batch header could be read. */
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
  /** Bytes of the records field. */
  readonly size: number
}

/** A request that a broker has read, whatever became of it. */
export interface LoggedRequest {
  /** Milliseconds on the cluster's clock; only differences mean anything. */
  readonly time: number
  readonly nodeId: number
  readonly connectionId: number
  /** The API's name, such as `Metadata`. */
  readonly api: string
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  /** Bytes of the whole frame, its size field included. */
  readonly size: number
  /** For Produce requests only. */
  readonly produced: readonly ProducedPartition[] | null
}

/** Something a broker did that no answer tells: a connection closed on a request it could not read, a fault that struck, a batch refused. */
export interface BrokerEvent {
  /** Milliseconds on the cluster's clock; only differences mean anything. */
  readonly time: number
  readonly nodeId: number
  readonly message: string
}
