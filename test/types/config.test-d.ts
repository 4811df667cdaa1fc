import { assertType, describe, expectTypeOf, it } from 'vitest'
import {
  fromProperties,
  type ProducerConfig,
  type ResolvedProducerConfig,
  resolveConfig,
} from '../../src/config/config.js'
import type { AdminConfig } from '../../src/config/given/admin-config.js'
import type { ConnectionConfig } from '../../src/config/given/connection-config.js'
import type { SecurityConfig } from '../../src/config/given/security-config.js'
import type { ProducerInterceptor } from '../../src/config/interceptor.js'
import type { PartitionerArguments } from '../../src/config/partitioner-function.js'
import type { SaslConfig } from '../../src/config/sasl.js'
import type { Bytes } from '../../src/config/serializer.js'
import type { AdminConfigTable, ConfigTable } from '../../src/config/table.js'
import type { GivenSettings } from '../../src/config/types.js'
import type { KafkaError } from '../../src/errors.js'

const bootstrapServers = 'a:1'

describe('ProducerConfig', () => {
  it('needs brokers and nothing else', () => {
    assertType<ProducerConfig>({ bootstrapServers })
    assertType<ProducerConfig>({ bootstrapServers: ['a:1', 'b:2'] as const })
    // @ts-expect-error bootstrapServers is missing
    assertType<ProducerConfig>({})
    // @ts-expect-error undefined is no list of brokers
    assertType<ProducerConfig>({ bootstrapServers: undefined })
  })

  it('takes tokens of a token endpoint', () => {
    const oidc = { tokenEndpointUrl: 'https://idp/token', clientId: 'a', clientSecret: 'b' }
    const allowedTokenUrls = ['https://idp/token'] as const
    assertType<ProducerConfig>({
      bootstrapServers,
      allowedTokenUrls,
      sasl: { mechanism: 'OAUTHBEARER', oidc },
    })
    assertType<AdminConfig>({ bootstrapServers, allowedTokenUrls, sasl: { mechanism: 'OAUTHBEARER', oidc } })
    // @ts-expect-error a token endpoint has a URL
    assertType<ProducerConfig>({ bootstrapServers, sasl: { mechanism: 'OAUTHBEARER', oidc: {} } })
    // @ts-expect-error other mechanisms have no tokens
    assertType<ProducerConfig>({ bootstrapServers, sasl: { mechanism: 'PLAIN', oidc } })
    // @ts-expect-error a list, so that there is one way to write it
    assertType<ProducerConfig>({ bootstrapServers, allowedTokenUrls: 'https://idp/token' })
  })

  it('takes undefined for what is left out', () => {
    assertType<ProducerConfig>({ bootstrapServers, lingerMs: undefined, logger: undefined })
  })

  it('takes values of the right type', () => {
    assertType<ProducerConfig>({
      bootstrapServers,
      acks: 'all',
      compressionType: 'zstd',
      enableIdempotence: false,
      lingerMs: 0,
      logger: console,
      partitioner: 'crc32-consistent',
      securityProtocol: 'SASL_SSL',
      sslKeyPassword: 'x',
      transactionalId: null,
    })
    assertType<ProducerConfig>({ bootstrapServers, acks: -1 })
    assertType<ProducerConfig>({ bootstrapServers, acks: 0 })
  })

  it('refuses others', () => {
    // @ts-expect-error numbers are numbers
    assertType<ProducerConfig>({ bootstrapServers, lingerMs: '5' })
    // @ts-expect-error null has no meaning here
    assertType<ProducerConfig>({ bootstrapServers, lingerMs: null })
    // @ts-expect-error acks are 'all', -1, 0 or 1
    assertType<ProducerConfig>({ bootstrapServers, acks: 2 })
    // @ts-expect-error acks as a number are no string
    assertType<ProducerConfig>({ bootstrapServers, acks: '1' })
    // @ts-expect-error no codec of Kafka's
    assertType<ProducerConfig>({ bootstrapServers, compressionType: 'brotli' })
    // @ts-expect-error a boolean is needed
    assertType<ProducerConfig>({ bootstrapServers, enableIdempotence: 'true' })
    // @ts-expect-error a logger has four functions
    assertType<ProducerConfig>({ bootstrapServers, logger: { warn() {} } })
    // @ts-expect-error a partitioner returns a number at once
    assertType<ProducerConfig>({ bootstrapServers, partitioner: async () => 1 })
  })

  it('refuses unknown keys', () => {
    // @ts-expect-error it is lingerMs
    assertType<ProducerConfig>({ bootstrapServers, lingerMS: 5 })
    // @ts-expect-error fromProperties takes dotted names
    assertType<ProducerConfig>({ bootstrapServers, 'linger.ms': 5 })
  })

  it('has literal unions for words', () => {
    expectTypeOf<ProducerConfig['acks']>().toEqualTypeOf<'all' | -1 | 0 | 1 | undefined>()
    expectTypeOf<ProducerConfig['compressionType']>().toEqualTypeOf<
      'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd' | undefined
    >()
    expectTypeOf<ProducerConfig['metadataRecoveryStrategy']>().toEqualTypeOf<
      'none' | 'rebootstrap' | undefined
    >()
  })

  it('gives a partitioner the types of the keys and values', () => {
    type Order = { readonly id: number }
    assertType<ProducerConfig<string, Order>>({
      bootstrapServers,
      partitioner: (record) => {
        expectTypeOf(record).toEqualTypeOf<PartitionerArguments<string, Order>>()
        return (record.value?.id ?? 0) % record.partitions.length
      },
      valueSerializer: (order) => Buffer.from(String(order.id)),
    })
  })

  it('cannot be written to', () => {
    const config: ProducerConfig = { bootstrapServers }
    // @ts-expect-error it is read-only
    config.lingerMs = 5
  })
})

