import { describe, expect, it } from 'vitest'
import { ConfigError } from '../../../../src/errors.js'
import { type ProducerConfig, resolveConfig } from '../../../../src/producer/config/config.js'
import { configKeys, configTable } from '../../../../src/producer/config/table.js'

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
    ['ssl', 'use tls instead'],
    ['sendBufferBytes', "config key 'sendBufferBytes' has no meaning here: Node does not let"],
    ['receiveBufferBytes', 'has no meaning here'],
    ['sslProvider', 'has no meaning here: Java security providers'],
    ['saslOauthbearerTokenEndpointUrl', 'has no meaning here: no token is fetched'],
    ['saslKerberosServiceName', 'has no meaning here: Kerberos'],
    ['__proto__x', "unknown config key '__proto__x'"],
  ])('%s', (key, message) => {
    expect(() => resolveConfig(given(key))).toThrow(ConfigError)
    expect(() => resolveConfig(given(key))).toThrow(message)
  })

  it.each(['constructor', 'toString', 'hasOwnProperty', '', 'zzzzzzzzzzzzzzzz', 'x'.repeat(100_000)])(
    'without a likeness gets no hint: %.20s',
    (key) => {
      expect(() => resolveConfig(given(key))).toThrow(/^unknown config key '[^']{0,103}'$/)
    },
  )

  it('may come from JSON and look like a prototype', () => {
    const parsed: ProducerConfig = JSON.parse('{ "bootstrapServers": "a:1", "__proto__": { "lingerMs": 7 } }')
    expect(() => resolveConfig(parsed)).toThrow("unknown config key '__proto__'")
  })

  it('may be a symbol', () => {
    expect(() => resolveConfig(given(Symbol('linger')))).toThrow('unknown config key Symbol(linger)')
  })

  it('is found for every key with a letter too many', () => {
    for (const key of configKeys) {
      expect(() => resolveConfig(given(`${key}x`)), key).toThrow(`did you mean ${key}?`)
    }
  })

  it("is found for every name of Java's", () => {
    for (const key of configKeys) {
      const { javaName } = configTable[key]
      // A name without a dot, such as acks, is ours as well.
      if (javaName === null || javaName === key) continue
      expect(() => resolveConfig(given(javaName)), key).toThrow(`here it is ${key};`)
    }
  })
})
