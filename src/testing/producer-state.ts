/** How many batches of a producer a partition remembers, so that a repeated one can be told its offset. Kafka's NUM_BATCHES_TO_RETAIN. */
const BATCHES_TO_RETAIN = 5
const LAST_SEQUENCE = 0x7fffffff

/** What a batch says about its producer. */
export interface ProducerStamp {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
}

/** Where a batch stands in the log. */
export interface StoredBatch {
  readonly baseOffset: number
  /** The batch's highest timestamp, or when the leader appended it: what Kafka remembers of it. */
  readonly timestamp: number
}

/** What the partition thinks of a batch that a client wants to append. */
export type SequenceVerdict =
  | { readonly kind: 'next' }
  | { readonly kind: 'duplicate'; readonly stored: StoredBatch }
  | { readonly kind: 'out-of-order'; readonly message: string }
  | { readonly kind: 'old-epoch'; readonly message: string }

const NO_EPOCH = -1

interface RetainedBatch extends StoredBatch {
  readonly firstSequence: number
  readonly lastSequence: number
}

interface ProducerEntry {
  epoch: number
  /** Oldest first; all of `epoch`. */
  readonly batches: RetainedBatch[]
  lastTimestamp: number
}

const UNKNOWN: ProducerEntry = { epoch: NO_EPOCH, batches: [], lastTimestamp: -1 }

/** The sequence of a batch's last record: sequences go round from 2,147,483,647 to 0. */
export function lastSequence(baseSequence: number, recordCount: number): number {
  return (baseSequence + recordCount - 1) % (LAST_SEQUENCE + 1)
}

/**
 * What one partition knows of its idempotent producers: Kafka's ProducerStateManager and ProducerAppendInfo, without transactions. A
 * producer that the partition does not know may start at any sequence (its state may have expired); a known one only at the next, and
 * with a new epoch only at 0. A repetition is recognised among the last five batches by its exact sequences; one older than that
 * is out of order, as Kafka has it (its brokers do not send DUPLICATE_SEQUENCE_NUMBER any more).
 */
export class ProducerState {
  readonly #producers = new Map<bigint, ProducerEntry>()
  /** Each producer's last batch in the log, also of those that are forgotten: what a broker finds that reads its log again. */
  readonly #logged = new Map<bigint, ProducerEntry>()

  get producerCount(): number {
    return this.#producers.size
  }

  /** Judges a batch and changes nothing. */
  judge(batch: ProducerStamp): SequenceVerdict {
    const entry = this.#producers.get(batch.producerId) ?? UNKNOWN
    const repeated = entry.epoch === batch.producerEpoch ? findRepeated(entry, batch) : undefined
    if (repeated !== undefined) return { kind: 'duplicate', stored: repeated }
    const who = `producer ${batch.producerId}, epoch ${batch.producerEpoch}`
    if (batch.producerEpoch < entry.epoch) {
      return { kind: 'old-epoch', message: `${who}: the last seen epoch is ${entry.epoch}` }
    }
    // As in Kafka, where -1 is the epoch of a producer that is not known: one that says so itself may always start anywhere.
    if (entry.epoch === NO_EPOCH) return NEXT
    if (batch.producerEpoch > entry.epoch) {
      if (batch.baseSequence === 0) return NEXT
      return {
        kind: 'out-of-order',
        message: `${who}: sequence ${batch.baseSequence} is the first of a new epoch (after ${entry.epoch}) and must be 0`,
      }
    }
    const last = entry.batches.at(-1)?.lastSequence ?? -1
    const expected = last === LAST_SEQUENCE ? 0 : last + 1
    if (batch.baseSequence === expected) return NEXT
    return {
      kind: 'out-of-order',
      message: `${who}: sequence ${batch.baseSequence} where ${expected} is next`,
    }
  }

  /** Remembers a batch that has been appended. */
  append(batch: ProducerStamp, stored: StoredBatch): void {
    let entry = this.#producers.get(batch.producerId)
    if (entry === undefined) {
      entry = { epoch: batch.producerEpoch, batches: [], lastTimestamp: stored.timestamp }
      this.#producers.set(batch.producerId, entry)
    }
    if (entry.epoch !== batch.producerEpoch) {
      entry.epoch = batch.producerEpoch
      entry.batches.length = 0
    }
    if (entry.batches.length === BATCHES_TO_RETAIN) entry.batches.shift()
    const retained = {
      ...stored,
      firstSequence: batch.baseSequence,
      lastSequence: lastSequence(batch.baseSequence, batch.recordCount),
    }
    entry.batches.push(retained)
    entry.lastTimestamp = stored.timestamp
    this.#logged.set(batch.producerId, { ...entry, batches: [retained] })
  }

  /** The epoch of a producer's last batch; -1 for one that is not known. */
  epochOf(producerId: bigint): number {
    return this.#producers.get(producerId)?.epoch ?? NO_EPOCH
  }

  /**
   * Starts anew as a broker does that has started again, with nothing but each producer's last batch: from the snapshot that it wrote when it
   * was shut down, or, if it was killed, from the log itself. What has expired is left out.
   */
  reload(from: 'snapshot' | 'log', expiredBefore: number): void {
    const entries = [...(from === 'snapshot' ? this.#producers : this.#logged)]
    this.#producers.clear()
    for (const [producerId, { batches, ...entry }] of entries)
      this.#producers.set(producerId, { ...entry, batches: batches.slice(-1) })
    this.expireOlderThan(expiredBefore)
  }

  /** Forgets one producer; false if it was not known. */
  expire(producerId: bigint): boolean {
    this.#logged.delete(producerId)
    return this.#producers.delete(producerId)
  }

  /** Forgets the producers whose last batch has a timestamp of `before` or earlier. */
  expireOlderThan(before: number): void {
    for (const [producerId, entry] of this.#producers) {
      if (entry.lastTimestamp <= before) this.#producers.delete(producerId)
    }
  }

  clear(): void {
    this.#producers.clear()
  }
}

const NEXT: SequenceVerdict = { kind: 'next' }

function findRepeated(entry: ProducerEntry, batch: ProducerStamp): RetainedBatch | undefined {
  const last = lastSequence(batch.baseSequence, batch.recordCount)
  return entry.batches.find((b) => b.firstSequence === batch.baseSequence && b.lastSequence === last)
}
