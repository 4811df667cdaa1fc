import type { SeededRandom } from '../random.js'
import {
  type FieldSchema,
  type FieldType,
  includes,
  type MessageSchema,
  type Primitive,
} from './message-schema.js'
import { defaultOf, type MessageValue, type StructValue, ZERO_UUID_BYTES } from './message-value.js'

/** A message that Kafka could send in this version, which prefers the extremes of every type. */
export function randomMessage(random: SeededRandom, schema: MessageSchema, version: number): StructValue {
  return randomStruct(random, schema.fields, version, defaultOf)
}

/**
 * The same with values in the fields that the version lacks, like a message that was made for a newer one.
 */
export function randomOverfullMessage(
  random: SeededRandom,
  schema: MessageSchema,
  version: number,
): StructValue {
  return randomStruct(random, schema.fields, version, (field) =>
    randomValue(random, field.type, field.versions.from, defaultOf),
  )
}

type ValueOfAbsent = (field: FieldSchema) => MessageValue

function randomStruct(
  random: SeededRandom,
  fields: readonly FieldSchema[],
  version: number,
  absent: ValueOfAbsent,
): StructValue {
  return Object.fromEntries(fields.map((field) => [field.name, randomField(random, field, version, absent)]))
}

function randomField(
  random: SeededRandom,
  field: FieldSchema,
  version: number,
  absent: ValueOfAbsent,
): MessageValue {
  if (!includes(field.versions, version)) return absent(field)
  if (includes(field.nullableVersions, version) && random.oneIn(5)) return null
  if (includes(field.taggedVersions, version) && random.oneIn(2)) return defaultOf(field)
  return randomValue(random, field.type, version, absent)
}

function randomValue(
  random: SeededRandom,
  type: FieldType,
  version: number,
  absent: ValueOfAbsent,
): MessageValue {
  if (type.kind === 'struct') return randomStruct(random, type.fields, version, absent)
  if (type.kind === 'primitive') return randomPrimitive(random, type.name)
  const { item } = type
  // 127 is the first count with two bytes in the compact form. Structs contain arrays again, so they stay
  // few.
  const long = random.oneIn(item.kind === 'struct' ? 2_000 : 50)
  const count = long ? random.integer(125, 130) : random.pick([0, 0, 1, 1, 2, 3])
  return Array.from({ length: count }, () => randomValue(random, item, version, absent))
}

const INTEGER_BITS = { int8: 8, int16: 16, uint16: 16, int32: 32, uint32: 32 } as const

function randomPrimitive(random: SeededRandom, name: Primitive): MessageValue {
  switch (name) {
    case 'bool':
      return random.oneIn(2)
    case 'int64':
      return randomInteger(random, 64, true)
    case 'float64':
      return random.pick([0, -1.5, Number.MAX_VALUE, Number.NEGATIVE_INFINITY, random.next()])
    case 'string':
      return randomString(random)
    case 'uuid':
      return random.oneIn(4) ? ZERO_UUID_BYTES : random.bytes(16)
    case 'bytes':
    case 'records':
      return random.bytes(random.pick([0, 1, 61, 126, 127, random.integer(0, 300)]))
    default:
      return Number(randomInteger(random, INTEGER_BITS[name], name.startsWith('int')))
  }
}

function randomInteger(random: SeededRandom, bits: number, signed: boolean): bigint {
  const low = signed ? -(2n ** BigInt(bits - 1)) : 0n
  const high = low + 2n ** BigInt(bits) - 1n
  if (random.oneIn(3)) return random.pick([low, high, low + 1n, high - 1n, 0n, 1n, signed ? -1n : 2n])
  const any = random.bytes(8).readBigUInt64BE()
  return signed ? BigInt.asIntN(bits, any) : BigInt.asUintN(bits, any)
}

const ALPHABETS = [
  'abc.-_XYZ019',
  'äöüéßñ',
  '漢字仮名',
  '😀🧵',
  'a\u0000\u007f\u0080\u07ff\u0800\uffff',
] as const

function randomString(random: SeededRandom): string {
  const letters = [...random.pick(ALPHABETS)]
  const text = Array.from({ length: random.integer(0, 12) }, () => random.pick(letters)).join('')
  // The compact length grows to two and to three bytes here; the last is the longest in the classic form.
  if (random.oneIn(40)) return text.padEnd(random.integer(125, 130), 'x')
  if (random.oneIn(2_000)) return 'x'.repeat(random.pick([16_382, 16_383, 16_384, 32_767]))
  return text
}
