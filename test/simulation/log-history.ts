import type { EmbeddedCluster } from '../../src/testing/index.js'
import { idOf } from './ledger.js'

/** A record that is in a log or was in one. */
export interface LoggedRecord {
  /** The record's id; null if its value was never sent. */
  readonly id: number | null
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly timestamp: number
  readonly key: string | null
  readonly headers: Readonly<Record<string, string>>
  /** How often the topic had been created again by then. */
  readonly incarnation: number
  readonly producerId: bigint
  readonly stamp: string
}

/** All records that were ever in the logs, including deleted ones. */
export class LogHistory {
  readonly #cluster: EmbeddedCluster
  readonly #incarnations = new Map<string, number>()
  readonly #gone: LoggedRecord[] = []

  constructor(cluster: EmbeddedCluster) {
    this.#cluster = cluster
  }

  /** Saves the records of a topic before it is deleted. */
  beforeRecreation(topic: string): void {
    this.#gone.push(...this.#present(topic))
    this.#incarnations.set(topic, this.#incarnation(topic) + 1)
  }

  /** Saves the given share of a log's records, the oldest ones, and returns the offset of the next one. */
  beforeDeletion(topic: string, partition: number, share: number): bigint {
    const present = this.#present(topic).filter((record) => record.partition === partition)
    const kept = present[Math.floor(present.length * share)]
    if (kept === undefined) return 0n
    this.#gone.push(...present.filter(({ offset }) => offset < kept.offset))
    return kept.offset
  }

  /** All records by topic, incarnation and partition, in the order of the offsets. */
  partitions(topics: readonly string[]): LoggedRecord[][] {
    const rows = new Map<string, LoggedRecord[]>()
    for (const record of [...this.#gone, ...topics.flatMap((topic) => this.#present(topic))]) {
      const key = `${record.topic}/${record.incarnation}/${record.partition}`
      const row = rows.get(key)
      if (row === undefined) rows.set(key, [record])
      else row.push(record)
    }
    const byOffset = (one: LoggedRecord, other: LoggedRecord): number => Number(one.offset - other.offset)
    return [...rows.values()].map((row) => row.sort(byOffset))
  }

  /** Whether the topic was deleted and created again. */
  wasMadeAnew(topic: string): boolean {
    return this.#incarnation(topic) > 0
  }

  #incarnation(topic: string): number {
    return this.#incarnations.get(topic) ?? 0
  }

  #present(topic: string): LoggedRecord[] {
    return this.#cluster.records(topic).map((record) => ({
      id: idOf(record.value),
      topic,
      partition: record.partition,
      offset: record.offset,
      timestamp: record.timestamp,
      key: record.key?.toString('utf8') ?? null,
      headers: Object.fromEntries(
        record.headers.map(([name, value]) => [name, value?.toString('utf8') ?? '']),
      ),
      incarnation: this.#incarnation(topic),
      producerId: record.producerId,
      stamp: `producer ${record.producerId}, epoch ${record.producerEpoch}, sequence ${record.sequence}`,
    }))
  }
}
