import { isDeepStrictEqual } from 'node:util'
import { uuidFromBytes } from '../../../src/protocol/uuid.js'
import type { FieldSchema, FieldType, MessageSchema, Versions } from './message-schema.js'
import { defaultOf, isList, isStruct, type MessageValue, type StructValue } from './message-value.js'

/** Our names that are not the schema's in camelCase. Keys are `<message or struct>.<field>`. */
const RENAMED: Readonly<Record<string, string>> = {
  'ProduceRequest.TopicData': 'topics',
  'TopicProduceData.PartitionData': 'partitions',
  'ProduceResponse.Responses': 'topics',
  'TopicProduceResponse.PartitionResponses': 'partitions',
  'BatchIndexAndErrorMessage.BatchIndexErrorMessage': 'message',
}

/**
 * The same message in the form of src/protocol: field names are in camelCase, UUIDs are text, and a tagged
 * struct with only defaults is null. Fields that none of our versions has are left out.
 */
export function toOurForm(schema: MessageSchema, ours: Versions, value: StructValue): unknown {
  return structInOurForm(schema.name, schema.fields, ours, value)
}

function structInOurForm(
  owner: string,
  fields: readonly FieldSchema[],
  ours: Versions,
  value: StructValue,
): unknown {
  const known = fields.filter(({ versions }) => versions.from <= ours.to && versions.to >= ours.from)
  return Object.fromEntries(
    known.map((field) => [
      ourName(owner, field.name),
      fieldInOurForm(field, ours, value[field.name] ?? null),
    ]),
  )
}

function ourName(owner: string, name: string): string {
  return RENAMED[`${owner}.${name}`] ?? name.charAt(0).toLowerCase() + name.slice(1)
}

function fieldInOurForm(field: FieldSchema, ours: Versions, value: MessageValue): unknown {
  const taggedStruct = field.type.kind === 'struct' && field.tag >= 0
  if (taggedStruct && isDeepStrictEqual(value, defaultOf(field))) return null
  return valueInOurForm(field.type, ours, value)
}

function valueInOurForm(type: FieldType, ours: Versions, value: MessageValue): unknown {
  if (value === null) return null
  if (type.kind === 'array' && isList(value)) {
    return value.map((item) => valueInOurForm(type.item, ours, item))
  }
  if (type.kind === 'struct' && isStruct(value)) return structInOurForm(type.name, type.fields, ours, value)
  if (type.kind === 'primitive' && type.name === 'uuid' && Buffer.isBuffer(value)) return uuidFromBytes(value)
  return value
}
