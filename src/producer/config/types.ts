import type { Logger } from '../../logger.js'
import type { BootstrapServer } from '../../network/network-options.js'
import type { PartitionerFunction, PartitionerName } from '../partitioner.js'
import type { Bytes } from '../record.js'
import type { Secret } from './secret.js'
import type { ConfigTable } from './table.js'

/** Turns a key or a value into bytes, at once or later; null becomes Kafka's null. */
export type Serializer<T> = (
  value: T,
  context: { readonly topic: string },
) => Uint8Array | null | Promise<Uint8Array | null>

/** What a user gives, by the type of the setting. */
interface GivenTypes<K, V> {
  int: number
  long: number
  double: number
  boolean: boolean
  string: string
  password: string | Secret
  list: readonly string[]
  acks: 'all' | -1 | 0 | 1
  servers: string | readonly string[]
  partitioner: PartitionerName | PartitionerFunction<K, V>
  logger: Logger
  keySerializer: Serializer<K>
  valueSerializer: Serializer<V>
  interceptors: readonly object[]
  tls: object
  sasl: object
}

/** What the producer works with, where that is something else. */
interface ResolvedTypes<K, V> extends Omit<GivenTypes<K, V>, 'password' | 'acks' | 'servers'> {
  password: Secret
  acks: -1 | 0 | 1
  servers: readonly BootstrapServer[]
}

type TypeName = keyof GivenTypes<unknown, unknown>

type ValueOf<Entry, Types extends Record<TypeName, unknown>> =
  | (Entry extends { readonly type: 'choice'; readonly values: readonly (infer Word)[] }
      ? Word
      : Entry extends { readonly type: infer Name extends TypeName }
        ? Types[Name]
        : never)
  | (Entry extends { readonly default: null } ? null : never)

type IsRequired<Entry> = Entry extends { readonly required: true } ? true : false

/** The settings of a producer, as its user gives them: all may be left out but `bootstrapServers`. */
export type ProducerConfig<K = Bytes, V = Bytes> = {
  readonly [Key in keyof ConfigTable as IsRequired<ConfigTable[Key]> extends true ? Key : never]: ValueOf<
    ConfigTable[Key],
    GivenTypes<K, V>
  >
} & {
  readonly [Key in keyof ConfigTable as IsRequired<ConfigTable[Key]> extends true ? never : Key]?:
    | ValueOf<ConfigTable[Key], GivenTypes<K, V>>
    | undefined
}

/** The settings of a producer, checked and complete. Frozen. */
export type ResolvedProducerConfig<K = Bytes, V = Bytes> = {
  readonly [Key in keyof ConfigTable]: ValueOf<ConfigTable[Key], ResolvedTypes<K, V>>
}