describe('sasl', () => {
  /** As in the AWS SDK. */
  interface AwsIdentity {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken?: string
    readonly credentialScope?: string
    readonly accountId?: string
    readonly expiration?: Date
  }
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's own type
  type AwsProvider = (properties?: Record<string, any>) => Promise<AwsIdentity>

  it('takes a provider of the AWS SDK for AWS_MSK_IAM', () => {
    const credentials: AwsProvider = () => Promise.reject(new Error('not called'))
    assertType<SaslConfig>({ mechanism: 'AWS_MSK_IAM', credentials })
    assertType<SaslConfig>({ mechanism: 'AWS_MSK_IAM', credentials, region: undefined, userAgent: 'a' })
    // @ts-expect-error the credentials are missing
    assertType<SaslConfig>({ mechanism: 'AWS_MSK_IAM' })
    // @ts-expect-error a region has no meaning with PLAIN
    assertType<SaslConfig>({ mechanism: 'PLAIN', username: 'a', password: 'b', region: 'eu-west-1' })
  })

  it('is an option of fromProperties', () => {
    assertType<ProducerConfig>(fromProperties('', { sasl: { mechanism: 'OAUTHBEARER', token: () => 'a' } }))
    // @ts-expect-error no such mechanism
    fromProperties('', { sasl: { mechanism: 'GSSAPI' } })
  })
})

