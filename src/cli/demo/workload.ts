import { Buffer } from 'node:buffer'
import { RecordTooLargeError } from '../../errors.js'
import type { ProducerRecord } from '../../producer/record.js'
import type { ParsedRecord } from '../../protocol/record.js'
import { whole } from '../figures.js'
import { cannotRead, type Input } from '../input.js'
import { type Line, LineSplitter } from '../produce/line-splitter.js'

/** A record, or the error of a line that is too long for one. */
export type Item = ProducerRecord | RecordTooLargeError

/**
 * The records of a demo. Each carries the demo's id and its own number, so that it is recognized when it is
 * read back.
 */
export interface Workload {
  /** The workload in the first line of output. */
  readonly description: string
  /** The part of the records that has been handed out, from 0 to 1; null if it is unknown. */
  readonly progress: number | null
  /**
   * The next record, with the given number, or the error of its line. Null: there are no more. A promise: the
   * input has to be awaited.
   */
  next(number: number): Item | null | Promise<Item | null>
  /** The number that a record carries; -1 if it is not one of this demo's. */
  numberOf(record: ParsedRecord): number
}

const KEYS = 1000
const DIGITS = 12
const ZERO = 0x30

/** Records with keys and values of one size. A value has the demo's id, the record's number and a filling. */
export class GeneratedRecords implements Workload {
  readonly description: string
  readonly #topic: string
  readonly #count: number
  readonly #id: Buffer
  readonly #keys: readonly Buffer[]
  readonly #value: Buffer
  #handedOut = 0

  /** @param size the bytes of a value; raised if the demo's id and the number need more */
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
    // All records share one buffer, because the producer reads it only until `send` returns.
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

/** The lines of a file or of standard input, as records without keys. A header has the record's number. */
export class Lines implements Workload {
  readonly description: string
  readonly #topic: string
  readonly #id: string
  readonly #input: Input
  readonly #chunks: AsyncIterator<Buffer>
  readonly #splitter = new LineSplitter(MAX_LINE_BYTES)
  #bytesRead = 0
  #atEnd = false

  constructor(topic: string, id: string, input: Input) {
    this.#topic = topic
    this.#id = `${id}:`
    this.#input = input
    this.#chunks = input.stream[Symbol.asyncIterator]()
    this.description = `the lines of ${input.name}`
  }

  get progress(): number | null {
    return this.#input.size === 0 ? null : this.#bytesRead / this.#input.size
  }

  next(number: number): Item | null | Promise<Item | null> {
    const line = this.#splitter.next()
    if (line !== null) return this.#item(number, line)
    return this.#atEnd ? null : this.#nextOfMore(number)
  }

  numberOf({ headers }: ParsedRecord): number {
    const mark = headers.find(([name]) => name === HEADER)?.[1]?.toString()
    return mark?.startsWith(this.#id) ? Number(mark.slice(this.#id.length)) : -1
  }

  async #nextOfMore(number: number): Promise<Item | null> {
    for (;;) {
      const chunk = await this.#chunks.next().catch((error: unknown) => {
        throw cannotRead(this.#input.name, error)
      })
      if (chunk.done) {
        this.#atEnd = true
        const last = this.#splitter.end()
        return last === null ? null : this.#item(number, last)
      }
      this.#bytesRead += chunk.value.length
      this.#splitter.feed(chunk.value)
      const line = this.#splitter.next()
      if (line !== null) return this.#item(number, line)
    }
  }

  #item(number: number, line: Line): Item {
    if (!Buffer.isBuffer(line)) return this.#tooLarge(number, line.overlongBytes)
    return { topic: this.#topic, value: line, headers: [[HEADER, `${this.#id}${number}`]] }
  }

  #tooLarge(number: number, bytes: number): RecordTooLargeError {
    const place = `line ${whole(number + 1)} of ${this.#input.name}`
    const message = `${place} has ${whole(bytes)} bytes and a line can have ${whole(MAX_LINE_BYTES)}`
    return new RecordTooLargeError(message, bytes, MAX_LINE_BYTES)
  }
}
