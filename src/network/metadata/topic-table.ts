import type { KafkaError } from '../../errors.js'
import { BrokerError, ProtocolError } from '../../errors.js'
import { brokerError } from '../../protocol/broker-error.js'
import { ErrorCode, errorCode } from '../../protocol/error-codes.js'
import type { MetadataTopic } from '../../protocol/metadata.js'
import { ZERO_UUID } from '../../protocol/uuid.js'
import { FormerIds } from './former-ids.js'
import { isRecreated, mergeTopic, UnusableTopic } from './topic-merge.js'
import type { TopicMetadata } from './topic-metadata.js'

/**
 * Responses in a row that must contradict the metadata before the topic is taken for a new one, if brokers
 * have no topic ids.
 */
const CONTRARY_ANSWERS = 3

interface TopicEntry {
  readonly name: string
  metadata: TopicMetadata | undefined
  error: KafkaError | undefined
  lastUsedMs: number
  /**
   * Whether the topic was used since lastUsedMs was set. A flag, so that a record does not cost a call of the
   * clock.
   */
  touched: boolean
  contraryAnswers: number
  /** Whether the next response counts as the first one. */
  startsAnew: boolean
  formerIds: FormerIds
}

/** The topics in use, with their metadata and with what is still to be asked. */
export class TopicTable {
  readonly #entries = new Map<string, TopicEntry>()
  /** Topics that were never asked for. */
  readonly #new = new Set<string>()
  /** Topics to be asked for again after the backoff. */
  readonly #open = new Set<string>()
  /** Topics whose request is under way. */
  #asking: ReadonlySet<string> = new Set()

  get hasNew(): boolean {
    return this.#new.size > 0
  }

  get hasOpen(): boolean {
    return this.#open.size > 0
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  get(name: string): TopicMetadata | undefined {
    return this.#entries.get(name)?.metadata
  }

  error(name: string): KafkaError | undefined {
    return this.#entries.get(name)?.error
  }

  /** Marks a topic as used. Returns false if the topic is not in the table. */
  touch(name: string): boolean {
    const entry = this.#entries.get(name)
    if (entry === undefined) return false
    entry.touched = true
    return true
  }

  /** Adds a topic. A known topic is asked for again, because its metadata was not enough for the caller. */
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

  /** The topics to ask for if not all are to be asked for. */
  unsettledNames(): string[] {
    return [...this.#new, ...this.#open]
  }

  /** A request for these topics is under way. */
  asked(names: Iterable<string>): void {
    this.#asking = new Set(names)
    for (const name of names) {
      this.#new.delete(name)
      this.#open.delete(name)
    }
  }

  /** No request is under way any more. */
  answered(): void {
    this.#asking = new Set()
  }

  /** The response did not come, or was not enough. */
  unanswered(names: Iterable<string>): void {
    for (const name of names) if (this.#entries.has(name)) this.#open.add(name)
  }

  /**
   * Drops topics that were not used for `maxIdleMs`, and returns their names. A topic stays if `isInUse`, or
   * if it is to be asked for.
   */
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

  /** Drops a topic without metadata. The next caller that wants the topic makes the client ask anew. */
  dropUnknown(name: string): void {
    if (this.get(name) === undefined) this.#drop(name)
  }

  /**
   * The brokers may be another cluster's: epochs and partitions of every topic start anew with the next
   * response.
   */
  forgetEpochs(): void {
    for (const entry of this.#entries.values()) entry.startsAnew = true
  }

  /** The brokers are another cluster's: known topic ids mean nothing there, and no id is a former one. */
  forgetCluster(): void {
    this.forgetEpochs()
    for (const entry of this.#entries.values()) {
      entry.formerIds = new FormerIds()
      if (entry.metadata !== undefined) entry.metadata = { ...entry.metadata, topicId: ZERO_UUID }
    }
  }

  /**
   * Takes in the topics of a response, and returns whether anything changed. `received` lacks the topics that
   * the broker left out. A topic that is left out, or unknown to this one broker, keeps its metadata.
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

  /** Replaces the metadata of a known topic. */
  replace(topic: TopicMetadata): void {
    const entry = this.#entries.get(topic.name)
    if (entry !== undefined) entry.metadata = topic
  }

  #take(entry: TopicEntry, received: MetadataTopic | undefined, broker: string): KafkaError | undefined {
    const { name } = entry
    if (received === undefined)
      return new BrokerError(
        `broker ${broker} left topic ${name} out of its metadata`,
        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
        {
          code: errorCode(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION).name,
          retriable: true,
          topic: name,
          broker,
        },
      )
    if (received.errorCode !== ErrorCode.NONE)
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
    // The known id still tells the topic from a later one, of which a newer broker may give the id.
    const topicId =
      entry.startsAnew && merged.topicId === ZERO_UUID ? entry.metadata?.topicId : merged.topicId
    entry.metadata = topicId === undefined || topicId === merged.topicId ? merged : { ...merged, topicId }
    entry.startsAnew = false
    return leaderlessError(received, broker)
  }

  /**
   * Whether the topic was deleted and created anew. Only such a topic has fewer partitions or older epochs
   * than before. A broker that is behind briefly says the same, so without an id on one side it takes several
   * responses.
   */
  #isAnew(entry: TopicEntry, received: MetadataTopic): boolean {
    const known = entry.metadata
    const isContrary =
      known !== undefined &&
      (received.topicId === ZERO_UUID || known.topicId === ZERO_UUID) &&
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

function hasOlderEpoch(received: MetadataTopic, known: TopicMetadata): boolean {
  return received.partitions.some(({ partitionIndex, leaderEpoch }) => {
    const before = known.partitions[partitionIndex]
    return before !== undefined && leaderEpoch !== -1 && leaderEpoch < before.leaderEpoch
  })
}

/** The error of the first partition that has no leader. The topic itself can be used. */
function leaderlessError(received: MetadataTopic, broker: string): KafkaError | undefined {
  const leaderless = received.partitions.find(
    ({ errorCode, leaderId }) => errorCode !== ErrorCode.NONE && leaderId < 0,
  )
  if (leaderless === undefined) return undefined
  return brokerError(leaderless.errorCode, {
    api: 'Metadata',
    topic: received.name ?? '',
    partition: leaderless.partitionIndex,
    broker,
  })
}
