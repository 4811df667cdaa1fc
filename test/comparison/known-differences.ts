import { isDeepStrictEqual } from 'node:util'
import type { Answer } from './answer.js'
import type { LaneKind } from './lane-kinds.js'
import type { Step } from './script.js'

/** What two clusters made of the same thing, each in its way. */
export interface Compared {
  /** Null for a batch of the final logs. */
  readonly step: Step | null
  readonly kind: LaneKind
  readonly kafka: Answer
  readonly embedded: Answer
}

/** Where the embedded cluster does not do as Kafka does, or is not seen to. */
export interface KnownDifference {
  readonly what: string
  /** The reason, as the end of a sentence. */
  readonly why: string
  /** Of Kafka's versions those before this one; all of them unless given. */
  readonly before?: string
  /** What it accounts for; null for what is not sent. */
  readonly covers: ((compared: Compared) => boolean) | null
}

/** All of them. DESIGN.md has them as a table. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    what: 'a killed broker leads under a new epoch when it is back',
    why: 'since 4.0 the controller sees that it was not shut down in order (KIP-966); a single node of 3.9 goes on under the old epoch',
    before: '4.0',
    covers: ({ step, kafka, embedded }) => step === null && isOneRestartBehind(kafka, embedded),
  },
  {
    what: 'anything before 3.9',
    why: 'the embedded cluster follows 4.x; 3.3.2, for one, appends transactional batches that nobody has verified (KIP-890) and refuses the timestamp type bit from a producer',
    before: '3.9',
    covers: null,
  },
  {
    what: 'Produce v0 to v2, and the record formats before v2',
    why: '4.0 has dropped them (KIP-724, KIP-896), and nothing here writes them',
    before: '4.0',
    covers: null,
  },
  {
    what: 'the default of `message.timestamp.after.max.ms` is an hour',
    why: 'so it is since 4.0 (KIP-1030), and before there was no limit; the scripts have topics that say what they want',
    before: '4.0',
    covers: null,
  },
  {
    what: 'a records field that is null',
    why: '4.3 never answers it: the request runs into a NullPointerException, and the answer that is to tell so into another',
    covers: null,
  },
  {
    what: 'something wrong in the records of a snappy, lz4 or zstd batch',
    why: 'the embedded cluster has no codec but gzip and stores such batches unread; faultless ones are sent',
    covers: null,
  },
  {
    what: 'replication that takes time',
    why: 'comparisons have one broker. In the embedded cluster all replicas of a partition have one log: none lags, is cut back, or loses what acks=1 has acknowledged. `test/unit/producer/replication.test.ts` has a model in which they do, and `npm run chaos` the real thing',
    covers: null,
  },
  {
    what: 'transactions',
    why: 'the embedded cluster answers as a broker that coordinates none; Kafka also judges later sequences of a producer by its wish to take part in one, so such a producer sends nothing else',
    covers: null,
  },
  {
    what: 'records deleted right before a broker is killed',
    why: 'Kafka writes down once a minute where its logs start and may come back with deleted records, the embedded cluster never does',
    covers: null,
  },
  {
    what: 'timestamps within seconds of a limit',
    why: 'the clusters look at their clocks at different moments',
    covers: null,
  },
  {
    what: 'compaction, and deletion by time',
    why: 'logs in memory are cut by size only; the scripts give Kafka no reason for either',
    covers: null,
  },
]

/** Losing its leader and getting it back are two epochs. */
function isOneRestartBehind(kafka: Answer, embedded: Answer): boolean {
  const { partitionLeaderEpoch } = kafka
  if (typeof partitionLeaderEpoch !== 'number') return false
  return isDeepStrictEqual({ ...kafka, partitionLeaderEpoch: partitionLeaderEpoch + 2 }, embedded)
}
