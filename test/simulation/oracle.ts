import {
  AbortError,
  BrokerError,
  InvalidRecordError,
  type KafkaError,
  NetworkError,
} from '../../src/errors.js'
import { type BatchKnowledge, earlyTimeouts } from './early-timeouts.js'
import { isForLackOfKey, type Ledger, type SentRecord } from './ledger.js'
import { difference, separated } from './log-content.js'
import type { LoggedRecord, LogHistory } from './log-history.js'
import { overtime } from './overtime.js'
import type { ProduceWatch } from './produce-watch.js'
import type { ScenarioConfig } from './scenario.js'
import { overtakings, partitionOfOutcome } from './settling-order.js'
import type { Stall } from './virtual-time.js'

/** Tolerance beyond a time limit, for turns, clock reads and the network, in milliseconds. */
const SLACK_MS = 1_000

/** Circumstances in which no producer can keep some of its promises. */
export interface Doubts {
  /**
   * Requests had topic names, which do not distinguish a topic from one that was created again. No broker
   * knows the producer in the new one.
   */
  readonly namesTopics: boolean
  /**
   * Requests that the client had given up may have reached the log later. Without idempotence their records
   * may be after later ones.
   */
  readonly landsLate: boolean
  /** The brokers replaced the timestamps of records. */
  readonly stampsTime: boolean
  /** Topics got more partitions, which moves keys to other ones. */
  readonly addsPartitions: boolean
}

/** The limits for a producer's memory, in bytes. */
export interface MemoryLimit {
  readonly bufferMemory: number
  readonly waitingMemory: number
  readonly largestRecord: number
  /**
   * The memory for compressed batches and pieces of split ones, as a share of the memory of their originals.
   */
  readonly copies: number
}

/** Compression may enlarge a single small record by up to a third. */
export const COMPRESSED_COPY = 1.4

/** Judges a run by the outcomes and the logs alone, without knowledge of the producer's inner state. */
export class Oracle {
  readonly #ledger: Ledger
  readonly #config: ScenarioConfig
  readonly violations: string[] = []

  constructor(ledger: Ledger, config: ScenarioConfig) {
    this.#ledger = ledger
    this.#config = config
  }

  /** Every send has one outcome, in time. */
  judgeOutcomes(): void {
    const { maxBlockMs, deliveryTimeoutMs } = this.#config
    const limitMs = maxBlockMs + deliveryTimeoutMs + SLACK_MS
    for (const record of this.#ledger.records) {
      const { outcomes, how, settledAtMs, sentAtMs, stalledMs, stalledWhenSettledMs } = record
      if (outcomes.length > 1) this.#report(record, `was settled ${outcomes.length} times`)
      if (outcomes.length === 0 && how !== 'silently') this.#report(record, 'was never settled')
      const tookMs = settledAtMs - sentAtMs - (stalledWhenSettledMs - stalledMs)
      if (outcomes.length > 0 && tookMs > limitMs)
        this.#report(record, `was settled after ${tookMs.toFixed(0)} ms, where ${limitMs} are allowed`)
    }
  }

  /** The logs have every record that they must have and no other, in order. */
  judgeLogs(history: Pick<LogHistory, 'partitions'>, topics: readonly string[], doubts: Doubts): void {
    const { namesTopics, landsLate } = doubts
    const rows = history.partitions(topics)
    this.#judgeContent(rows, doubts)
    const places = this.#placesOf(rows)
    const { enableIdempotence, acks, maxInFlightRequestsPerConnection } = this.#config
    for (const record of this.#ledger.records) {
      this.#judgeRecord(record, places.get(record.id) ?? [])
      if (enableIdempotence) this.#judgeCopies(record, places.get(record.id) ?? [], namesTopics)
    }
    if (enableIdempotence || (acks !== 0 && maxInFlightRequestsPerConnection === 1 && !landsLate)) {
      for (const row of rows) if (!namesTopics || row[0]?.incarnation === 0) this.#judgeOrder(row)
    }
  }

