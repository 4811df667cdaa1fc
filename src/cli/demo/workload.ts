import { Buffer } from 'node:buffer'
import type { Readable } from 'node:stream'
import type { ProducerRecord } from '../../producer/record.js'
import type { ParsedRecord } from '../../protocol/record.js'
import { CommandFailure, describeFailure } from '../failure.js'
import { LineSplitter } from '../produce/line-splitter.js'

/** What a demo sends. Every record carries the demo's id and its own number, so that it is known again when it is read. */
export interface Workload {
  /** For the first line that is shown. */
  readonly description: string
  /** How much of it has been handed out, 0 to 1; null if that cannot be known. */
  readonly progress: number | null
  /** The next record, with the given number; null if there is none; a promise while one has to be waited for. */
  next(number: number): ProducerRecord | null | Promise<ProducerRecord | null>
  /** The number that a record carries; -1 if it is not one of this demo's. */
  numberOf(record: ParsedRecord): number
}

const KEYS = 1000
const DIGITS = 12
const ZERO = 0x30

/** Keyed records of one size: the value is the demo's id, the record's number and a filling. */
export class GeneratedRecords implements Workload {
  readonly description: string
  readonly #topic: string
  readonly #count: number
  readonly #id: Buffer
  readonly #keys: readonly Buffer[]
  readonly #value: Buffer
  #handedOut = 0

  /** @param size bytes of a value, as many as its number takes at the least */
  constructor(topic: string, id: string, count: number, size: number) {
    this.#topic = topic
    this.#count = count
    this.#id = Buffer.from(`${id}:`)
    this.#keys = Array.from({ length: KEYS }, (_, i) => Buffer.from(`key-${i}`))
    this.#value = Buffer.alloc(Math.max(size, this.#id.length + DIGITS), ' a spool of records')
    this.#id.copy(this.#value)
    this.description = `${count.toLocaleString('en-US')} records of ${this.#value.length} bytes with ${KEYS} keys`
  }

  get progress(): number {
    return this.#count === 0 ? 1 : this.#handedOut / this.#count
  }

  next(number: number): ProducerRecord | null {
    if (this.#handedOut === this.#count) return null
    this.#handedOut++
    // One buffer for all: its bytes are the producer's only until `send` returns.
    let rest = number
    for (let at = this.#id.length + DIGITS - 1; at >= this.#id.length; at--) {
      this.#value[at] = ZERO + (rest % 10)
      rest = Math.floor(rest / 10)
    }
    return { topic: this.#topic, key: this.#keys[number % KEYS] ?? null, value: this.#value }
  }

  numberOf({ value }: ParsedRecord): number {
    const idLength = this.#id.length
    if (value === null || value.length < idLength + DIGITS) return -1
    if (value.compare(this.#id, 0, idLength, 0, idLength) !== 0) return -1
    let number = 0
    for (let at = idLength; at < idLength + DIGITS; at++) number = number * 10 + (value[at] as number) - ZERO
    return number
  }
}

const HEADER = 'odradek-demo'
const MAX_LINE_BYTES = 16 * 1024 * 1024

/** The lines of a file or of standard input, without keys; a header says which is which. */
export class Lines implements Workload {
  readonly description: string
  readonly #topic: string
  readonly #id: string
  readonly #name: string
  readonly #bytes: number | null
  readonly #chunks: AsyncIterator<Buffer>
  readonly #splitter = new LineSplitter(MAX_LINE_BYTES)
  #bytesRead = 0
  #atEnd = false

  /** @param bytes how many there will be; null if that is not known */
  constructor(topic: string, id: string, name: string, stream: Readable, bytes: number | null) {
    this.#topic = topic
    this.#id = `${id}:`
    this.#name = name
    this.#bytes = bytes
    this.#chunks = stream[Symbol.asyncIterator]()
    this.description = `the lines of ${name}`
  }

  get progress(): number | null {
    return this.#bytes === null || this.#bytes === 0 ? null : this.#bytesRead / this.#bytes
  }

  next(number: number): ProducerRecord | null | Promise<ProducerRecord | null> {
    const line = this.#nextLine(number)
    if (line !== null) return this.#record(number, line)
    return this.#atEnd ? null : this.#nextOfMore(number)
  }

  numberOf({ headers }: ParsedRecord): number {
    const mark = headers.find(([name]) => name === HEADER)?.[1]?.toString()
    return mark?.startsWith(this.#id) ? Number(mark.slice(this.#id.length)) : -1
  }

  async #nextOfMore(number: number): Promise<ProducerRecord | null> {
    for (;;) {
      const chunk = await this.#chunks.next().catch((error: unknown) => {
        throw new CommandFailure(`cannot read ${this.#name}: ${describeFailure(error)}`)
      })
      if (chunk.done) {
        this.#atEnd = true
        const last = this.#splitter.end()
        return last === null ? null : this.#record(number, last)
      }
      this.#bytesRead += chunk.value.length
      this.#splitter.feed(chunk.value)
      const line = this.#nextLine(number)
      if (line !== null) return this.#record(number, line)
    }
  }

  #nextLine(number: number): Buffer | null {
    try {
      return this.#splitter.next()
    } catch (error) {
      throw new CommandFailure(`line ${number + 1} of ${this.#name}: ${describeFailure(error)}`)
    }
  }

  #record(number: number, value: Buffer): ProducerRecord {
    return { topic: this.#topic, value, headers: [[HEADER, `${this.#id}${number}`]] }
  }
}
