import type { ProducerInterceptor } from '../interceptor.js'
import type { Bytes, Serializer } from '../serializer.js'

// Made from ../table-sending.ts. To make it again:
//   npx vitest run --project unit test/unit/config/documents.test.ts --update

/** How a producer serializes, batches, compresses and delivers records. */
export interface SendingConfig<K = Bytes, V = Bytes> {
  /**
   * Which acknowledgement counts as success. `all` (the same as -1): every in-sync replica has the record. 1:
   * the leader has the record. 0: the producer asks for no acknowledgement, so losses go unnoticed and
   * offsets are unknown.
   *
   * 'all', -1, 0 or 1.
   *
   * @default 'all'
   */
  readonly acks?: 'all' | -1 | 0 | 1 | undefined

  /**
   * Retries neither duplicate nor reorder records. Idempotence needs `acks` all, `retries` above 0 and at
   * most 5 requests in flight. If this setting is left out, other `acks` and `retries` of 0 switch
   * idempotence off. If it is true, they are errors.
   *
   * True or false. Java: `enable.idempotence`.
   *
   * @default true
   */
  readonly enableIdempotence?: boolean | undefined

  /**
   * How often a batch is sent again after a retriable error. Leave it at its default and set
   * `deliveryTimeoutMs` instead.
   *
   * A whole number from 0 to 2147483647.
   *
   * @default 2147483647
   */
  readonly retries?: number | undefined

  /**
   * The longest time from the append of a record to its success or failure, retries included. It must be at
   * least `lingerMs` + `requestTimeoutMs`. If it is left out, it is raised to that sum.
   *
   * Milliseconds: a whole number from 0 to 2147483647. Java: `delivery.timeout.ms`.
   *
   * @default 120000
   */
  readonly deliveryTimeoutMs?: number | undefined

  /**
   * How long a batch that is not full waits for more records. 0: it is sent at once. A number above
   * 2147483647 counts as 2147483647. A value that you give acts as in Java. If you give none, a batch waits
   * only while a request to its leader is in flight.
   *
   * Milliseconds: a whole number from 0 to 2^53 - 1. Java: `linger.ms`.
   *
   * @default 5
   */
  readonly lingerMs?: number | undefined

  /**
   * The size of a batch of records for one partition, in bytes. 0: every record is a batch of its own. Larger
   * batches cost less per record: with few partitions and much traffic, try 131072. The bytes are counted
   * before compression. Java estimates the compressed size, so its compressed batches are larger.
   *
   * A whole number from 0 to 2147483647. Java: `batch.size`.
   *
   * @default 16384
   */
  readonly batchSize?: number | undefined

  /**
   * The most bytes of records that the producer holds. A record counts from its append to its outcome.
   *
   * A whole number from 0 to 2^53 - 1. Java: `buffer.memory`.
   *
   * @default 33554432
   */
  readonly bufferMemory?: number | undefined

  /**
   * The most bytes of records that may wait for metadata or for room in `bufferMemory`. A record counts at
   * least 256 bytes, and each of its headers at least 96 more. Records that wait for metadata may also use
   * the free part of `bufferMemory`. A send beyond this limit fails at once, where Java blocks the thread.
   *
   * A whole number from 0 to 2^53 - 1.
   *
   * @default 268435456
   */
  readonly waitingMemory?: number | undefined

  /**
   * When a batch takes memory from `bufferMemory`. `full`: `batchSize` bytes when it is created.
   * `incremental`: as its records are appended. **This version: only `full`.**
   *
   * 'full' or 'incremental'. Java: `buffer.memory.allocation.strategy`.
   *
   * @default 'full'
   */
  readonly bufferMemoryAllocationStrategy?: 'full' | 'incremental' | undefined

  /**
   * The longest time that a record waits for metadata and for room in `bufferMemory`. It also bounds each
   * transactional call.
   *
   * Milliseconds: a whole number from 0 to 2^53 - 1. Java: `max.block.ms`.
   *
   * @default 60000
   */
  readonly maxBlockMs?: number | undefined

