import type { Logger } from '../logger.js'
import type { BootstrapServer } from '../network/network-options.js'
import type { ConnectionConfig } from './given/connection-config.js'
import type { OAuthConfig } from './given/oauth-config.js'
import type { PartitioningConfig } from './given/partitioning-config.js'
import type { SecurityConfig } from './given/security-config.js'
import type { SendingConfig } from './given/sending-config.js'
import type { ProducerInterceptor } from './interceptor.js'
import type { PartitionerFunction, PartitionerName } from './partitioner-function.js'
import type { SaslConfig } from './sasl.js'
import type { SaslLogin } from './sasl-login.js'
import type { Secret } from './secret.js'
import type { Bytes, Serializer } from './serializer.js'
import type { AdminConfigTable, ConfigTable } from './table.js'
import type { TlsOptions, TlsOptionsFunction } from './tls/tls-options.js'

/** The TypeScript type of a given value, by the type of the setting. */
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
  logger: Logger | false
  keySerializer: Serializer<K>
  valueSerializer: Serializer<V>
  interceptors: readonly ProducerInterceptor<K, V>[]
  tls: TlsOptions | TlsOptionsFunction
  sasl: SaslConfig
}

/** The TypeScript type of a checked value. Five types of settings differ from the given value. */
interface ResolvedTypes<K, V>
  extends Omit<GivenTypes<K, V>, 'password' | 'acks' | 'servers' | 'logger' | 'sasl'> {
  password: Secret
  acks: -1 | 0 | 1
  servers: readonly BootstrapServer[]
  logger: Logger
  sasl: SaslLogin
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

/**
 * The settings of a table, as a user gives them. The interfaces in `given` are made from the same tables.
 * They are equal to this type and have a doc comment for each setting.
 */
export type GivenSettings<Table, K, V> = {
  readonly [Key in keyof Table as IsRequired<Table[Key]> extends true ? Key : never]: ValueOf<
    Table[Key],
    GivenTypes<K, V>
  >
} & {
  readonly [Key in keyof Table as IsRequired<Table[Key]> extends true ? never : Key]?:
    | ValueOf<Table[Key], GivenTypes<K, V>>
    | undefined
}

type ResolvedOf<Table, K, V> = { readonly [Key in keyof Table]: ValueOf<Table[Key], ResolvedTypes<K, V>> }

/** The settings of a producer. All except `bootstrapServers` may be left out. */
export interface ProducerConfig<K = Bytes, V = Bytes>
  extends ConnectionConfig,
    SendingConfig<K, V>,
    PartitioningConfig<K, V>,
    SecurityConfig,
    OAuthConfig {}

/** The settings in a producer's table, checked and complete. */
export type ResolvedProducerSettings<K = Bytes, V = Bytes> = ResolvedOf<ConfigTable, K, V>

/** The settings of a producer, checked and complete. Frozen. */
export type ResolvedProducerConfig<K = Bytes, V = Bytes> = ResolvedProducerSettings<K, V> & {
  /** Whether the user gave `lingerMs`. If not, a batch may linger for a shorter time. */
  readonly lingerIsGiven: boolean
}

/** The settings of an admin, checked and complete. */
export type ResolvedAdminSettings = ResolvedOf<AdminConfigTable, Bytes, Bytes>

/** The settings that every client has for its connections. */
export type ConnectionSettings = Pick<
  ResolvedProducerConfig,
  keyof ResolvedProducerConfig & keyof ResolvedAdminSettings
>