describe('interceptors', () => {
  type Order = { readonly id: number }

  it('see records of the types of the config', () => {
    const interceptor: ProducerInterceptor<string, Order> = {
      onSend(record) {
        expectTypeOf(record.key).toEqualTypeOf<string | null | undefined>()
        expectTypeOf(record.value).toEqualTypeOf<Order | null>()
        expectTypeOf(record.headers[0]).toEqualTypeOf<
          readonly [name: string, value: string | Uint8Array | null] | undefined
        >()
        return { ...record, headers: [...record.headers, ['trace', '1']] }
      },
      onAcknowledgement(metadata, error) {
        expectTypeOf(metadata.offset).toEqualTypeOf<bigint>()
        expectTypeOf(error?.code).toEqualTypeOf<KafkaError['code'] | undefined>()
      },
    }
    assertType<ProducerConfig<string, Order>>({ bootstrapServers, interceptors: [interceptor] })
    assertType<ProducerConfig>({
      bootstrapServers,
      interceptors: [{ onSend: (record) => record, close() {} }],
    })
    // @ts-expect-error it has values of another type
    assertType<ProducerConfig>({ bootstrapServers, interceptors: [interceptor] })
  })

  it('are synchronous, and return the record', () => {
    // @ts-expect-error a promise is no record
    assertType<ProducerInterceptor>({ onSend: async (record) => record })
    // @ts-expect-error nothing is no record
    assertType<ProducerInterceptor>({ onSend() {} })
    // @ts-expect-error an interceptor has no such function
    assertType<ProducerInterceptor>({ onAck() {} })
    assertType<ProducerInterceptor>({
      onSend(record) {
        // @ts-expect-error the record is the caller's
        record.value = 'changed'
        return record
      },
    })
  })
})

describe('the interfaces', () => {
  /** Intersections and inherited properties as one object type. */
  type Flat<Type> = { readonly [Key in keyof Type]: Type[Key] }
  type Order = { readonly id: number }

  it('are equal to what the tables say', () => {
    expectTypeOf<Flat<ProducerConfig>>().toEqualTypeOf<Flat<GivenSettings<ConfigTable, Bytes, Bytes>>>()
    expectTypeOf<Flat<ProducerConfig<string, Order>>>().toEqualTypeOf<
      Flat<GivenSettings<ConfigTable, string, Order>>
    >()
    expectTypeOf<Flat<AdminConfig>>().toEqualTypeOf<Flat<GivenSettings<AdminConfigTable, Bytes, Bytes>>>()
  })

  it('have the keys of the tables, and no others', () => {
    expectTypeOf<keyof ProducerConfig>().toEqualTypeOf<keyof ConfigTable>()
    expectTypeOf<keyof AdminConfig>().toEqualTypeOf<keyof AdminConfigTable>()
  })

  it('take the same setting for a producer and an admin', () => {
    const shared: ConnectionConfig & SecurityConfig = { bootstrapServers, retryBackoffMs: 5 }
    assertType<ProducerConfig>(shared)
    assertType<AdminConfig>({ ...shared, defaultApiTimeoutMs: undefined })
    // @ts-expect-error an admin has no batches
    assertType<AdminConfig>({ ...shared, batchSize: 5 })
  })
})

describe('ResolvedProducerConfig', () => {
  it('has every value', () => {
    expectTypeOf(resolveConfig({ bootstrapServers })).toEqualTypeOf<ResolvedProducerConfig>()
    expectTypeOf<ResolvedProducerConfig['acks']>().toEqualTypeOf<-1 | 0 | 1>()
    expectTypeOf<ResolvedProducerConfig['lingerMs']>().toEqualTypeOf<number>()
    expectTypeOf<ResolvedProducerConfig['clientId']>().toEqualTypeOf<string>()
    expectTypeOf<ResolvedProducerConfig['transactionalId']>().toEqualTypeOf<string | null>()
    expectTypeOf<ResolvedProducerConfig['bootstrapServers'][number]>().toEqualTypeOf<{
      readonly host: string
      readonly port: number
    }>()
  })
})

describe('fromProperties', () => {
  it('gives a config', () => {
    expectTypeOf(fromProperties('')).toEqualTypeOf<ProducerConfig>()
    assertType(
      fromProperties({ 'linger.ms': '5', retries: 3, 'enable.idempotence': true }, { logger: console }),
    )
    assertType(fromProperties('', { logger: undefined, strict: true }))
    // @ts-expect-error a value is a string, a number or a boolean
    assertType(fromProperties({ 'linger.ms': null }))
  })
})
