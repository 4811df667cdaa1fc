import { closeSync, openSync, writeSync } from 'node:fs'
import type { Outcome } from './chaos-client.js'
import { type EntryKind, entryKinds, entrySize, noPartition, writeEntry } from './journal-format.js'

const capacity = 8_192

/** Appends the sends and outcomes of the driver to the journal, with one write per turn of the event loop. */
export class JournalWriter {
  readonly #file: number
  readonly #bytes = new Uint8Array(capacity * entrySize)
  readonly #view = new DataView(this.#bytes.buffer)
  #used = 0
  #flushIsDue = false
  #outcomesSinceFlush = false

  constructor(path: string) {
    this.#file = openSync(path, 'ax')
  }

  sending(first: number): void {
    this.#append(entryKinds.sending, noPartition, first, BigInt(Date.now()))
    // This entry must be on disk before a record is sent, because it gives the time of sending for records in
    // the log.
    this.#flush()
  }

  settled(number: number, outcome: Outcome): void {
    if (!this.#outcomesSinceFlush) {
      this.#outcomesSinceFlush = true
      this.#append(entryKinds.heard, noPartition, 0, BigInt(Date.now()))
    }
    if (outcome.kind === 'acknowledged') {
      const partition = outcome.partition === -1 ? noPartition : outcome.partition
      this.#append(entryKinds.acknowledged, partition, number, outcome.offset)
    } else {
      const kind = outcome.possiblyPersisted ? entryKinds.possiblyPersisted : entryKinds.notPersisted
      this.#append(kind, noPartition, number, -1n)
    }
    this.#flushSoon()
  }

  throttled(milliseconds: number): void {
    this.#append(entryKinds.throttled, noPartition, 0, BigInt(Math.round(milliseconds)))
    this.#flushSoon()
  }

  end(sent: number): void {
    this.#append(entryKinds.end, noPartition, sent, 0n)
    this.#flush()
    closeSync(this.#file)
  }

  #append(kind: EntryKind, partition: number, number: number, value: bigint): void {
    if (this.#used === this.#bytes.length) this.#flush()
    writeEntry(this.#view, this.#used, kind, partition, number, value)
    this.#used += entrySize
  }

  #flushSoon(): void {
    if (this.#flushIsDue) return
    this.#flushIsDue = true
    setImmediate(() => {
      this.#flushIsDue = false
      this.#flush()
    })
  }

  #flush(): void {
    this.#outcomesSinceFlush = false
    let written = 0
    while (written < this.#used) written += writeSync(this.#file, this.#bytes, written, this.#used - written)
    this.#used = 0
  }
}
