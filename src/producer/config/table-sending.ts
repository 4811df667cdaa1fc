import type { ConfigEntries } from './entry.js'

/** What happens to records: batching, compression, partitions, delivery, idempotence, transactions. */
export const sendingConfigs = {
  acks: {
    javaName: 'acks',
    type: 'acks',
    default: 'all',
    importance: 'low',
    description:
      'What counts as written. `all` (the same as -1): every in-sync replica has the record; 1: its leader has; 0: nobody is asked, losses go unnoticed and offsets are unknown.',
  },
  enableIdempotence: {
    javaName: 'enable.idempotence',
    type: 'boolean',
    default: true,
    importance: 'low',
    description:
      'Retries neither double nor reorder records. Needs `acks` all, `retries` above 0 and at most 5 requests in flight: left to its default it gives way to the first two, asked for it refuses them.',
  },
  retries: {
    javaName: 'retries',
    type: 'int',
    default: 2147483647,
    min: 0,
    importance: 'high',
    description:
      'How often a batch is sent again after an error that may pass. Best left alone: `deliveryTimeoutMs` is the bound to set.',
  },
  deliveryTimeoutMs: {
    javaName: 'delivery.timeout.ms',
    type: 'int',
    default: 120000,
    min: 0,
    importance: 'medium',
    description:
      'The most time from the append of a record to its success or failure, retries included. At least `lingerMs` + `requestTimeoutMs`; left to its default it is raised to that.',
  },
  lingerMs: {
    javaName: 'linger.ms',
    type: 'long',
    default: 5,
    min: 0,
    importance: 'medium',
    description:
      'How long a batch that is not full waits for more records. 0 sends at once. Counted as 2147483647 if larger.',
  },
  batchSize: {
    javaName: 'batch.size',
    type: 'int',
    default: 16384,
    min: 0,
    importance: 'medium',
    description:
      'Bytes of a batch of records for one partition. 0: every record is a batch of its own. Larger batches cost less per record: with few partitions and much traffic try 131072.',
    difference:
      'Bytes before compression count, where Java estimates what they will be compressed to: a compressed batch is smaller than Java would make it.',
  },
  bufferMemory: {
    javaName: 'buffer.memory',
    type: 'long',
    default: 33554432,
    min: 0,
    importance: 'high',
    description: 'Bytes of records the producer holds at most, from their append to their outcome.',
  },
  maxBlockMs: {
    javaName: 'max.block.ms',
    type: 'long',
    default: 60000,
    min: 0,
    importance: 'medium',
    description:
      'The most time a record waits for metadata and for room in `bufferMemory`; each transactional call has this long as well.',
  },
  maxRequestSize: {
    javaName: 'max.request.size',
    type: 'int',
    default: 1048576,
    min: 0,
    importance: 'medium',
    description:
      'Bytes of the largest request, and so of the largest record before compression. Brokers and topics have limits of their own.',
  },
  maxInFlightRequestsPerConnection: {
    javaName: 'max.in.flight.requests.per.connection',
    type: 'int',
    default: 5,
    min: 1,
    importance: 'low',
    description:
      'Requests a broker may owe an answer to. More than 5 is refused unless `enableIdempotence` is false; without idempotence, more than 1 can reorder records when one is retried.',
  },
  compressionType: {
    javaName: 'compression.type',
    type: 'choice',
    values: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    default: 'none',
    supports: ['none', 'gzip'],
    importance: 'high',
    description: 'The codec for batches.',
  },
  compressionGzipLevel: {
    javaName: 'compression.gzip.level',
    type: 'int',
    default: -1,
    min: 1,
    max: 9,
    orElse: -1,
    importance: 'medium',
    description: 'For gzip: 1 is fastest, 9 smallest, -1 the middle that zlib chose.',
  },
  compressionLz4Level: {
    javaName: 'compression.lz4.level',
    type: 'int',
    default: 9,
    min: 1,
    max: 17,
    importance: 'medium',
    description: 'For lz4, used with that codec only.',
  },
  compressionZstdLevel: {
    javaName: 'compression.zstd.level',
    type: 'int',
    default: 3,
    min: -131072,
    max: 22,
    importance: 'medium',
    description: 'For zstd, used with that codec only.',
  },
  partitioner: {
    javaName: 'partitioner.class',
    type: 'partitioner',
    values: ['default', 'round-robin', 'crc32-consistent'],
    default: 'default',
    importance: 'medium',
    description:
      'Chooses the partition of a record that names none. `default`: by the murmur2 hash of the key, without a key one batch after the other on a random partition. `round-robin`: in turn, whatever the key. `crc32-consistent`: as librdkafka does. Or a function.',
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
    description: 'Records without a key go more often to brokers that keep up (KIP-794).',
  },
  partitionerAvailabilityTimeoutMs: {
    javaName: 'partitioner.availability.timeout.ms',
    type: 'long',
    default: 0,
    min: 0,
    supports: [0],
    importance: 'low',
    description:
      'Records without a key avoid a broker that has taken no request for this long although some are ready. 0 switches this off.',
  },
  transactionalId: {
    javaName: 'transactional.id',
    type: 'string',
    default: null,
    nonEmpty: true,
    maxBytes: 32767,
    supports: [],
    importance: 'low',
    description:
      'The name under which transactions outlive this process. Needs idempotence. Null: no transactions.',
  },
  transactionTimeoutMs: {
    javaName: 'transaction.timeout.ms',
    type: 'int',
    default: 60000,
    min: 1,
    importance: 'low',
    description: 'The coordinator aborts a transaction that is open for longer.',
    difference: 'Java notices a value below 1 only when it asks for a producer id.',
  },
  transactionTwoPhaseCommitEnable: {
    javaName: 'transaction.two.phase.commit.enable',
    type: 'boolean',
    default: false,
    supports: [false],
    importance: 'low',
    description: 'Takes part in two-phase commits (KIP-939); `transactionTimeoutMs` must then be left out.',
  },
} as const

sendingConfigs satisfies ConfigEntries
