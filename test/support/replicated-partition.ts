import { ErrorCode } from '../../src/protocol/error-codes.js'
import type { SeededRandom } from './random.js'
import type { PartitionAnswer, SentBatch } from './scripted-produce.js'
import { valuesOf } from './scripted-produce.js'

const RETAINED = 5
const SEQUENCES = 0x80000000

/** A batch in a log. */
export interface LoggedBatch {
  readonly producerId: bigint
  readonly epoch: number
  readonly first: number
  readonly last: number
  readonly values: readonly string[]
}

interface ProducerEntry {
  readonly epoch: number
  /** The last batches, oldest first, with their offsets. */
  readonly batches: readonly (readonly [LoggedBatch, place: number])[]
}

/** The state of a request at a leader: a response, or an append that waits for the followers. */
export type Appended =
  | { readonly answer: PartitionAnswer }
  | { readonly place: number; readonly epoch: number }

/** One broker's copy of a partition, and its state of producers. */
class Replica {
  log: LoggedBatch[] = []
  producers = new Map<bigint, ProducerEntry>()
  /** The leader epoch that the broker knows, and whether it is the leader in that epoch. */
  knownEpoch = 0
  leads = false

  append(batch: LoggedBatch): number {
    const place = this.log.push(batch) - 1
    this.#remember(batch, place)
    return place
  }

  /** Truncates the log to the leader's, and rebuilds the state of producers. */
  truncate(length: number, snapshotAt: number): void {
    this.log.length = Math.min(this.log.length, length)
    this.reload(snapshotAt)
  }

  /**
   * Rebuilds the state of producers as after a restart. A snapshot has only the last batch of each producer.
   */
  reload(snapshotAt: number): void {
    this.producers.clear()
    for (const [place, batch] of this.log.entries()) {
      if (place < snapshotAt) this.producers.delete(batch.producerId)
      this.#remember(batch, place)
    }
  }

  #remember(batch: LoggedBatch, place: number): void {
    const entry = this.producers.get(batch.producerId)
    const before = entry?.epoch === batch.epoch ? entry.batches : []
    const batches = [...before, [batch, place] as const].slice(-RETAINED)
    this.producers.set(batch.producerId, { epoch: batch.epoch, batches })
  }
}

/**
 * A partition as Kafka replicates it. A leader appends, followers fetch, and batches in all in-sync replicas
 * are committed. A new leader has all committed batches, and may lack others of the old leader. The old
 * leader truncates its log when it learns of the new one, and accepts batches in vain until then.
 */
export class ReplicatedPartition {
  readonly index: number
  leader: number
  epoch = 0
  readonly #random: SeededRandom
  readonly #replicas: ReadonlyMap<number, Replica>
  readonly #inSync: Set<number>
  #committed = 0

  constructor(index: number, nodes: readonly number[], leader: number, random: SeededRandom) {
    this.index = index
    this.leader = leader
    this.#random = random
    this.#replicas = new Map(nodes.map((node) => [node, new Replica()]))
    this.#inSync = new Set(nodes)
    this.#of(leader).leads = true
  }

  get log(): readonly LoggedBatch[] {
    return this.#of(this.leader).log
  }

