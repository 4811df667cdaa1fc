import type { ConfigEntries } from './entry.js'

/** How a record gets a partition if it names none. Only a producer has these settings. */
export const partitioningConfigs = {
  partitioner: {
    javaName: 'partitioner.class',
    type: 'partitioner',
    values: ['default', 'round-robin', 'crc32-consistent'],
    default: 'default',
    importance: 'medium',
    description:
      'How a record gets a partition if it names none. `default`: the murmur2 hash of the key decides; records without a key fill one batch after the other, each on a random partition. `round-robin`: the partitions take turns, whatever the key. `crc32-consistent`: the CRC-32 of the key decides, as in librdkafka. A function decides by its own rule.',
    difference: 'Java takes the name of a class.',
  },
  partitionerIgnoreKeys: {
    javaName: 'partitioner.ignore.keys',
    type: 'boolean',
    default: false,
    importance: 'medium',
    description: 'The default partitioner treats every record as if it had no key.',
  },
  partitionerAdaptivePartitioningEnable: {
    javaName: 'partitioner.adaptive.partitioning.enable',
    type: 'boolean',
    default: true,
    importance: 'low',
    description:
      'The default partitioner sends more records without a key to brokers that keep up (KIP-794).',
  },
  partitionerRackAware: {
    javaName: 'partitioner.rack.aware',
    type: 'boolean',
    default: false,
    supports: [false],
    importance: 'low',
    description:
      'The default partitioner sends records without a key to partitions whose leader is in the rack `clientRack`. If there are none, it uses all partitions (KIP-1123).',
  },
  clientRack: {
    javaName: 'client.rack',
    type: 'string',
    default: '',
    importance: 'low',
    description: 'The rack of this client, named as in `broker.rack`. Only `partitionerRackAware` uses it.',
  },
  partitionerAvailabilityTimeoutMs: {
    javaName: 'partitioner.availability.timeout.ms',
    type: 'long',
    default: 0,
    min: 0,
    supports: [0],
    importance: 'low',
    description:
      'The default partitioner avoids a broker that has taken no request for this long although batches for it are ready. 0 switches this off.',
  },
} as const

partitioningConfigs satisfies ConfigEntries