  /** A record that failed with a retriable error was tried as often as `retries` says. */
  judgeRetries(): void {
    for (const record of this.#ledger.records) {
      const [outcome] = record.outcomes
      if (outcome?.kind !== 'failed') continue
      const { error } = outcome
      const isPassing = error.retriable && (error instanceof BrokerError || error instanceof NetworkError)
      if (isPassing && error.attempts !== undefined && error.attempts <= this.#config.retries)
        this.#report(record, `was given up after ${error.attempts} attempts: ${error.message}`)
    }
  }

  /** No record timed out too early. */
  judgeTimeouts(stalls: readonly Stall[], wire: BatchKnowledge): void {
    for (const { record, what } of earlyTimeouts(this.#ledger, this.#config, stalls, wire))
      this.#report(record, what)
  }

  /**
   * Outcomes came in the order of the sends. A topic that was created again is left out, because its old and
   * new partitions are independent.
   */
  judgeSettlingOrder(wire: Pick<ProduceWatch, 'partitionOf'>, wasMadeAnew: (topic: string) => boolean): void {
    const records = this.#ledger.records.filter(({ topic }) => !wasMadeAnew(topic))
    const partitionOf = (record: SentRecord): number | undefined =>
      wire.partitionOf(record.id) ?? partitionOfOutcome(record)
    for (const { record, older } of overtakings(records, partitionOf))
      this.#report(record, `had its outcome before record ${older.id}, which was sent earlier`)
  }

  /**
   * A record that was in no request is reported as not persisted. An aborted promise is left out, because its
   * record may still be sent later.
   */
  judgeDoubts(wire: Pick<ProduceWatch, 'wasSent'>): void {
    for (const record of this.#ledger.records) {
      const [outcome] = record.outcomes
      if (outcome?.kind !== 'failed' || outcome.error instanceof AbortError) continue
      if (outcome.error.possiblyPersisted && !wire.wasSent(record.id))
        this.#report(record, `was never sent, and is said to be possibly persisted: ${outcome.error.message}`)
    }
  }

  /**
   * The limit is `buffer.memory` with its copies, and the larger of the memory for waiting records and one
   * record, since one may always wait. Records that wait for metadata may also use the free part of
   * `buffer.memory`, which records of other topics may take meanwhile.
   */
  judgeMemory(
    mostHeldBytes: number,
    { bufferMemory, waitingMemory, largestRecord, copies }: MemoryLimit,
  ): void {
    const limit = bufferMemory * (1 + copies) + Math.max(waitingMemory + bufferMemory, largestRecord)
    if (mostHeldBytes > limit) this.report(`${mostHeldBytes} bytes were held, where ${limit} are allowed`)
  }

  /** A closed producer has left no timer, socket or memory. */
  judgeRemains({ timers, sockets }: { readonly timers: number; readonly sockets: number }): void {
    if (timers > 0) this.report(`${timers} timers are left after the close`)
    if (sockets > 0) this.report(`${sockets} sockets are left after the close`)
  }

  judgeHeldAtEnd(heldBytes: number): void {
    if (heldBytes !== 0) this.report(`${heldBytes} bytes are held after the close`)
  }

  /** A call with a timeout of `limitMs` ended in time. */
  judgeDuration(what: string, tookMs: number, limitMs: number): void {
    for (const complaint of overtime(what, tookMs, limitMs)) this.report(complaint)
  }

  /** After the end of all faults, every record is delivered in the end. */
  judgeRecovery(lastFailures: readonly string[]): void {
    if (lastFailures[0] !== undefined) this.report(`the producer does not recover: ${lastFailures[0]}`)
  }

  report(what: string): void {
    this.violations.push(what)
  }

  #judgeContent(rows: readonly LoggedRecord[][], { stampsTime, addsPartitions }: Doubts): void {
    for (const logged of rows.flat()) {
      const sent = logged.id === null ? undefined : this.#ledger.records[logged.id]
      const what = sent === undefined ? null : difference(sent, logged, !stampsTime)
      if (sent !== undefined && what !== null) this.#report(sent, `${what}: ${placeOf(logged)}`)
    }
    const { partitioner, partitionerIgnoreKeys } = this.#config
    const ignoresKeys = partitioner === 'round-robin' || (partitioner === 'default' && partitionerIgnoreKeys)
    if (addsPartitions || ignoresKeys) return
    for (const { logged, other } of separated(this.#ledger.records, rows))
      this.report(
        `record ${logged.id} has the key of record ${other.id}, and another partition: ${placeOf(other)}, ${placeOf(logged)}`,
      )
  }

  #placesOf(rows: readonly LoggedRecord[][]): Map<number, LoggedRecord[]> {
    const places = new Map<number, LoggedRecord[]>()
    for (const row of rows) {
      for (const logged of row) {
        if (logged.id === null) {
          this.violations.push(`what stands at ${placeOf(logged)} was never sent: it is damaged`)
          continue
        }
        const others = places.get(logged.id)
        if (others === undefined) places.set(logged.id, [logged])
        else others.push(logged)
      }
    }
    return places
  }

  #judgeRecord(record: SentRecord, places: readonly LoggedRecord[]): void {
    const { acks } = this.#config
    const [outcome] = record.outcomes
    const where = places.map(placeOf).join(' and ')
    const strays = places.filter(({ topic, partition }) => {
      return topic !== record.topic || (record.partition !== undefined && partition !== record.partition)
    })
    if (strays.length > 0) this.#report(record, `is in the wrong place: ${where}`)
    if (record.lacksKey && places.length > 0)
      this.#report(record, `has no key, and is in a compacted topic: ${where}`)
    if (outcome === undefined) {
      if (acks !== 0 && places.length === 0)
        this.#report(record, 'was never reported as failed, and is not in the log')
    } else if (outcome.kind === 'failed') {
      if (!outcome.error.possiblyPersisted && places.length > 0)
        this.#report(record, `failed (${outcome.error.code}) as certainly not persisted, and is at ${where}`)
      this.#judgeBlame(record, outcome.error)
    } else if (acks !== 0) {
      const { partition, offset } = outcome.metadata
      const isThere = places.some(
        (at) => at.partition === partition && (offset === -1n || at.offset === offset),
      )
      if (!isThere)
        this.#report(
          record,
          `was acknowledged at partition ${partition}, offset ${offset}, and is ${where === '' ? 'not in the log' : `at ${where}`}`,
        )
    }
  }

  /** In a batch that was refused because of records without a key, each record has the error that fits it. */
  #judgeBlame(record: SentRecord, error: KafkaError): void {
    const isBlamed = isForLackOfKey(error)
    if (isBlamed && !record.lacksKey) this.#report(record, `has a key, and is blamed: ${error.message}`)
    if (isBlamed && error.possiblyPersisted && error.attempts === 1)
      this.#report(record, 'was refused in the first attempt, and is called possibly persisted')
    // An unchanged record can succeed after a final refusal only if another record was the cause.
    if (error instanceof InvalidRecordError && error.retriable && record.lacksKey)
      this.#report(record, `has no key, and another is blamed: ${error.message}`)
  }

