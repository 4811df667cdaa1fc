/** Kafka's own description of a message, as its code generator reads it. */
export interface MessageSchema {
  readonly name: string
  readonly apiKey: number | undefined
  readonly validVersions: Versions
  /** The newest version that brokers advertise. */
  readonly newestStableVersion: number
  readonly flexibleVersions: Versions
  readonly fields: readonly FieldSchema[]
}

export interface FieldSchema {
  /** The name in Kafka's form, such as `TopicData`. */
  readonly name: string
  readonly type: FieldType
  readonly versions: Versions
  readonly nullableVersions: Versions
  readonly taggedVersions: Versions
  readonly tag: number
  /** The default as in the schema. */
  readonly defaultText: string | undefined
  /** A field may stay classic in a flexible message: the client id of the request header. */
  readonly flexibleVersions: Versions | undefined
}

export type FieldType =
  | { readonly kind: 'primitive'; readonly name: Primitive }
  | { readonly kind: 'array'; readonly item: FieldType }
  | { readonly kind: 'struct'; readonly name: string; readonly fields: readonly FieldSchema[] }

const PRIMITIVES = [
  'bool',
  'int8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'float64',
  'string',
  'uuid',
  'bytes',
  'records',
] as const

export type Primitive = (typeof PRIMITIVES)[number]

/** The lowest and highest version; a range whose end is before its start is empty. */
export interface Versions {
  readonly from: number
  readonly to: number
}

const NONE: Versions = { from: Number.POSITIVE_INFINITY, to: -1 }

export function includes(versions: Versions, version: number): boolean {
  return version >= versions.from && version <= versions.to
}

interface RawField {
  readonly name: string
  readonly type: string
  readonly versions: string
  readonly nullableVersions?: string
  readonly taggedVersions?: string
  readonly flexibleVersions?: string
  readonly tag?: number
  readonly default?: string | number | boolean
  readonly fields?: readonly RawField[]
}

interface RawStruct {
  readonly name: string
  readonly fields: readonly RawField[]
}

interface RawMessage {
  readonly name: string
  readonly apiKey?: number
  readonly validVersions: string
  /** Requests only: brokers do not advertise the newest version unless they are configured to. */
  readonly latestVersionUnstable?: boolean
  /** Missing in the schema of a removed API, like the fields. */
  readonly flexibleVersions?: string
  readonly fields?: readonly RawField[]
  readonly commonStructs?: readonly RawStruct[]
}

/** Parses the JSON of a schema; a line of it may be a comment. */
export function parseMessageSchema(text: string): MessageSchema {
  const raw: RawMessage = JSON.parse(text.replace(/^\s*\/\/.*$/gm, ''))
  const common = new Map((raw.commonStructs ?? []).map((struct) => [struct.name, struct.fields]))
  const validVersions = parseVersions(raw.validVersions)
  return {
    name: raw.name,
    apiKey: raw.apiKey,
    validVersions,
    newestStableVersion: validVersions.to - (raw.latestVersionUnstable === true ? 1 : 0),
    flexibleVersions: parseVersions(raw.flexibleVersions),
    fields: (raw.fields ?? []).map((field) => parseField(field, common)),
  }
}

function parseField(raw: RawField, common: ReadonlyMap<string, readonly RawField[]>): FieldSchema {
  return {
    name: raw.name,
    type: parseType(raw.type, raw.fields ?? common.get(raw.type.replace('[]', '')), common),
    versions: parseVersions(raw.versions),
    nullableVersions: parseVersions(raw.nullableVersions),
    taggedVersions: parseVersions(raw.taggedVersions),
    tag: raw.tag ?? -1,
    defaultText: raw.default === undefined ? undefined : String(raw.default),
    flexibleVersions: raw.flexibleVersions === undefined ? undefined : parseVersions(raw.flexibleVersions),
  }
}

function parseType(
  text: string,
  fields: readonly RawField[] | undefined,
  common: ReadonlyMap<string, readonly RawField[]>,
): FieldType {
  if (text.startsWith('[]')) return { kind: 'array', item: parseType(text.slice(2), fields, common) }
  const primitive = PRIMITIVES.find((name) => name === text)
  if (primitive !== undefined) return { kind: 'primitive', name: primitive }
  if (fields === undefined) throw new Error(`the schema does not say what a ${text} is`)
  return { kind: 'struct', name: text, fields: fields.map((field) => parseField(field, common)) }
}

function parseVersions(text: string | undefined): Versions {
  if (text === undefined || text === 'none') return NONE
  const [from = '', to = from] = text.split('-')
  if (from.endsWith('+')) return { from: Number(from.slice(0, -1)), to: Number.POSITIVE_INFINITY }
  return { from: Number(from), to: Number(to) }
}
