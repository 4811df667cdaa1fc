import type { Buffer } from 'node:buffer'
import { UnreadableInput } from './unreadable-input.js'

/** The tags that the stores of this package have. https://www.itu.int/rec/T-REC-X.690 */
export const Tag = {
  INTEGER: 0x02,
  OCTET_STRING: 0x04,
  NULL: 0x05,
  OBJECT_IDENTIFIER: 0x06,
  SEQUENCE: 0x30,
  SET: 0x31,
  /** `[0]` with a value of its own tag inside. */
  CONTEXT_0: 0xa0,
  /** `[0]` in place of the tag of an octet string. */
  IMPLICIT_0: 0x80,
} as const

/** Reads DER values one after another, and believes no length. */
export class DerReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  /** The tag of the next value; undefined at the end. */
  get nextTag(): number | undefined {
    return this.#bytes[this.#at]
  }

  /** The content of the next value, which must have this tag. */
  take(tag: number): Buffer {
    if (this.nextTag !== tag) throw damaged()
    return this.#value().content
  }

  /** Reads the next value, which must have this tag, from inside. */
  enter(tag: number): DerReader {
    return new DerReader(this.take(tag))
  }

  /** The whole next value, with its tag and length. */
  takeWhole(): Buffer {
    return this.#value().whole
  }

  /** A whole number from 0 to 2^31 - 1. */
  takeInteger(): number {
    const content = this.take(Tag.INTEGER)
    if (content.length === 0 || content.length > 4) throw damaged()
    const value = content.readIntBE(0, content.length)
    if (value < 0) throw damaged()
    return value
  }

  /** An object identifier in its dotted form. */
  takeObjectIdentifier(): string {
    const content = this.take(Tag.OBJECT_IDENTIFIER)
    const [first = 0] = content
    const arcs = [Math.floor(first / 40), first % 40]
    let arc = 0
    for (const byte of content.subarray(1)) {
      arc = arc * 128 + (byte & 0x7f)
      if (arc > Number.MAX_SAFE_INTEGER / 128) throw damaged()
      if (byte < 0x80) {
        arcs.push(arc)
        arc = 0
      }
    }
    return arcs.join('.')
  }

  #value(): { readonly content: Buffer; readonly whole: Buffer } {
    const start = this.#at
    const first = this.#byteAt(start + 1)
    let contentAt = start + 2
    let length = first
    if (first === 0x80) throw new UnreadableInput('is written in BER with indefinite lengths, not in DER')
    if (first > 0x80) {
      const sizeBytes = first & 0x7f
      if (sizeBytes > 4) throw damaged()
      length = 0
      for (let i = 0; i < sizeBytes; i++) length = length * 256 + this.#byteAt(contentAt + i)
      contentAt += sizeBytes
    }
    const end = contentAt + length
    if (end > this.#bytes.length) throw damaged()
    this.#at = end
    return { content: this.#bytes.subarray(contentAt, end), whole: this.#bytes.subarray(start, end) }
  }

  #byteAt(index: number): number {
    const byte = this.#bytes[index]
    if (byte === undefined) throw damaged()
    return byte
  }
}

function damaged(): UnreadableInput {
  return new UnreadableInput('is damaged or cut off')
}
