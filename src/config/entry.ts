/** How much a setting matters to most users, as Kafka grades it. */
export type Importance = 'high' | 'medium' | 'low'

interface EntryBase {
  /** Java's dotted name; null for a setting that Java does not have. */
  readonly javaName: string | null
  /**
   * The name that `fromProperties` takes for a setting that Java does not have. Absent if text cannot express
   * the value.
   */
  readonly propertyName?: string
  readonly importance: Importance
  readonly description: string
  /**
   * The default as the documentation shows it. Present if the default is made at run time and so is not in
   * the table.
   */
  readonly defaultText?: string
  /** Where and why this differs from Java. */
  readonly difference?: string
  /**
   * The only values that this version supports. Absent: it supports all. Any other value is refused, because
   * a setting must not be ignored in silence. Null and an empty list ask for nothing, so they are always
   * accepted.
   */
  readonly supports?: readonly (string | number | boolean)[]
}

/** `int` has Java's 32 bits, `long` goes up to 2^53 - 1, `double` need not be a whole number. */
export interface NumberEntry extends EntryBase {
  readonly type: 'int' | 'long' | 'double'
  readonly default: number
  readonly min?: number
  readonly max?: number
  /** One more allowed value, outside the range. */
  readonly orElse?: number
}

export interface BooleanEntry extends EntryBase {
  readonly type: 'boolean'
  readonly default: boolean
}

/** One of a few words. */
export interface ChoiceEntry extends EntryBase {
  readonly type: 'choice'
  readonly default: string
  readonly values: readonly string[]
  /** Java takes the words in any case; only `fromProperties` does so here. */
  readonly anyCaseInProperties?: true
}

export interface AcksEntry extends EntryBase {
  readonly type: 'acks'
  readonly default: 'all'
}

export interface TextEntry extends EntryBase {
  readonly type: 'string' | 'password'
  readonly default?: string | null
  readonly nonEmpty?: true
  /** The most bytes the text may have in UTF-8. */
  readonly maxBytes?: number
}

export interface ListEntry extends EntryBase {
  readonly type: 'list'
  readonly default: readonly string[] | null
}

export interface ServersEntry extends EntryBase {
  readonly type: 'servers'
  readonly required: true
}

export interface PartitionerEntry extends EntryBase {
  readonly type: 'partitioner'
  readonly default: 'default'
  readonly values: readonly string[]
}

/** A setting whose value is a function or an object. Only a program can give it. */
export interface ObjectEntry extends EntryBase {
  readonly type: 'logger' | 'keySerializer' | 'valueSerializer' | 'interceptors' | 'tls' | 'sasl'
  readonly default?: null | readonly []
}

/** One setting: a row of the table that parsing, checks, types and documentation are made from. */
export type ConfigEntry =
  | NumberEntry
  | BooleanEntry
  | ChoiceEntry
  | AcksEntry
  | TextEntry
  | ListEntry
  | ServersEntry
  | PartitionerEntry
  | ObjectEntry

export type ConfigEntries = Readonly<Record<string, ConfigEntry>>
