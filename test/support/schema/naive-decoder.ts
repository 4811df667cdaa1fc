import {
  type FieldSchema,
  type FieldType,
  includes,
  type MessageSchema,
  type Primitive,
} from './message-schema.js'
import { defaultOf, type MessageValue, type StructValue } from './message-value.js'

/** Decodes a message directly by Kafka's schema; every byte must belong to it. */
export function decodeMessage(schema: MessageSchema, version: number, bytes: Buffer): StructValue {
  const decoder = new NaiveDecoder(bytes, version, includes(schema.flexibleVersions, version))
  const value = decoder.struct(schema.fields)
  if (decoder.left !== 0) throw new Error(`${decoder.left} bytes left over`)
  return value
}

class NaiveDecoder {
  readonly #version: number
  readonly #flexible: boolean
  #rest: Buffer

  constructor(bytes: Buffer, version: number, flexible: boolean) {
    this.#rest = bytes
    this.#version = version
    this.#flexible = flexible
  }

  get left(): number {
    return this.#rest.length
  }

  struct(fields: readonly FieldSchema[]): StructValue {
    const value: Record<string, MessageValue> = {}
    for (const field of fields) value[field.name] = defaultOf(field)
    const present = fields.filter((field) => includes(field.versions, this.#version))
    const tagged = present.filter((field) => includes(field.taggedVersions, this.#version))
    for (const field of present) {
      if (!tagged.includes(field)) value[field.name] = this.#value(field.type, this.#flexible)
    }
    if (!this.#flexible) return value
    for (let left = this.#unsignedVarint(); left > 0; left--) {
      const tag = this.#unsignedVarint()
      const bytes = this.#take(this.#unsignedVarint())
      const field = tagged.find((candidate) => candidate.tag === tag)
      if (field === undefined) continue
      value[field.name] = new NaiveDecoder(bytes, this.#version, true).#value(field.type, true)
    }
    return value
  }

  #value(type: FieldType, compact: boolean): MessageValue {
    if (type.kind === 'struct') return this.struct(type.fields)
    if (type.kind === 'primitive') return this.#primitive(type.name, compact)
    const count = this.#length(compact, 4)
    return count < 0 ? null : Array.from({ length: count }, () => this.#value(type.item, compact))
  }

  #primitive(name: Primitive, compact: boolean): MessageValue {
    switch (name) {
      case 'string': {
        const size = this.#length(compact, 2)
        return size < 0 ? null : this.#take(size).toString('utf8')
      }
      case 'bytes':
      case 'records': {
        const size = this.#length(compact, 4)
        return size < 0 ? null : this.#take(size)
      }
      case 'uuid':
        return this.#take(16)
      case 'bool':
        return this.#take(1)[0] !== 0
      case 'float64':
        return this.#take(8).readDoubleBE()
      case 'int64':
        return BigInt.asIntN(64, this.#unsigned(8))
      case 'uint16':
        return Number(this.#unsigned(2))
      case 'uint32':
        return Number(this.#unsigned(4))
      default:
        return this.#signed({ int8: 1, int16: 2, int32: 4 }[name])
    }
  }

  #signed(size: number): number {
    return Number(BigInt.asIntN(size * 8, this.#unsigned(size)))
  }

  #unsigned(size: number): bigint {
    return this.#take(size).reduce((value, byte) => value * 256n + BigInt(byte), 0n)
  }

  #length(compact: boolean, classicBytes: number): number {
    return compact ? this.#unsignedVarint() - 1 : this.#signed(classicBytes)
  }

  #unsignedVarint(): number {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#take(1)[0] ?? 0
      value += BigInt(byte % 128) << shift
      if (byte < 128) return Number(value)
    }
  }

  #take(size: number): Buffer {
    if (size > this.#rest.length) throw new Error('the message ends too early')
    const taken = this.#rest.subarray(0, size)
    this.#rest = this.#rest.subarray(size)
    return taken
  }
}
