import type { ConfigEntries } from './entry.js'

/** How records are serialized, batched, compressed and delivered. Only a producer has these settings. */
export const sendingConfigs = {
  acks: {
    javaName: 'acks',
    type: 'acks',
    default: 'all',
    importance: 'low',
    description:
      'Which acknowledgement counts as success. `all` (the same as -1): every in-sync replica has the record. 1: the leader has the record. 0: the producer asks for no acknowledgement, so losses go unnoticed and offsets are unknown.',
  },
  enableIdempotence: {
    javaName: 'enable.idempotence',
    type: 'boolean',
    default: true,
    importance: 'low',
    description:
      'Retries neither duplicate nor reorder records. Idempotence needs `acks` all, `retries` above 0 and at most 5 requests in flight. If this setting is left out, other `acks` and `retries` of 0 switch idempotence off. If it is true, they are errors.',
  },
  retries: {
    javaName: 'retries',
    type: 'int',
    default: 2147483647,
    min: 0,
    importance: 'high',
    description:
      'How often a batch is sent again after a retriable error. Leave it at its default and set `deliveryTimeoutMs` instead.',
  },
  deliveryTimeoutMs: {
    javaName: 'delivery.timeout.ms',
    type: 'int',
    default: 120000,
    min: 0,
    importance: 'medium',
    description:
      'The longest time from the append of a record to its success or failure, retries included. It must be at least `lingerMs` + `requestTimeoutMs`. If it is left out, it is raised to that sum.',
  },
  lingerMs: {
    javaName: 'linger.ms',
    type: 'long',
    default: 5,
    min: 0,
    importance: 'medium',
    description:
      'How long a batch that is not full waits for more records. 0: it is sent at once. A number above 2147483647 counts as 2147483647.',
    difference:
      'A value that you give acts as in Java. If you give none, a batch waits only while a request to its leader is in flight.',
  },
  batchSize: {
    javaName: 'batch.size',
    type: 'int',
    default: 16384,
    min: 0,
    importance: 'medium',
    description:
      'The size of a batch of records for one partition, in bytes. 0: every record is a batch of its own. Larger batches cost less per record: with few partitions and much traffic, try 131072.',
    difference:
      'The bytes are counted before compression. Java estimates the compressed size, so its compressed batches are larger.',
  },
  bufferMemory: {
    javaName: 'buffer.memory',
    type: 'long',
    default: 33554432,
    min: 0,
    importance: 'high',
    description:
      'The most bytes of records that the producer holds. A record counts from its append to its outcome.',
  },
  waitingMemory: {
    javaName: null,
    type: 'long',
    default: 268435456,
    min: 0,
    importance: 'medium',
    description:
      'The most bytes of records that may wait for metadata or for room in `bufferMemory`. A record counts at least 256 bytes, and each of its headers at least 96 more. Records that wait for metadata may also use the free part of `bufferMemory`. A send beyond this limit fails at once, where Java blocks the thread.',
  },
  bufferMemoryAllocationStrategy: {
    javaName: 'buffer.memory.allocation.strategy',
    type: 'choice',
    values: ['full', 'incremental'],
    anyCaseInProperties: true,
    default: 'full',
    supports: ['full'],
    importance: 'medium',
    description:
      'When a batch takes memory from `bufferMemory`. `full`: `batchSize` bytes when it is created. `incremental`: as its records are appended.',
  },
  maxBlockMs: {
    javaName: 'max.block.ms',
    type: 'long',
    default: 60000,
    min: 0,
    importance: 'medium',
    description:
      'The longest time that a record waits for metadata and for room in `bufferMemory`. It also bounds each transactional call.',
  },
  maxRequestSize: {
    javaName: 'max.request.size',
    type: 'int',
    default: 1048576,
    min: 0,
    importance: 'medium',
    description:
      'The size of the largest Produce request in bytes. It is also the limit for one record before compression. Brokers and topics have their own limits.',
  },
  maxInFlightRequestsPerConnection: {
    javaName: 'max.in.flight.requests.per.connection',
    type: 'int',
    default: 5,
    min: 1,
    importance: 'low',
    description:
      'The most requests in flight on a connection. More than 5 are an error unless `enableIdempotence` is false. Without idempotence, more than 1 can reorder records when one is retried.',
  },
  compressionType: {
    javaName: 'compression.type',
    type: 'choice',
    values: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    default: 'none',
    supports: ['none', 'gzip'],
    importance: 'high',
    description: 'The codec that batches are compressed with.',
  },
  compressionGzipLevel: {
    javaName: 'compression.gzip.level',
    type: 'int',
    default: -1,
    min: 1,
    max: 9,
    orElse: -1,
    importance: 'medium',
    description:
      'The compression level for gzip. 1 is the fastest, 9 compresses best, and -1 is the default of zlib.',
  },
  compressionLz4Level: {
    javaName: 'compression.lz4.level',
    type: 'int',
    default: 9,
    min: 1,
    max: 17,
    importance: 'medium',
    description: 'The compression level for lz4.',
  },
  compressionZstdLevel: {
    javaName: 'compression.zstd.level',
    type: 'int',
    default: 3,
    min: -131072,
    max: 22,
    importance: 'medium',
    description: 'The compression level for zstd.',
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
      'The name of the transactions of this producer, which outlive the process. It needs idempotence. Null: the producer has no transactions.',
  },
  transactionTimeoutMs: {
    javaName: 'transaction.timeout.ms',
    type: 'int',
    default: 60000,
    min: 1,
    importance: 'low',
    description: 'The coordinator aborts a transaction that is open for longer than this.',
    difference: 'Java refuses a value below 1 only when it asks for a producer id.',
  },
  transactionTwoPhaseCommitEnable: {
    javaName: 'transaction.two.phase.commit.enable',
    type: 'boolean',
    default: false,
    supports: [false],
    importance: 'low',
    description:
      'The producer takes part in two-phase commits (KIP-939). `transactionTimeoutMs` must then be left out.',
  },
  keySerializer: {
    javaName: 'key.serializer',
    type: 'keySerializer',
    default: null,
    supports: [],
    importance: 'high',
    description:
      'A function that turns keys into bytes. Null: keys are strings (sent as UTF-8), bytes or null.',
    difference: 'Java takes a class and has no default.',
  },
  valueSerializer: {
    javaName: 'value.serializer',
    type: 'valueSerializer',
    default: null,
    supports: [],
    importance: 'high',
    description:
      'A function that turns values into bytes. Null: values are strings (sent as UTF-8), bytes or null.',
    difference: 'Java takes a class and has no default.',
  },
  interceptors: {
    javaName: 'interceptor.classes',
    type: 'interceptors',
    default: [],
    importance: 'low',
    description:
      'Objects that see every record before it is sent, where they may replace it, and its outcome. They are called in this order.',
    difference: 'Java takes the names of classes.',
  },
  metadataMaxIdleMs: {
    javaName: 'metadata.max.idle.ms',
    type: 'long',
    default: 300000,
    min: 5000,
    importance: 'low',
    description:
      'The producer forgets a topic that it has not sent to for this long. The next record for the topic fetches its metadata again.',
  },
} as const

sendingConfigs satisfies ConfigEntries