  #judgeCopies(record: SentRecord, places: readonly LoggedRecord[], namesTopics: boolean): void {
    const logs = namesTopics
      ? new Set(places.map(({ partition, incarnation }) => `${partition}/${incarnation}`)).size
      : 1
    if (places.length > Math.max(1, logs))
      this.#report(record, `is in the log ${places.length} times: ${places.map(placeOf).join(' and ')}`)
  }

  /**
   * The acknowledged records are in the order of the sends, and so are all records of one producer id. A
   * batch that was given up may arrive after those of another id, which no broker can detect. Without
   * idempotence a record may be duplicated at a later offset.
   */
  #judgeOrder(row: readonly LoggedRecord[]): void {
    const first = new Map(row.toReversed().map((logged) => [logged.id, logged]))
    const once = row.filter((logged) => logged.id !== null && first.get(logged.id) === logged)
    this.#judgeAscent(
      once.filter(({ id }) => id !== null && this.#ledger.records[id]?.outcomes[0]?.kind !== 'failed'),
    )
    for (const producerId of new Set(once.map((logged) => logged.producerId)))
      this.#judgeAscent(once.filter((logged) => logged.producerId === producerId))
  }

  #judgeAscent(row: readonly LoggedRecord[]): void {
    row.forEach((logged, i) => {
      const before = row[i - 1]
      if (before === undefined || (before.id ?? 0) < (logged.id ?? 0)) return
      this.violations.push(
        `record ${logged.id} stands behind record ${before.id}, which was sent later: ${placeOf(before)}, ${placeOf(logged)}`,
      )
    })
  }

  #report({ id, topic, how }: SentRecord, what: string): void {
    this.violations.push(`record ${id} (${topic}, sent ${how}) ${what}`)
  }
}

function placeOf({ topic, partition, offset, incarnation, stamp }: LoggedRecord): string {
  const which = incarnation === 0 ? '' : ` (made anew ${incarnation} times)`
  return `${topic}-${partition}${which}, offset ${offset} [${stamp}]`
}
