import { isRecordValue } from '../driver/workload.js'

/** Receives the records of a log. */
export interface LogListener {
  see(partition: number, offset: number, incarnation: number, number: number): void
  damaged(place: string): void
}

const lineBreak = 0x0a
const space = 0x20
const dot = 0x2e
const zero = 0x30

/** Splits kcat's output into lines `<partition> <offset> <value>`, and finds the record of each value. */
export class LogLines {
  readonly #listener: LogListener
  #rest: Buffer = Buffer.alloc(0)

  constructor(listener: LogListener) {
    this.#listener = listener
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let start = 0
    for (let end = bytes.indexOf(lineBreak); end !== -1; end = bytes.indexOf(lineBreak, start)) {
      this.#line(bytes.subarray(start, end))
      start = end + 1
    }
    this.#rest = bytes.subarray(start)
  }

  /** To be called at the end of the output. */
  end(): void {
    if (this.#rest.length > 0) throw new Error(`kcat's output ends within a line: ${this.#rest}`)
  }

  #line(line: Buffer): void {
    let at = 0
    const numberUpTo = (end: number): number => {
      let number = -1
      for (; at < line.length && line[at] !== end; at++) {
        const digit = (line[at] ?? 0) - zero
        if (digit < 0 || digit > 9) return -1
        number = (number === -1 ? 0 : number * 10) + digit
      }
      at++
      return number
    }
    const partition = numberUpTo(space)
    const offset = numberUpTo(space)
    if (partition === -1 || offset === -1) throw new Error(`kcat printed: ${line}`)
    const valueAt = at
    const incarnation = numberUpTo(dot)
    const number = incarnation === -1 ? -1 : numberUpTo(dot)
    const value = line.subarray(valueAt)
    if (number !== -1 && isRecordValue(value, at - valueAt, number))
      this.#listener.see(partition, offset, incarnation, number)
    else this.#listener.damaged(`${partition}/${offset}`)
  }
}
