import { describe, expect, it } from 'vitest'
import { resolveAdminConfig } from '../../../src/admin/admin-config.js'
import { fromProperties, type ProducerConfig, resolveConfig } from '../../../src/config/config.js'
import type { AdminConfig } from '../../../src/config/given/admin-config.js'
import { nodeEnvironment } from '../../../src/environment/node-environment.js'
import { ConfigError } from '../../../src/errors.js'

const bootstrapServers = 'a:1'

function refusal(resolve: () => unknown): ConfigError {
  try {
    resolve()
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

const ofProducer = (config: object) => refusal(() => resolveConfig(config as ProducerConfig))
const ofAdmin = (config: object) => refusal(() => resolveAdminConfig(config as AdminConfig, nodeEnvironment))

describe('one error has all problems', () => {
  it("of a producer's config: keys, values and missing keys", () => {
    const error = ofProducer({ lingerMS: 5, acks: 2, batchSize: '16384', zzz: 1, compressionType: 'brotli' })
    expect(error).toMatchObject({
      key: 'lingerMS',
      message: [
        '6 errors in the config:',
        "- unknown config key 'lingerMS': did you mean lingerMs?",
        "- acks must be 'all', -1, 0 or 1, got 2",
        "- batchSize must be a whole number from 0 to 2147483647, got the string '16384': numbers are not taken from strings, use Number(...)",
        "- unknown config key 'zzz'",
        "- compressionType must be 'none', 'gzip', 'snappy', 'lz4' or 'zstd', got the string 'brotli'",
        '- bootstrapServers is missing: name at least one broker as host:port',
      ].join('\n'),
    })
    expect(error.problems.map(({ key }) => key)).toEqual([
      ...['lingerMS', 'acks', 'batchSize', 'zzz', 'compressionType', 'bootstrapServers'],
    ])
  })

  it("of a producer's config: contradictions and unsupported settings", () => {
    const given = { bootstrapServers, deliveryTimeoutMs: 1, batchSize: 9, bufferMemory: 5 }
    const error = ofProducer({ ...given, compressionType: 'lz4', transactionalId: 't', acks: 'some' })
    expect(error.problems.map(({ key }) => key)).toEqual([
      ...['acks', 'deliveryTimeoutMs', 'batchSize', 'compressionType', 'transactionalId'],
    ])
  })

  it("of a producer's config, but no contradiction to a value that is itself wrong", () => {
    expect(
      ofProducer({ bootstrapServers, deliveryTimeoutMs: 1, requestTimeoutMs: '5' }).problems,
    ).toHaveLength(1)
    expect(ofProducer({ bootstrapServers, acks: 1, enableIdempotence: 'true' }).problems).toHaveLength(1)
  })

  it("of an admin's config", () => {
    const error = ofAdmin({
      bootstrapServers: 'a',
      'linger.ms': 1,
      retryBackofMs: 5,
      defaultApiTimeoutMs: -1,
      retryBackoffMs: '1',
    })
    expect(error).toMatchObject({
      key: 'bootstrapServers',
      message: [
        '5 errors in the config:',
        "- bootstrapServers has the entry 'a': the port is missing, write host:port",
        "- config key 'linger.ms' is for producers: an admin has no use for it",
        "- unknown config key 'retryBackofMs': did you mean retryBackoffMs?",
        '- defaultApiTimeoutMs must be a whole number from 0 to 2147483647, got -1',
        "- retryBackoffMs must be a whole number from 0 to 2^53 - 1, got the string '1': numbers are not taken from strings, use Number(...)",
      ].join('\n'),
    })
  })

  it('of properties', () => {
    const error = refusal(() => fromProperties('linger.ms=soon\nacks=2\nretries=1\npartitioner.class=x.Y'))
    expect(error).toMatchObject({
      key: 'linger.ms',
      message: expect.stringMatching(/^3 errors in the properties:\n- linger/),
    })
    expect(error.problems.map(({ key }) => key)).toEqual(['linger.ms', 'acks', 'partitioner.class'])
  })

  it('and a single problem keeps its message', () => {
    expect(ofProducer({ bootstrapServers, acks: 2 }).message).toBe("acks must be 'all', -1, 0 or 1, got 2")
  })
})

describe('a feature that this version does not have is named at once', () => {
  it.each([
    [{ transactionalId: 't' }, 'transactionalId', 'transactionalId is not supported by this version yet'],
    [
      { transactionId: 't' },
      'transactionId',
      "unknown config key 'transactionId': did you mean transactionalId (which this version does not support yet)?",
    ],
    [{ interceptorClasses: [] }, 'interceptorClasses', 'use interceptors instead'],
  ])('%o', (given, key, message) => {
    const error = ofProducer({ bootstrapServers, ...given })
    expect(error.problems).toHaveLength(1)
    expect(error).toMatchObject({ key, message: expect.stringContaining(message) })
  })

  it("in an admin's config too", () => {
    expect(ofAdmin({ bootstrapServers, enableMetricsPush: true })).toMatchObject({
      key: 'enableMetricsPush',
      message: 'enableMetricsPush true is not supported by this version yet: use false',
    })
  })

  it('in properties too', () => {
    const error = refusal(() => fromProperties({ 'security.protocol': 'SASL_SSL', 'transactional.id': 't' }))
    expect(error.message).toBe('transactional.id is not supported by this version yet: leave it out')
  })
})
