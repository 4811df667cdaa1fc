import { isDeepStrictEqual } from 'node:util'
import {
  type FieldSchema,
  type FieldType,
  includes,
  type MessageSchema,
  type Primitive,
} from './message-schema.js'
import { defaultOf, isList, isStruct, type MessageValue, type StructValue } from './message-value.js'

/** Adds unknown tagged fields, as a newer broker might. Called once per struct. */
export type UnknownTags = () => readonly (readonly [tag: number, bytes: Buffer])[]

/**
 * Encodes a message directly by Kafka's schema. It has no state and one small buffer per field, so that it
 * shares no error with the encoder under test. https://kafka.apache.org/protocol#protocol_types
 */
export function encodeMessage(
  schema: MessageSchema,
  version: number,
  value: StructValue,
  unknownTags: UnknownTags = () => [],
): Buffer {
  const flexible = includes(schema.flexibleVersions, version)
  return new NaiveEncoder(version, flexible, unknownTags).struct(schema.fields, value)
}

class NaiveEncoder {
  readonly #version: number
  readonly #flexible: boolean
  readonly #unknownTags: UnknownTags

  constructor(version: number, flexible: boolean, unknownTags: UnknownTags) {
    this.#version = version
    this.#flexible = flexible
    this.#unknownTags = unknownTags
  }

  struct(fields: readonly FieldSchema[], value: StructValue): Buffer {
    const present = fields.filter((field) => includes(field.versions, this.#version))
    const tagged = present.filter((field) => includes(field.taggedVersions, this.#version))
    const plain = present.filter((field) => !tagged.includes(field))
    const bytes = plain.map((field) => this.#field(field, valueIn(value, field)))
    if (this.#flexible) bytes.push(this.#tags(tagged, value))
    else if (tagged.length > 0) throw new Error('a tagged field in a version that is not flexible')
    return Buffer.concat(bytes)
  }

  #tags(fields: readonly FieldSchema[], value: StructValue): Buffer {
    const known = fields
      .filter((field) => !isDeepStrictEqual(valueIn(value, field), defaultOf(field)))
      .map((field) => [field.tag, this.#field(field, valueIn(value, field))] as const)
    const all = [...known, ...this.#unknownTags()].sort(([a], [b]) => a - b)
    const parts = all.map(([tag, bytes]) =>
      Buffer.concat([unsignedVarint(tag), unsignedVarint(bytes.length), bytes]),
    )
    return Buffer.concat([unsignedVarint(all.length), ...parts])
  }

  #field(field: FieldSchema, value: MessageValue): Buffer {
    if (value === null && !includes(field.nullableVersions, this.#version)) {
      throw new Error(`${field.name} cannot be null in version ${this.#version}`)
    }
    return this.#value(field.type, value, this.#flexible && field.flexibleVersions === undefined)
  }

  #value(type: FieldType, value: MessageValue, compact: boolean): Buffer {
    if (type.kind === 'primitive') return primitive(type.name, value, compact)
    if (type.kind === 'struct') {
      if (!isStruct(value)) throw new Error(`${type.name} is not a struct`)
      return this.struct(type.fields, value)
    }
    if (value === null) return length(null, compact, 4)
    if (!isList(value)) throw new Error('not an array')
    return Buffer.concat([
      length(value.length, compact, 4),
      ...value.map((item) => this.#value(type.item, item, compact)),
    ])
  }
}

function valueIn(struct: StructValue, field: FieldSchema): MessageValue {
  const value = struct[field.name]
  if (value === undefined) throw new Error(`${field.name} has no value`)
  return value
}

function primitive(name: Primitive, value: MessageValue, compact: boolean): Buffer {
  switch (name) {
    case 'string': {
      if (value === null) return length(null, compact, 2)
      const bytes = Buffer.from(String(value), 'utf8')
      return Buffer.concat([length(bytes.length, compact, 2), bytes])
    }
    case 'bytes':
    case 'records':
      if (value === null) return length(null, compact, 4)
      if (!Buffer.isBuffer(value)) throw new Error(`${name} is not bytes`)
      return Buffer.concat([length(value.length, compact, 4), value])
    case 'uuid':
      if (!Buffer.isBuffer(value) || value.length !== 16) throw new Error('not a UUID')
      return value
    case 'bool':
      return Buffer.from([value === true ? 1 : 0])
    case 'float64': {
      const bytes = Buffer.alloc(8)
      bytes.writeDoubleBE(Number(value))
      return bytes
    }
    default:
      return integer(BigInt(String(value)), INTEGER_BYTES[name])
  }
}

const INTEGER_BYTES = { int8: 1, int16: 2, uint16: 2, int32: 4, uint32: 4, int64: 8 } as const

function integer(value: bigint, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  const bits = BigInt.asUintN(size * 8, value)
  for (let i = 0; i < size; i++) bytes[i] = Number((bits >> BigInt(8 * (size - 1 - i))) & 0xffn)
  return bytes
}

function length(count: number | null, compact: boolean, classicBytes: number): Buffer {
  if (compact) return unsignedVarint(count === null ? 0 : count + 1)
  return integer(BigInt(count ?? -1), classicBytes)
}

export function unsignedVarint(value: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt(value)
  while (rest >= 128n) {
    bytes.push(Number(rest % 128n) + 128)
    rest /= 128n
  }
  return Buffer.from([...bytes, Number(rest)])
}
