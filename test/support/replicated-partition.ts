import type { SeededRandom } from './random.js'
import type { PartitionAnswer, SentBatch } from './scripted-produce.js'
import { valuesOf } from './scripted-produce.js'

const NOT_LEADER = 6
const MESSAGE_TOO_LARGE = 10
const NOT_ENOUGH_REPLICAS = 19
const OUT_OF_ORDER = 45
const INVALID_PRODUCER_EPOCH = 47
const INVALID_RECORD = 87
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
  /** Oldest first, with their place in the log. */
  readonly batches: readonly (readonly [LoggedBatch, place: number])[]
}

/** What a request has come to at a leader: an answer, or an append that waits for the followers. */
export type Appended =
  | { readonly answer: PartitionAnswer }
  | { readonly place: number; readonly epoch: number }

/** One broker's copy of a partition, and what it remembers of producers. */
class Replica {
  log: LoggedBatch[] = []
  producers = new Map<bigint, ProducerEntry>()
  /** The leader epoch that the broker has heard of, and whether it leads in it. */
  knownEpoch = 0
  leads = false

  append(batch: LoggedBatch): number {
    const place = this.log.push(batch) - 1
    this.#remember(batch, place)
    return place
  }

  /** Cuts the log to what the leader has too, and builds the memory of producers up again. */
  truncate(length: number, snapshotAt: number): void {
    this.log.length = Math.min(this.log.length, length)
    this.reload(snapshotAt)
  }

  /** As after a restart: of what stood before the last snapshot only the last batch of each producer is remembered. */
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
 * A partition as Kafka replicates it: a leader appends, followers fetch, what all in-sync replicas have is committed; a new leader has all
 * of that and perhaps less than the old one, which truncates when it hears of it and takes batches in vain until then.
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

  /** What broker `node` makes of a batch. */
  append(node: number, sent: SentBatch, refusals: boolean): Appended {
    const replica = this.#of(node)
    if (!replica.leads) {
      const knowsBetter = replica.knownEpoch === this.epoch
      const currentLeader = knowsBetter ? { leaderId: this.leader, leaderEpoch: this.epoch } : null
      return { answer: { errorCode: NOT_LEADER, currentLeader } }
    }
    const values = valuesOf(sent)
    if (refusals && this.#random.oneIn(25)) return { answer: { errorCode: NOT_ENOUGH_REPLICAS } }
    if (refusals && this.#random.oneIn(40)) return { answer: { errorCode: INVALID_RECORD } }
    if (refusals && values.length > 1 && this.#random.oneIn(15))
      return { answer: { errorCode: MESSAGE_TOO_LARGE } }
    const { producerId, producerEpoch: epoch, baseSequence: first, recordCount } = sent.header
    const batch = { producerId, epoch, first, last: (first + recordCount - 1) % SEQUENCES, values }
    const entry = replica.producers.get(producerId)
    if (entry !== undefined) {
      if (epoch < entry.epoch) return { answer: { errorCode: INVALID_PRODUCER_EPOCH } }
      if (epoch > entry.epoch) {
        if (first !== 0) return { answer: { errorCode: OUT_OF_ORDER } }
      } else {
        const repeated = entry.batches.find(([one]) => one.first === first && one.last === batch.last)
        if (repeated !== undefined) return { place: repeated[1], epoch: replica.knownEpoch }
        const last = entry.batches.at(-1)?.[0].last ?? -1
        if (first !== (last + 1) % SEQUENCES) return { answer: { errorCode: OUT_OF_ORDER } }
      }
    }
    return { place: replica.append(batch), epoch: replica.knownEpoch }
  }

  /** The answer to an append, if there is one by now. */
  outcome(
    node: number,
    { place, epoch }: Exclude<Appended, { answer: unknown }>,
  ): PartitionAnswer | undefined {
    const replica = this.#of(node)
    if (replica.knownEpoch !== epoch || !replica.leads)
      return { errorCode: NOT_LEADER, baseOffset: BigInt(place) }
    if (node === this.leader && epoch === this.epoch && place < this.#committed)
      return { errorCode: 0, baseOffset: BigInt(place) }
    return undefined
  }

  /** A follower fetches some of what it lacks; what all in-sync replicas have is committed. */
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

  /** A follower that does not fetch is dropped from those in sync. */
  shrink(): void {
    const followers = [...this.#inSync].filter((node) => node !== this.leader)
    if (followers.length > 0) this.#inSync.delete(this.#random.pick(followers))
  }

  /** Another in-sync replica leads. The others hear of it later. */
  elect(): void {
    this.leader = this.#random.pick([...this.#inSync])
    this.epoch++
    const replica = this.#of(this.leader)
    replica.knownEpoch = this.epoch
    replica.leads = true
  }

  /** A broker hears who leads: a former leader stops taking batches and drops what the new one does not have. */
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

  /** A broker starts again: it keeps its log, and of producers what its last snapshot and the log behind it tell. */
  restart(node: number): void {
    const replica = this.#of(node)
    replica.reload(this.#random.integer(0, replica.log.length))
  }

  /** All brokers forget all producers, as after a long silence. */
  forgetProducers(): void {
    for (const { producers } of this.#replicas.values()) producers.clear()
  }

  #of(node: number): Replica {
    const replica = this.#replicas.get(node)
    if (replica === undefined) throw new Error(`broker ${node} has no replica of partition ${this.index}`)
    return replica
  }
}
