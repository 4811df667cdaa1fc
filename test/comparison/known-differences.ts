import { isDeepStrictEqual } from 'node:util'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import type { Answer } from './answer.js'
import type { LaneKind } from './lane-kinds.js'
import type { Step } from './script.js'

/** The answers of two clusters to the same request, or the same batch of their final logs. */
export interface Compared {
  /** Null for a batch of the final logs. */
  readonly step: Step | null
  readonly kind: LaneKind
  readonly kafka: Answer
  readonly embedded: Answer
}

/** A behaviour that the embedded cluster and Kafka do not share, or that comparisons do not cover. */
export interface KnownDifference {
  readonly what: string
  /** The reason, as the end of a sentence. */
  readonly why: string
  /** Only versions of Kafka before this one differ. Left out: all versions do. */
  readonly before?: string
  /** Recognises the difference in two answers. Null: the scripts do not send such requests. */
  readonly covers: ((compared: Compared) => boolean) | null
}

/** DESIGN.md has these differences as a table. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    what: 'a killed broker leads under a new epoch after its restart',
    why: 'since 4.0 the controller recognises a broker that was not shut down in order (KIP-966). A single node of 3.9 keeps the old epoch',
    before: '4.0',
    covers: ({ step, kafka, embedded }) => step === null && isOneRestartBehind(kafka, embedded),
  },
  {
    what: 'anything before 3.9',
    why: 'the embedded cluster follows 4.x. For example, 3.3.2 appends unverified transactional batches (KIP-890) and refuses the timestamp type bit from a producer',
    before: '3.9',
    covers: null,
  },
  {
    what: 'Produce v0 to v2, and the record formats before v2',
    why: '4.0 has dropped them (KIP-724, KIP-896), and odradek never writes them',
    before: '4.0',
    covers: null,
  },
  {
    what: 'the default of `message.timestamp.after.max.ms` is an hour',
    why: '4.0 introduced this default (KIP-1030). Before, there was no limit. The topics of the scripts set the limit themselves',
    before: '4.0',
    covers: null,
  },
  {
    what: 'the Metadata response that creates a topic',
    why: 'Kafka answers that it does not know the topic. The embedded cluster does so only with `autoCreation` as `as-kafka`',
    covers: null,
  },
  {
    what: 'a records field that is null',
    why: 'no version of Kafka answers it, not even 4.4. The request causes a NullPointerException, and so does its error response',
    covers: null,
  },
  {
    what: 'a record in a gzip batch whose length is below 0, or above `max.decompressed.message.bytes`',
    why: '4.4 refuses the batch at that record. Earlier versions do not look at the length and do not have the setting. They read on and refuse a damaged batch for its checksum',
    before: '4.4',
    covers: ({ step, kafka, embedded }) => hasDamagedGzip(step) && isRefusedAtTheRecord(kafka, embedded),
  },
  {
    what: 'a fault in the records of a snappy, lz4 or zstd batch',
    why: 'the scripts damage these codecs in no way yet. Batches without a fault are sent',
    covers: null,
  },
  {
    what: 'replication that takes time',
    why: 'comparisons have one broker. In the embedded cluster all replicas of a partition share one log. So none lags, is truncated, or loses a record that acks=1 has acknowledged. `test/behaviour/producer/replication.test.ts` has a model in which replicas do so, and `npm run chaos` has real ones',
    covers: null,
  },
  {
    what: 'transactions',
    why: 'the embedded cluster answers as a broker that coordinates no transaction. Kafka also judges the later sequences of a producer that has tried to take part in one. So such a producer sends nothing else',
    covers: null,
  },
  {
    what: 'records deleted right before a broker is killed',
    why: 'Kafka saves the start of its logs once a minute, so deleted records may be there again. In the embedded cluster they never are',
    covers: null,
  },
  {
    what: 'timestamps within seconds of a limit',
    why: 'the clusters look at their clocks at different moments',
    covers: null,
  },
  {
    what: 'compaction, and deletion by time',
    why: 'logs in memory are cut by size only. The scripts give Kafka no reason for compaction or deletion',
    covers: null,
  },
]

function hasDamagedGzip(step: Step | null): boolean {
  if (step?.kind !== 'produce') return false
  return step.batches.some(
    (batch) => batch?.codec === 'gzip' && batch.damage.some(({ kind }) => kind === 'record byte'),
  )
}

/** Whether Kafka refuses the batch for its checksum, and the embedded cluster for a record. */
function isRefusedAtTheRecord(kafka: Answer, embedded: Answer): boolean {
  const { results } = kafka
  if (!Array.isArray(results)) return false
  const atTheRecord = results.map((result: { errorCode: number }) =>
    result.errorCode === ErrorCode.UNKNOWN_SERVER_ERROR
      ? { ...result, errorCode: ErrorCode.INVALID_RECORD }
      : result,
  )
  return isDeepStrictEqual({ ...kafka, results: atTheRecord }, embedded)
}

/** A partition that loses its leader and gets it back has two new epochs. */
function isOneRestartBehind(kafka: Answer, embedded: Answer): boolean {
  const { partitionLeaderEpoch } = kafka
  if (typeof partitionLeaderEpoch !== 'number') return false
  return isDeepStrictEqual({ ...kafka, partitionLeaderEpoch: partitionLeaderEpoch + 2 }, embedded)
}
