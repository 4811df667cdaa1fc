import type { KafkaError, ProducerRecord, SendCallback } from '../../src/index.js'

/** The fields of a logged record that the ledger needs. */
export interface LoggedRecord {
  readonly partition: number
  readonly offset: number
  readonly value: Buffer | null
}

interface Acknowledgement {
  readonly partition: number
  readonly offset: bigint
}

type Outcome = 'none yet' | Acknowledgement | KafkaError

const keyCount = 100
const atMost = 20

/**
 * Keeps the sent records and their outcomes, and judges the log by them. The log must have every acknowledged
 * record exactly once, at its offset and in the order of the sends. It may have a record that failed with
 * `possiblyPersisted` once, and must not have any other failed record.
 */
export class DeliveryLedger {
  readonly #outcomes: Outcome[] = []
  readonly #lastCalledBack = new Map<number, number>()
  readonly #faults: string[] = []
  #acknowledged = 0
  #failures: KafkaError[] = []
  #waiters: { readonly count: number; readonly resolve: () => void }[] = []

  get sent(): number {
    return this.#outcomes.length
  }

  get acknowledged(): number {
    return this.#acknowledged
  }

  /** The outcomes, in their order. */
  get failures(): readonly KafkaError[] {
    return this.#failures
  }

  /** The next record: its number in the order of the sends, padded to `valueSize` bytes, is its value. */
  next(topic: string, valueSize = 100): { readonly record: ProducerRecord; readonly callback: SendCallback } {
    const id = this.#outcomes.length
    this.#outcomes.push('none yet')
    const record = { topic, key: `key ${id % keyCount}`, value: String(id).padEnd(valueSize, '.') }
    return { record, callback: (error, metadata) => this.#settle(id, error ?? metadata) }
  }

  /** Resolves when `count` records more than now are acknowledged. */
  moreAcknowledged(count: number): Promise<void> {
    return new Promise((resolve) => this.#waiters.push({ count: this.#acknowledged + count, resolve }))
  }

  /**
   * The violations; none in a good run. The given log is in the order of the offsets within each partition.
   */
  faults(log: readonly LoggedRecord[]): string[] {
    const faults = [...this.#faults]
    const seen = new Set<number>()
    const last = new Map<number, number>()
    for (const { partition, offset, value } of log) {
      const id = Number(value?.toString().replaceAll('.', ''))
      const outcome = this.#outcomes[id]
      const place = `record ${id} at ${partition}/${offset}`
      if (outcome === undefined) faults.push(`${place} was never sent`)
      else if (seen.has(id)) faults.push(`${place} is in the log a second time`)
      else if (id <= (last.get(partition) ?? -1)) faults.push(`${place} comes after ${last.get(partition)}`)
      if (typeof outcome === 'object')
        faults.push(...misplaced(outcome, partition, offset).map((fault) => `${place} ${fault}`))
      seen.add(id)
      last.set(partition, id)
    }
    for (const [id, outcome] of this.#outcomes.entries()) {
      if (outcome === 'none yet') faults.push(`record ${id} has no outcome`)
      else if (!(outcome instanceof Error) && !seen.has(id)) {
        faults.push(
          `record ${id} was acknowledged at ${outcome.partition}/${outcome.offset} and is not in the log`,
        )
      }
    }
    return faults.length <= atMost
      ? faults
      : [...faults.slice(0, atMost), `and ${faults.length - atMost} more`]
  }

  #settle(id: number, outcome: Acknowledgement | KafkaError | null): void {
    if (outcome === null) {
      this.#faults.push(`record ${id} got neither an error nor metadata`)
      return
    }
    if (this.#outcomes[id] !== 'none yet') this.#faults.push(`record ${id} got a second outcome`)
    this.#outcomes[id] = outcome
    const { partition = -1 } = outcome
    const before = this.#lastCalledBack.get(partition) ?? -1
    if (partition !== -1 && id < before)
      this.#faults.push(`record ${id} was called back after record ${before}`)
    this.#lastCalledBack.set(partition, id)
    if (outcome instanceof Error) {
      this.#failures.push(outcome)
      return
    }
    this.#acknowledged++
    const due = this.#waiters.filter(({ count }) => count <= this.#acknowledged)
    if (due.length === 0) return
    this.#waiters = this.#waiters.filter(({ count }) => count > this.#acknowledged)
    for (const { resolve } of due) resolve()
  }
}

function misplaced(outcome: Acknowledgement | KafkaError, partition: number, offset: number): string[] {
  if (outcome instanceof Error) {
    return outcome.possiblyPersisted ? [] : [`was reported as certainly not in the log: ${outcome.message}`]
  }
  const { partition: toldPartition, offset: toldOffset } = outcome
  // An acknowledgement of a duplicate has no offset.
  if (toldPartition === partition && (toldOffset === -1n || toldOffset === BigInt(offset))) return []
  return [`was acknowledged at ${toldPartition}/${toldOffset}`]
}