  /**
   * The size of the largest Produce request in bytes. It is also the limit for one record before compression.
   * Brokers and topics have their own limits.
   *
   * A whole number from 0 to 2147483647. Java: `max.request.size`.
   *
   * @default 1048576
   */
  readonly maxRequestSize?: number | undefined

  /**
   * The most requests in flight on a connection. More than 5 are an error unless `enableIdempotence` is
   * false. Without idempotence, more than 1 can reorder records when one is retried.
   *
   * A whole number from 1 to 2147483647. Java: `max.in.flight.requests.per.connection`.
   *
   * @default 5
   */
  readonly maxInFlightRequestsPerConnection?: number | undefined

  /**
   * The codec that batches are compressed with. **This version: only `none`, `gzip`.**
   *
   * 'none', 'gzip', 'snappy', 'lz4' or 'zstd'. Java: `compression.type`.
   *
   * @default 'none'
   */
  readonly compressionType?: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd' | undefined

  /**
   * The compression level for gzip. 1 is the fastest, 9 compresses best, and -1 is the default of zlib.
   *
   * A whole number from 1 to 9, or -1. Java: `compression.gzip.level`.
   *
   * @default -1
   */
  readonly compressionGzipLevel?: number | undefined

  /**
   * The compression level for lz4.
   *
   * A whole number from 1 to 17. Java: `compression.lz4.level`.
   *
   * @default 9
   */
  readonly compressionLz4Level?: number | undefined

  /**
   * The compression level for zstd.
   *
   * A whole number from -131072 to 22. Java: `compression.zstd.level`.
   *
   * @default 3
   */
  readonly compressionZstdLevel?: number | undefined

  /**
   * The name of the transactions of this producer, which outlive the process. It needs idempotence. Null: the
   * producer has no transactions. **Not in this version yet.**
   *
   * A string that is not empty, at most 32767 bytes, or null. Java: `transactional.id`.
   *
   * @default null
   */
  readonly transactionalId?: string | null | undefined

  /**
   * The coordinator aborts a transaction that is open for longer than this. Java refuses a value below 1 only
   * when it asks for a producer id.
   *
   * Milliseconds: a whole number from 1 to 2147483647. Java: `transaction.timeout.ms`.
   *
   * @default 60000
   */
  readonly transactionTimeoutMs?: number | undefined

  /**
   * The producer takes part in two-phase commits (KIP-939). `transactionTimeoutMs` must then be left out.
   * **This version: only `false`.**
   *
   * True or false. Java: `transaction.two.phase.commit.enable`.
   *
   * @default false
   */
  readonly transactionTwoPhaseCommitEnable?: boolean | undefined

  /**
   * A function that turns keys into bytes. Null: keys are strings (sent as UTF-8), bytes or null. **Not in
   * this version yet.** Java takes a class and has no default.
   *
   * A function, or null. Java: `key.serializer`.
   *
   * @default null
   */
  readonly keySerializer?: Serializer<K> | null | undefined

  /**
   * A function that turns values into bytes. Null: values are strings (sent as UTF-8), bytes or null. **Not
   * in this version yet.** Java takes a class and has no default.
   *
   * A function, or null. Java: `value.serializer`.
   *
   * @default null
   */
  readonly valueSerializer?: Serializer<V> | null | undefined

  /**
   * Objects that see every record before it is sent, where they may replace it, and its outcome. They are
   * called in this order. Java takes the names of classes.
   *
   * A list of objects, each with a function onSend or onAcknowledgement. Java: `interceptor.classes`.
   *
   * @default []
   */
  readonly interceptors?: readonly ProducerInterceptor<K, V>[] | undefined

  /**
   * The producer forgets a topic that it has not sent to for this long. The next record for the topic fetches
   * its metadata again.
   *
   * Milliseconds: a whole number from 5000 to 2^53 - 1. Java: `metadata.max.idle.ms`.
   *
   * @default 300000
   */
  readonly metadataMaxIdleMs?: number | undefined
}
