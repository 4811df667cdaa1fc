import type { PartitionerFunction } from '../partitioner-function.js'
import type { Bytes } from '../serializer.js'

// Made from ../table-partitioning.ts. To make it again:
//   npx vitest run --project unit test/unit/config/documents.test.ts --update

/** How a record gets a partition if it names none. */
export interface PartitioningConfig<K = Bytes, V = Bytes> {
  /**
   * How a record gets a partition if it names none. `default`: the murmur2 hash of the key decides; records
   * without a key fill one batch after the other, each on a random partition. `round-robin`: the partitions
   * take turns, whatever the key. `crc32-consistent`: the CRC-32 of the key decides, as in librdkafka. A
   * function decides by its own rule. Java takes the name of a class.
   *
   * 'default', 'round-robin', 'crc32-consistent' or a function. Java: `partitioner.class`.
   *
   * @default 'default'
   */
  readonly partitioner?:
    | 'default'
    | 'round-robin'
    | 'crc32-consistent'
    | PartitionerFunction<K, V>
    | undefined

  /**
   * The default partitioner treats every record as if it had no key.
   *
   * True or false. Java: `partitioner.ignore.keys`.
   *
   * @default false
   */
  readonly partitionerIgnoreKeys?: boolean | undefined

  /**
   * The default partitioner sends more records without a key to brokers that keep up (KIP-794).
   *
   * True or false. Java: `partitioner.adaptive.partitioning.enable`.
   *
   * @default true
   */
  readonly partitionerAdaptivePartitioningEnable?: boolean | undefined

  /**
   * The default partitioner sends records without a key to partitions whose leader is in the rack
   * `clientRack`. If there are none, it uses all partitions (KIP-1123). **This version: only `false`.**
   *
   * True or false. Java: `partitioner.rack.aware`.
   *
   * @default false
   */
  readonly partitionerRackAware?: boolean | undefined

  /**
   * The rack of this client, named as in `broker.rack`. Only `partitionerRackAware` uses it.
   *
   * A string. Java: `client.rack`.
   *
   * @default ''
   */
  readonly clientRack?: string | undefined

  /**
   * The default partitioner avoids a broker that has taken no request for this long although batches for it
   * are ready. 0 switches this off. **This version: only `0`.**
   *
   * Milliseconds: a whole number from 0 to 2^53 - 1. Java: `partitioner.availability.timeout.ms`.
   *
   * @default 0
   */
  readonly partitionerAvailabilityTimeoutMs?: number | undefined
}
