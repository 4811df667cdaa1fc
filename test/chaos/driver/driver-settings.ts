/** The settings of a driver. They are the last of its arguments, as JSON. */
export interface DriverSettings {
  /** The client to drive, which is the name of a file in `clients`. */
  readonly client: string
  /** The proxies in front of the brokers, `host:port`. */
  readonly bootstrapServers: readonly string[]
  readonly clientId: string
  /** The number of this driver process within the run, from 1. It is part of every value. */
  readonly incarnation: number
  /** The path of the journal. The file does not exist yet. */
  readonly journal: string
  readonly topics: readonly WorkloadTopic[]
  /** The initial records per second; 0: as fast as outcomes allow. Lines on stdin change it. */
  readonly rate: number
  /** The most records without an outcome. */
  readonly outstanding: number
  readonly producer: ProducerSettings
}

export interface WorkloadTopic {
  readonly name: string
  /** Some records name a partition from 0 to below this number. The topic may have more partitions. */
  readonly partitions: number
}

/** Settings with Java's names in camelCase. Idempotence is on, and `acks` is all. */
export interface ProducerSettings {
  readonly requestTimeoutMs: number
  readonly deliveryTimeoutMs: number
  readonly lingerMs: number
  readonly batchSize: number
  readonly maxInFlightRequestsPerConnection: number
  readonly compressionType: 'none' | 'gzip'
}
