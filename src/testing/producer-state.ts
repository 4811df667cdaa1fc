/**
 * The number of batches of a producer that a partition remembers, so that a repeated batch gets its offset.
 * Kafka's NUM_BATCHES_TO_RETAIN.
 */
const BATCHES_TO_RETAIN = 5
const LAST_SEQUENCE = 0x7fffffff

/** The producer fields of a batch. */
export interface ProducerStamp {
  readonly producerId: bigint
  readonly producerEpoch: number
  readonly baseSequence: number
  readonly recordCount: number
}

/** The position of a batch in the log. */
export interface StoredBatch {
  readonly baseOffset: number
  /** The timestamp that Kafka remembers of the batch: its highest one, or the time of its append. */
  readonly timestamp: number
}

/** The partition's verdict on a batch to append, by its sequence. */
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

/** The sequence of a batch's last record. Sequences wrap from 2,147,483,647 to 0. */
export function lastSequence(baseSequence: number, recordCount: number): number {
  return (baseSequence + recordCount - 1) % (LAST_SEQUENCE + 1)
}

/**
 * The state of one partition's idempotent producers, as in Kafka's ProducerStateManager and
 * ProducerAppendInfo, without transactions. An unknown producer may start at any sequence, because its state
 * may have expired. A known one must go on with the next sequence, or start a new epoch at 0. A repeated
 * batch is recognised among the last five batches by its exact sequences. As in Kafka, an older one is out of
 * order: brokers do not send DUPLICATE_SEQUENCE_NUMBER any more.
 */
export class ProducerState {
  readonly #producers = new Map<bigint, ProducerEntry>()
  /**
   * Each producer's last batch in the log, which a broker finds when it reads its log again. Forgotten
   * producers are included.
   */
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
    // As in Kafka, -1 is the epoch of an unknown producer, so a batch with epoch -1 may start at any
    // sequence.
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

  /** The epoch of a producer's last batch; -1 if the producer is unknown. */
  epochOf(producerId: bigint): number {
    return this.#producers.get(producerId)?.epoch ?? NO_EPOCH
  }

  /**
   * Loads the state as a restarted broker does, with only the last batch of each producer. A broker that was
   * shut down has a snapshot. A broker that was killed reads its log. Expired producers are left out.
   */
  reload(from: 'snapshot' | 'log', expiredBefore: number): void {
    const entries = [...(from === 'snapshot' ? this.#producers : this.#logged)]
    this.#producers.clear()
    for (const [producerId, { batches, ...entry }] of entries)
      this.#producers.set(producerId, { ...entry, batches: batches.slice(-1) })
    this.expireOlderThan(expiredBefore)
  }

  /** Forgets one producer; false if it was unknown. */
  expire(producerId: bigint): boolean {
    this.#logged.delete(producerId)
    return this.#producers.delete(producerId)
  }

  /** Forgets the producers whose last batch has a timestamp of `before` or earlier. */
  expireOlderThan(before: number): void {
    // Invariant: DESIGN.md, "A broker counts a producer's silence by the timestamps of its records".
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