  /** Makes broker `node` judge a batch. */
  append(node: number, sent: SentBatch, refusals: boolean): Appended {
    const replica = this.#of(node)
    if (!replica.leads) {
      const knowsBetter = replica.knownEpoch === this.epoch
      const currentLeader = knowsBetter ? { leaderId: this.leader, leaderEpoch: this.epoch } : null
      return { answer: { errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER, currentLeader } }
    }
    const values = valuesOf(sent)
    if (refusals && this.#random.oneIn(25)) return { answer: { errorCode: ErrorCode.NOT_ENOUGH_REPLICAS } }
    if (refusals && this.#random.oneIn(40)) return { answer: { errorCode: ErrorCode.INVALID_RECORD } }
    if (refusals && values.length > 1 && this.#random.oneIn(15))
      return { answer: { errorCode: ErrorCode.MESSAGE_TOO_LARGE } }
    const { producerId, producerEpoch: epoch, baseSequence: first, recordCount } = sent.header
    const batch = { producerId, epoch, first, last: (first + recordCount - 1) % SEQUENCES, values }
    const entry = replica.producers.get(producerId)
    if (entry !== undefined) {
      if (epoch < entry.epoch) return { answer: { errorCode: ErrorCode.INVALID_PRODUCER_EPOCH } }
      if (epoch > entry.epoch) {
        if (first !== 0) return { answer: { errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER } }
      } else {
        const repeated = entry.batches.find(([one]) => one.first === first && one.last === batch.last)
        if (repeated !== undefined) return { place: repeated[1], epoch: replica.knownEpoch }
        const last = entry.batches.at(-1)?.[0].last ?? -1
        if (first !== (last + 1) % SEQUENCES)
          return { answer: { errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER } }
      }
    }
    return { place: replica.append(batch), epoch: replica.knownEpoch }
  }

  /** The response to an append, if it can be given by now. */
  outcome(
    node: number,
    { place, epoch }: Exclude<Appended, { answer: unknown }>,
  ): PartitionAnswer | undefined {
    const replica = this.#of(node)
    if (replica.knownEpoch !== epoch || !replica.leads)
      return { errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER, baseOffset: BigInt(place) }
    if (node === this.leader && epoch === this.epoch && place < this.#committed)
      return { errorCode: ErrorCode.NONE, baseOffset: BigInt(place) }
    return undefined
  }

  /** Makes a follower fetch some of the batches that it lacks, and commits those in all in-sync replicas. */
  replicate(all = false): void {
    const { log } = this.#of(this.leader)
    for (const [node, replica] of this.#replicas) {
      if (node === this.leader || replica.knownEpoch !== this.epoch) continue
      const missing = log.length - replica.log.length
      const count = all ? missing : this.#random.integer(0, missing)
      for (const batch of log.slice(replica.log.length, replica.log.length + count)) replica.append(batch)
      if (replica.log.length >= this.#committed && replica.log.length === log.length) this.#inSync.add(node)
    }
    const lengths = [...this.#inSync].map((node) =>
      this.#of(node).knownEpoch === this.epoch ? this.#of(node).log.length : 0,
    )
    this.#committed = Math.max(this.#committed, Math.min(...lengths))
  }

  /** Removes a follower that does not fetch from the in-sync replicas. */
  shrink(): void {
    const followers = [...this.#inSync].filter((node) => node !== this.leader)
    if (followers.length > 0) this.#inSync.delete(this.#random.pick(followers))
  }

  /** Elects another in-sync replica as the leader. The other brokers learn of it later. */
  elect(): void {
    this.leader = this.#random.pick([...this.#inSync])
    this.epoch++
    const replica = this.#of(this.leader)
    replica.knownEpoch = this.epoch
    replica.leads = true
  }

  /**
   * Makes a broker learn of the leader. A former leader then refuses batches, and truncates its log to the
   * new one's.
   */
  learn(node: number): void {
    const replica = this.#of(node)
    if (replica.knownEpoch === this.epoch) return
    replica.knownEpoch = this.epoch
    replica.leads = false
    const { log } = this.#of(this.leader)
    let same = 0
    while (same < replica.log.length && replica.log[same] === log[same]) same++
    replica.truncate(same, this.#random.integer(0, same))
  }

  /**
   * Restarts a broker. It keeps its log, and rebuilds its state of producers from its last snapshot and the
   * later log.
   */
  restart(node: number): void {
    const replica = this.#of(node)
    replica.reload(this.#random.integer(0, replica.log.length))
  }

  /** Makes all brokers forget all producers, as after a long time without batches. */
  forgetProducers(): void {
    for (const { producers } of this.#replicas.values()) producers.clear()
  }

  #of(node: number): Replica {
    const replica = this.#replicas.get(node)
    if (replica === undefined) throw new Error(`broker ${node} has no replica of partition ${this.index}`)
    return replica
  }
}
