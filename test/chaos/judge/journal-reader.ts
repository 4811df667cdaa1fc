import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { entryKinds, entrySize } from '../driver/journal-format.js'
import { type Incarnation, outcomes } from './incarnation.js'

/** Receives the entries as they are read. */
export interface JournalListener {
  acknowledged(number: number, partition: number, timeMs: number): void
  failed(number: number, possiblyPersisted: boolean): void
  throttled(milliseconds: number): void
}

const bufferSize = 65_536 * entrySize

/** Follows the journal of a running driver, and fills in its incarnation. */
export class JournalReader {
  readonly #path: string
  readonly #incarnation: Incarnation
  readonly #listener: JournalListener
  readonly #buffer = Buffer.alloc(bufferSize)
  #file: number | undefined
  #position = 0
  #heardAt = 0

  constructor(path: string, incarnation: Incarnation, listener: JournalListener) {
    this.#path = path
    this.#incarnation = incarnation
    this.#listener = listener
  }

  /** Reads the entries written since the last call. */
  read(): void {
    if (this.#file === undefined) {
      if (!existsSync(this.#path)) return
      this.#file = openSync(this.#path, 'r')
    }
    for (;;) {
      const count = readSync(this.#file, this.#buffer, 0, bufferSize, this.#position)
      // A driver that was killed during a write leaves a part of an entry.
      const whole = count - (count % entrySize)
      this.#position += whole
      for (let at = 0; at < whole; at += entrySize) this.#entry(at)
      if (whole < bufferSize) return
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }

  #entry(at: number): void {
    const kind = this.#buffer[at]
    const partition = this.#buffer.readUInt16BE(at + 2)
    const number = this.#buffer.readUInt32BE(at + 4)
    const value = this.#buffer.readInt32BE(at + 8) * 0x1_0000_0000 + this.#buffer.readUInt32BE(at + 12)
    switch (kind) {
      case entryKinds.acknowledged:
        this.#incarnation.settle(number, outcomes.acknowledged, partition, value)
        this.#listener.acknowledged(number, partition, this.#heardAt)
        return
      case entryKinds.notPersisted:
        this.#incarnation.settle(number, outcomes.notPersisted, 0, -1)
        this.#listener.failed(number, false)
        return
      case entryKinds.possiblyPersisted:
        this.#incarnation.settle(number, outcomes.possiblyPersisted, 0, -1)
        this.#listener.failed(number, true)
        return
      case entryKinds.sending:
        this.#incarnation.sending(number, value)
        return
      case entryKinds.heard:
        this.#heardAt = value
        return
      case entryKinds.throttled:
        this.#listener.throttled(value)
        return
      case entryKinds.end:
        this.#incarnation.end(number)
        return
      default:
        throw new Error(`${this.#path} has an entry of kind ${kind}`)
    }
  }
}
