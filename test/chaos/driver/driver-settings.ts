/** What a driver is told when it starts: the last of its arguments, as JSON. */
export interface DriverSettings {
  /** Which client to drive: the name of a file in `clients`. */
  readonly client: string
  /** The proxies in front of the brokers, `host:port`. */
  readonly bootstrapServers: readonly string[]
  readonly clientId: string
  /** Counts the driver processes of a run, from 1; part of every value. */
  readonly incarnation: number
  /** Where the journal is to be written. The file does not exist yet. */
  readonly journal: string
  readonly topics: readonly WorkloadTopic[]
  /** Records a second at first; 0: as fast as outcomes allow. Lines on stdin change it. */
  readonly rate: number
  /** So many records at most may be without an outcome. */
  readonly outstanding: number
  readonly producer: ProducerSettings
}

export interface WorkloadTopic {
  readonly name: string
  /** Partitions 0 to this (excluded) are named explicitly by some records; the topic may have more. */
  readonly partitions: number
}

/** Java's names in camelCase. Idempotence is on and `acks` is all. */
export interface ProducerSettings {
  readonly requestTimeoutMs: number
  readonly deliveryTimeoutMs: number
  readonly lingerMs: number
  readonly batchSize: number
  readonly maxInFlightRequestsPerConnection: number
  readonly compressionType: 'none' | 'gzip'
}
