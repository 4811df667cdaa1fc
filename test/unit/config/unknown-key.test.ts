import { describe, expect, it } from 'vitest'
import { type ProducerConfig, resolveConfig } from '../../../src/config/config.js'
import { configKeys, configTable } from '../../../src/config/table.js'
import { ConfigError } from '../../../src/errors.js'

const given = (key: PropertyKey) => ({ bootstrapServers: 'a:1', [key]: 1 }) as ProducerConfig

describe('an unknown config key', () => {
  it.each([
    ['lingerMS', "unknown config key 'lingerMS': did you mean lingerMs?"],
    ['linger_ms', 'did you mean lingerMs?'],
    ['lingersMs', 'did you mean lingerMs?'],
    ['enableIdempotency', 'did you mean enableIdempotence?'],
    ['deliveryTimeout', 'did you mean deliveryTimeoutMs?'],
    ['ack', 'did you mean acks?'],
    ['linger.ms', "unknown config key 'linger.ms': here it is lingerMs; fromProperties takes Java's names"],
    ['partitioner.class', 'here it is partitioner'],
    ['blockOnBufferFull', "unknown config key 'blockOnBufferFull': use maxBlockMs instead"],
    ['block.on.buffer.full', 'use maxBlockMs instead'],
    ['metadataFetchTimeoutMs', 'use maxBlockMs instead'],
    ['timeoutMs', 'use requestTimeoutMs instead'],
    ['partitionerClass', 'use partitioner instead'],
    ['brokers', 'use bootstrapServers instead'],
    ['ssl', "unknown config key 'ssl': use tls instead"],
    ['sslCaLocation', 'use sslTruststoreLocation instead'],
    ['sslKeyPem', 'use sslKeystoreKey instead'],
    ['saslUsername', 'use saslJaasConfig, or sasl: { mechanism, username, password } in a program, instead'],
    ['saslPassword', 'use saslJaasConfig, or sasl: { mechanism, username, password } in a program, instead'],
    ['saslMechanisms', 'use saslMechanism instead'],
    ['saslOauthbearerClientSecret', 'use saslOauthbearerClientCredentialsClientSecret instead'],
    ['sslClientAuth', "it is a setting of Kafka's brokers"],
    ['sslEngineFactoryClass', 'it is the name of a Java class; a program can give tls'],
    ['topicMetadataRefreshIntervalMs', 'use metadataMaxAgeMs instead'],
    ['groupId', "config key 'groupId' has no meaning here: it is a setting of Kafka's consumers"],
    ['logDirs', "it is a setting of Kafka's brokers"],
    ['transactional.id', 'here it is transactionalId (which this version does not support yet);'],
    ['sendBufferBytes', "config key 'sendBufferBytes' has no meaning here: Node does not let"],
    ['receiveBufferBytes', 'has no meaning here'],
    ['securityProviders', 'has no meaning here: Java security providers'],
    ['sslProvider', 'Java security providers cannot be loaded'],
    ['saslKerberosKinitCmd', 'the Kerberos library behind your mechanism object gets the tickets'],
    ['saslOauthbearerJwksEndpointUrl', 'has no meaning here: it says how brokers check tokens'],
    ['saslOauthbearerScopes', 'did you mean saslOauthbearerScope?'],
    ['__proto__x', "unknown config key '__proto__x'"],
  ])('%s', (key, message) => {
    expect(() => resolveConfig(given(key))).toThrow(ConfigError)
    expect(() => resolveConfig(given(key))).toThrow(message)
  })

  it.each(['constructor', 'toString', 'hasOwnProperty', '', 'zzzzzzzzzzzzzzzz', 'x'.repeat(100_000)])(
    'without a similar key gets no hint: %.20s',
    (key) => {
      expect(() => resolveConfig(given(key))).toThrow(/^unknown config key '[^']{0,103}'$/)
    },
  )

  it('may be __proto__ from JSON', () => {
    const parsed: ProducerConfig = JSON.parse('{ "bootstrapServers": "a:1", "__proto__": { "lingerMs": 7 } }')
    expect(() => resolveConfig(parsed)).toThrow("unknown config key '__proto__'")
  })

  it('may be a symbol', () => {
    expect(() => resolveConfig(given(Symbol('linger')))).toThrow('unknown config key Symbol(linger)')
  })

  it('gets a hint for every key with one extra letter', () => {
    for (const key of configKeys) {
      const pattern = new RegExp(`did you mean ${key}(?: \\(which this version does not support yet\\))?\\?`)
      expect(() => resolveConfig(given(`${key}x`)), key).toThrow(pattern)
    }
  })

  it('gets a hint for every name in Java', () => {
    for (const key of configKeys) {
      const { javaName } = configTable[key]
      // A name without a dot, such as acks, is ours as well.
      if (javaName === null || javaName === key) continue
      expect(() => resolveConfig(given(javaName)), key).toThrow(`here it is ${key}`)
    }
  })
})
