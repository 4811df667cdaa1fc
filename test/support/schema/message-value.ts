import type { FieldSchema, Primitive } from './message-schema.js'

/** A message as the schema sees it; a struct's keys are the schema's field names. */
export type MessageValue =
  | boolean
  | number
  | bigint
  | string
  | null
  | Buffer
  | readonly MessageValue[]
  | StructValue

export interface StructValue {
  readonly [field: string]: MessageValue
}

export const ZERO_UUID_BYTES: Buffer = Buffer.alloc(16)

/** The value of a field that its version lacks or whose tag is missing. */
export function defaultOf(field: FieldSchema): MessageValue {
  const { type, defaultText: text } = field
  if (text === 'null') return null
  if (type.kind === 'array') return []
  if (type.kind === 'struct') {
    return Object.fromEntries(type.fields.map((inner) => [inner.name, defaultOf(inner)]))
  }
  return primitiveDefault(type.name, text)
}

function primitiveDefault(name: Primitive, text: string | undefined): MessageValue {
  switch (name) {
    case 'bool':
      return text === 'true'
    case 'int64':
      return BigInt(text ?? 0)
    case 'string':
      return text ?? ''
    case 'uuid':
      return ZERO_UUID_BYTES
    case 'bytes':
      return Buffer.alloc(0)
    case 'records':
      return null
    default:
      return Number(text ?? 0)
  }
}

export function isStruct(value: MessageValue): value is StructValue {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value)
}

export function isList(value: MessageValue): value is readonly MessageValue[] {
  return Array.isArray(value)
}
