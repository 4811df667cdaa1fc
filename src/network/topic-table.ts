import type { KafkaError } from '../errors.js'
import { BrokerError, ProtocolError } from '../errors.js'
import { brokerError } from '../protocol/broker-error.js'
import { errorCode, NO_ERROR } from '../protocol/error-codes.js'
import type { MetadataTopic } from '../protocol/metadata.js'
import { ZERO_UUID } from '../protocol/uuid.js'
import { FormerIds } from './former-ids.js'
import { isRecreated, mergeTopic, UnusableTopic } from './topic-merge.js'
import type { TopicMetadata } from './topic-metadata.js'

/** How many answers in a row must contradict what is known, from brokers without topic ids, before the topic is taken for a new one. */
const CONTRARY_ANSWERS = 3

interface TopicEntry {
  readonly name: string
  metadata: TopicMetadata | undefined
  error: KafkaError | undefined
  lastUsedMs: number
  /** Used since lastUsedMs was last looked at: a flag, so that a record costs no look at the clock. */
  touched: boolean
  contraryAnswers: number
  /** The next answer counts as the first one. */
  startsAnew: boolean
  formerIds: FormerIds
}

/** The topics in use, what is known of each and what is still to be asked. */
export class TopicTable {
  readonly #entries = new Map<string, TopicEntry>()
  /** Never asked for yet. */
  readonly #new = new Set<string>()
  /** To be asked for again after the backoff. */
  readonly #open = new Set<string>()
  /** The question about them is on its way. */
  #asking: ReadonlySet<string> = new Set()

  get hasNew(): boolean {
    return this.#new.size > 0
  }

  get hasOpen(): boolean {
    return this.#open.size > 0
  }

  get(name: string): TopicMetadata | undefined {
    return this.#entries.get(name)?.metadata
  }

  error(name: string): KafkaError | undefined {
    return this.#entries.get(name)?.error
  }

  /** Notes that a topic is in use; false if there is no such topic here. */
  touch(name: string): boolean {
    const entry = this.#entries.get(name)
    if (entry === undefined) return false
    entry.touched = true
    return true
  }

