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
import type { HoldUp } from './virtual-time.js'

/** What a turn, a look at the clock or the network may take beyond a limit, milliseconds. */
const SLACK_MS = 1_000

/** What makes it impossible for any producer to keep some of its promises. */
export interface Doubts {
  /** Requests named topics: then nobody can tell a topic from one that was made anew, and in that no broker knows the producer. */
  readonly namesTopics: boolean
  /** Requests that the client had given up may have reached the log afterwards: without idempotence, behind later ones. */
  readonly landsLate: boolean
  /** The brokers put their own timestamps on records. */
  readonly stampsTime: boolean
  /** Topics got more partitions: keys have moved. */
  readonly addsPartitions: boolean
}

/** What a producer's memory may hold at the most, bytes. */
export interface MemoryLimit {
  readonly bufferMemory: number
  readonly largestRecord: number
  /** Compressed forms and the pieces of split batches have to be somewhere, beside what they are made from: how much of it these are. */
  readonly copies: number
}

/** Compressed by itself, a small record becomes larger by up to a third. */
export const COMPRESSED_COPY = 1.4

/** Judges a run by what the callers heard and what is in the logs, knowing nothing of how the producer works. */
export class Oracle {
  readonly #ledger: Ledger
  readonly #config: ScenarioConfig
  readonly violations: string[] = []

  constructor(ledger: Ledger, config: ScenarioConfig) {
    this.#ledger = ledger
    this.#config = config
  }

  /** Every send has one outcome, and had it in time. */
  judgeOutcomes(): void {
    const { maxBlockMs, deliveryTimeoutMs } = this.#config
    const limitMs = maxBlockMs + deliveryTimeoutMs + SLACK_MS
    for (const record of this.#ledger.records) {
      const { outcomes, how, settledAtMs, sentAtMs, heldUpMs, heldUpWhenSettledMs } = record
      if (outcomes.length > 1) this.#report(record, `was settled ${outcomes.length} times`)
      if (outcomes.length === 0 && how !== 'silently') this.#report(record, 'was never settled')
      const tookMs = settledAtMs - sentAtMs - (heldUpWhenSettledMs - heldUpMs)
      if (outcomes.length > 0 && tookMs > limitMs)
        this.#report(record, `was settled after ${tookMs.toFixed(0)} ms, where ${limitMs} are allowed`)
    }
  }

  /**
   * The logs hold what they must, nothing that they must not, and in order.
   */
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

  /** What was given up because of an error that may pass was tried as often as `retries` says. */
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

  /** Nothing was given up before its time was over. */
  judgeTimeouts(holdUps: readonly HoldUp[], wire: BatchKnowledge): void {
    for (const { record, what } of earlyTimeouts(this.#ledger, this.#config, holdUps, wire))
      this.#report(record, what)
  }

  /** Outcomes came in the order of the sends; not where a topic was made anew, whose old and new partitions have nothing to do with each other. */
  judgeSettlingOrder(wire: Pick<ProduceWatch, 'partitionOf'>, wasMadeAnew: (topic: string) => boolean): void {
    const records = this.#ledger.records.filter(({ topic }) => !wasMadeAnew(topic))
    const partitionOf = (record: SentRecord): number | undefined =>
      wire.partitionOf(record.id) ?? partitionOfOutcome(record)
    for (const { record, older } of overtakings(records, partitionOf))
      this.#report(record, `had its outcome before record ${older.id}, which was sent earlier`)
  }

  /** What no request had in it is certainly in no log. A caller that stops waiting does not hear any more what becomes of its record. */
  judgeDoubts(wire: Pick<ProduceWatch, 'wasSent'>): void {
    for (const record of this.#ledger.records) {
      const [outcome] = record.outcomes
      if (outcome?.kind !== 'failed' || outcome.error instanceof AbortError) continue
      if (outcome.error.possiblyPersisted && !wire.wasSent(record.id))
        this.#report(record, `was never sent, and is said to be possibly persisted: ${outcome.error.message}`)
    }
  }

  /** `buffer.memory`, and for what waits a quarter of it or one record, which may always wait. */
  judgeMemory(mostHeldBytes: number, { bufferMemory, largestRecord, copies }: MemoryLimit): void {
    const limit = bufferMemory * (1 + copies) + Math.max(bufferMemory / 4, largestRecord)
    if (mostHeldBytes > limit) this.report(`${mostHeldBytes} bytes were held, where ${limit} are allowed`)
  }

  /** Nothing is left of a producer that was closed. */
  judgeRemains({ timers, sockets }: { readonly timers: number; readonly sockets: number }): void {
    if (timers > 0) this.report(`${timers} timers are left after the close`)
    if (sockets > 0) this.report(`${sockets} sockets are left after the close`)
  }

  judgeHeldAtEnd(heldBytes: number): void {
    if (heldBytes !== 0) this.report(`${heldBytes} bytes are held after the close`)
  }

  /** What was told to be over after `limitMs` was. */
  judgeDuration(what: string, tookMs: number, limitMs: number): void {
    for (const complaint of overtime(what, tookMs, limitMs)) this.report(complaint)
  }

  /** When all is well again, what is sent is delivered in the end. */
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
    if (addsPartitions || this.#config.partitioner !== 'default') return
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

  /** Of a batch that a broker refused because records in it have no key, each record hears what it has to do with that. */
  #judgeBlame(record: SentRecord, error: KafkaError): void {
    const isBlamed = isForLackOfKey(error)
    if (isBlamed && !record.lacksKey) this.#report(record, `has a key, and is blamed: ${error.message}`)
    if (isBlamed && error.possiblyPersisted && error.attempts === 1)
      this.#report(record, 'was refused in the first attempt, and is called possibly persisted')
    // The only refusal for good that may pass without the record being changed is one for another's sake.
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
   * What was acknowledged stands in the order of the sends, and so does all that one producer id has written. A batch that was given up
   * may land later behind those of another id: no broker can tell. Without idempotence a record may stand there again, further behind.
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