  /** Takes a topic in. One that is known, but not well enough for the caller, will be asked for again. */
  want(name: string, nowMs: number): void {
    const entry = this.#entries.get(name)
    if (entry === undefined) {
      this.#new.add(name)
      this.#entries.set(name, {
        name,
        metadata: undefined,
        error: undefined,
        lastUsedMs: nowMs,
        touched: true,
        contraryAnswers: 0,
        startsAnew: false,
        formerIds: new FormerIds(),
      })
      return
    }
    entry.touched = true
    if (!this.#new.has(name) && !this.#asking.has(name)) this.#open.add(name)
  }

  names(): string[] {
    return [...this.#entries.keys()]
  }

  /** Topics to ask for, without those about which all is well. */
  unsettledNames(): string[] {
    return [...this.#new, ...this.#open]
  }

  /** A question is on its way. */
  asked(names: Iterable<string>): void {
    this.#asking = new Set(names)
    for (const name of names) {
      this.#new.delete(name)
      this.#open.delete(name)
    }
  }

  /** No question is on its way any more. */
  answered(): void {
    this.#asking = new Set()
  }

  /** The answer did not come, or was not enough. */
  unanswered(names: Iterable<string>): void {
    for (const name of names) if (this.#entries.has(name)) this.#open.add(name)
  }

  /** Drops topics that were not used for `maxIdleMs`, unless `isInUse` or somebody waits for an answer about them. */
  expire(nowMs: number, maxIdleMs: number, isInUse: (name: string) => boolean): string[] {
    const expired: string[] = []
    for (const entry of this.#entries.values()) {
      if (entry.touched || isInUse(entry.name)) {
        entry.touched = false
        entry.lastUsedMs = nowMs
      } else if (!this.#isAskedFor(entry.name) && nowMs - entry.lastUsedMs >= maxIdleMs) {
        this.#drop(entry.name)
        expired.push(entry.name)
      }
    }
    return expired
  }

  /** A topic that nobody will get: the next one who wants it asks anew. */
  dropUnknown(name: string): void {
    if (this.get(name) === undefined) this.#drop(name)
  }

  /** The brokers may be another cluster's: the leader epochs and partitions of every topic start anew with the next answer. */
  forgetEpochs(): void {
    for (const entry of this.#entries.values()) entry.startsAnew = true
  }

  /** The brokers are another cluster's: topic ids mean nothing there, and none is a former one. */
  forgetCluster(): void {
    this.forgetEpochs()
    for (const entry of this.#entries.values()) {
      entry.formerIds = new FormerIds()
      if (entry.metadata !== undefined) entry.metadata = { ...entry.metadata, topicId: ZERO_UUID }
    }
  }

  /**
   * Takes in what a broker answered about the topics it was asked for; `received` lacks those it left out. A topic that is left
   * out, or unknown to this one broker, keeps what was known of it. Whether anything is different now.
   */
  apply(asked: readonly string[], received: ReadonlyMap<string, MetadataTopic>, broker: string): boolean {
    let changed = false
    for (const name of asked) {
      const entry = this.#entries.get(name)
      if (entry === undefined) continue
      const before = entry.metadata
      entry.error = this.#take(entry, received.get(name), broker)
      changed ||= entry.metadata !== before
    }
    return changed
  }

  /** Puts a topic in the place of the known one of the same name. */
  replace(topic: TopicMetadata): void {
    const entry = this.#entries.get(topic.name)
    if (entry !== undefined) entry.metadata = topic
  }

  #take(entry: TopicEntry, received: MetadataTopic | undefined, broker: string): KafkaError | undefined {
    const { name } = entry
    if (received === undefined)
      return new BrokerError(`broker ${broker} left topic ${name} out of its metadata`, UNKNOWN_TOPIC, {
        code: errorCode(UNKNOWN_TOPIC).name,
        retriable: true,
        topic: name,
        broker,
      })
    if (received.errorCode !== NO_ERROR)
      return brokerError(received.errorCode, { api: 'Metadata', topic: name, broker })
    if (entry.formerIds.isBehind(received.topicId))
      return new ProtocolError(
        `broker ${broker} still knows the topic ${name} that was deleted and created anew`,
        { topic: name, broker, retriable: true },
      )
    const known = entry.startsAnew || this.#isAnew(entry, received) ? undefined : entry.metadata
    const merged = mergeTopic(known, name, received)
    if (merged instanceof UnusableTopic)
      return new ProtocolError(`broker ${broker} described topic ${name} incompletely: ${merged.reason}`, {
        topic: name,
        broker,
        retriable: true,
      })
    if (entry.metadata !== undefined && isRecreated(entry.metadata, merged.topicId))
      entry.formerIds.replaced(entry.metadata.topicId)
    entry.metadata = merged
    entry.startsAnew = false
    return leaderlessError(received, broker)
  }

  /**
   * Only a topic that was deleted and created anew has fewer partitions or older epochs than before. A broker that is behind says the
   * same for a moment, so without topic ids this takes more than one answer.
   */
  #isAnew(entry: TopicEntry, received: MetadataTopic): boolean {
    const known = entry.metadata
    const isContrary =
      known !== undefined &&
      received.topicId === ZERO_UUID &&
      received.partitions.length > 0 &&
      (received.partitions.length < known.partitions.length || hasOlderEpoch(received, known))
    entry.contraryAnswers = isContrary ? entry.contraryAnswers + 1 : 0
    if (entry.contraryAnswers < CONTRARY_ANSWERS) return false
    entry.contraryAnswers = 0
    return true
  }

  #isAskedFor(name: string): boolean {
    return this.#new.has(name) || this.#open.has(name)
  }

  #drop(name: string): void {
    this.#entries.delete(name)
    this.#new.delete(name)
    this.#open.delete(name)
  }
}

const UNKNOWN_TOPIC = 3

function hasOlderEpoch(received: MetadataTopic, known: TopicMetadata): boolean {
  return received.partitions.some(({ partitionIndex, leaderEpoch }) => {
    const before = known.partitions[partitionIndex]
    return before !== undefined && leaderEpoch !== -1 && leaderEpoch < before.leaderEpoch
  })
}

/** The error of the first partition that has no leader; the topic itself can be used. */
function leaderlessError(received: MetadataTopic, broker: string): KafkaError | undefined {
  const leaderless = received.partitions.find(
    ({ errorCode, leaderId }) => errorCode !== NO_ERROR && leaderId < 0,
  )
  if (leaderless === undefined) return undefined
  return brokerError(leaderless.errorCode, {
    api: 'Metadata',
    topic: received.name ?? '',
    partition: leaderless.partitionIndex,
    broker,
  })
}
