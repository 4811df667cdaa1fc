import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type ProducerConfig, resolveConfig } from '../../../src/config/config.js'
import { configKeys, configTable } from '../../../src/config/table.js'
import { defaultLogger } from '../../../src/environment/stderr-logger.js'
import { ConfigError } from '../../../src/errors.js'
import { silentLogger } from '../../../src/logger.js'

const bootstrapServers = 'localhost:9092'

/** Resolves a config that the types would refuse. */
function resolve(given: object) {
  return resolveConfig({ bootstrapServers, ...given } as ProducerConfig, () => 1)
}

function resolveAnything(given: unknown) {
  return resolveConfig(given as ProducerConfig)
}

function refusal(given: object): ConfigError {
  try {
    resolve(given)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a config with bootstrapServers only', () => {
  const config = resolve({})

  it('has a value for every key of the table', () => {
    expect(Object.keys(config).sort()).toEqual([...configKeys, 'lingerIsGiven'].sort())
    expect(Object.values(config)).not.toContain(undefined)
  })

  it('knows whether lingerMs was given', () => {
    expect(config.lingerIsGiven).toBe(false)
    expect(resolve({ lingerMs: undefined }).lingerIsGiven).toBe(false)
    expect(resolve({ lingerMs: 5 }).lingerIsGiven).toBe(true)
  })

  it('logs warnings and errors to stderr', () => {
    expect(config.logger).toBe(defaultLogger)
    expect(resolve({ logger: false }).logger).toBe(silentLogger)
  })

  it("has Java's defaults", () => {
    expect(config).toMatchObject({
      bootstrapServers: [{ host: 'localhost', port: 9092 }],
      acks: -1,
      batchSize: 16384,
      bufferMemory: 33554432,
      clientDnsLookup: 'use_all_dns_ips',
      compressionType: 'none',
      compressionGzipLevel: -1,
      connectionsMaxIdleMs: 540000,
      deliveryTimeoutMs: 120000,
      enableIdempotence: true,
      lingerMs: 5,
      maxBlockMs: 60000,
      maxInFlightRequestsPerConnection: 5,
      maxRequestSize: 1048576,
      metadataMaxAgeMs: 300000,
      metadataMaxIdleMs: 300000,
      metadataRecoveryStrategy: 'rebootstrap',
      partitioner: 'default',
      partitionerAdaptivePartitioningEnable: true,
      partitionerAvailabilityTimeoutMs: 0,
      partitionerIgnoreKeys: false,
      reconnectBackoffMs: 50,
      reconnectBackoffMaxMs: 1000,
      requestTimeoutMs: 30000,
      retries: 2147483647,
      retryBackoffMs: 100,
      retryBackoffMaxMs: 1000,
      socketConnectionSetupTimeoutMs: 10000,
      socketConnectionSetupTimeoutMaxMs: 30000,
      transactionalId: null,
      transactionTimeoutMs: 60000,
    })
  })

  it('is frozen with its lists', () => {
    expect(Object.isFrozen(config)).toBe(true)
    for (const value of Object.values(config))
      if (Array.isArray(value)) expect(Object.isFrozen(value)).toBe(true)
  })
})

describe('the config object', () => {
  it.each([undefined, null, 'localhost:9092', ['localhost:9092'], 5])(
    'must be an object, not %j',
    (given) => {
      expect(() => resolveAnything(given)).toThrow('the config must be an object')
    },
  )

  it('must name brokers', () => {
    const error = refusal({ bootstrapServers: undefined })
    expect(error.message).toBe('bootstrapServers is missing: name at least one broker as host:port')
    expect(error).toMatchObject({ key: 'bootstrapServers', code: 'INVALID_CONFIG', retriable: false })
  })

  it('counts with its own properties only', () => {
    const inherited = Object.create({ lingerMs: -1, nonsense: 1 })
    expect(resolveConfig(Object.assign(inherited, { bootstrapServers })).lingerMs).toBe(5)
  })

  it('is not changed, and its lists are copied', () => {
    const servers = ['a:1']
    const given = Object.freeze({ bootstrapServers: servers })
    const config = resolveConfig(given)
    servers.push('b:2')
    expect(config.bootstrapServers).toEqual([{ host: 'a', port: 1 }])
  })

  it('may have undefined for every key that is optional', () => {
    expect(resolve(Object.fromEntries(configKeys.slice(1).map((key) => [key, undefined])))).toEqual(
      resolve({}),
    )
  })

  it('may have null for a key whose default is null, and for no other', () => {
    for (const key of configKeys) {
      const entry = configTable[key]
      if ('default' in entry && entry.default === null) {
        expect(resolve({ [key]: null })).toEqual(resolve({}))
      } else if (key !== 'bootstrapServers') {
        expect(refusal({ [key]: null }).message).toMatch(`${key} must be`)
      }
    }
  })
})

describe('a value', () => {
  const whole = 'must be a whole number from'

  it.each([
    [{ batchSize: -1 }, `batchSize ${whole} 0 to 2147483647, got -1`],
    [{ batchSize: 2147483648 }, `batchSize ${whole} 0 to 2147483647, got 2147483648`],
    [{ batchSize: 1.5 }, `batchSize ${whole} 0 to 2147483647, got 1.5`],
    [{ batchSize: Number.NaN }, `batchSize ${whole} 0 to 2147483647, got NaN`],
    [{ batchSize: 16384n }, `batchSize ${whole} 0 to 2147483647, got the bigint 16384n`],
    [
      { batchSize: '16384' },
      `batchSize ${whole} 0 to 2147483647, got the string '16384': numbers are not taken from strings, use Number(...)`,
    ],
    [{ lingerMs: Number.POSITIVE_INFINITY }, `lingerMs ${whole} 0 to 2^53 - 1, got Infinity`],
    [{ lingerMs: 2 ** 53 }, `lingerMs ${whole} 0 to 2^53 - 1, got 9007199254740992`],
    [{ metadataMaxIdleMs: 4999 }, `metadataMaxIdleMs ${whole} 5000 to 2^53 - 1, got 4999`],
    [{ compressionGzipLevel: 0 }, `compressionGzipLevel ${whole} 1 to 9, or -1, got 0`],
    [{ compressionZstdLevel: 23 }, `compressionZstdLevel ${whole} -131072 to 22, got 23`],
    [{ connectionsMaxIdleMs: 0.5 }, 'connectionsMaxIdleMs must be a whole number, got 0.5'],
    [
      { enableIdempotence: 'true' },
      "enableIdempotence must be true or false, got the string 'true': booleans",
    ],
    [{ enableIdempotence: 1 }, 'enableIdempotence must be true or false, got 1'],
    [{ acks: '1' }, "acks must be 'all', -1, 0 or 1, got the string '1': numbers are not taken from strings"],
    [{ acks: 2 }, "acks must be 'all', -1, 0 or 1, got 2"],
    [{ acks: 'ALL' }, "acks must be 'all', -1, 0 or 1, got the string 'ALL'"],
    [
      { compressionType: 'brotli' },
      "compressionType must be 'none', 'gzip', 'snappy', 'lz4' or 'zstd', got the string 'brotli'",
    ],
    [{ compressionType: 'GZIP' }, "got the string 'GZIP'"],
    [{ clientId: 7 }, 'clientId must be a string, at most 32767 bytes, got 7'],
    [{ clientId: 'é'.repeat(16384) }, 'clientId must be a string, at most 32767 bytes, got the string'],
    [{ transactionTimeoutMs: 0 }, `transactionTimeoutMs ${whole} 1 to 2147483647, got 0`],
    [{ partitioner: 'random' }, "'default', 'round-robin', 'crc32-consistent' or a function, got the string"],
    [{ partitioner: {} }, 'got an object'],
    [
      { logger: {} },
      'logger must be an object with the functions debug, info, warn and error, or false, got an object',
    ],
  ])('is refused: %o', (given, message) => {
    const error = refusal(given)
    expect(error.message).toContain(message)
    expect(error.key).toBe(Object.keys(given)[0])
  })

  it.each([
    [{ batchSize: 0 }, { batchSize: 0 }],
    [{ batchSize: -0 }, { batchSize: 0 }],
    [{ compressionGzipLevel: 9 }, { compressionGzipLevel: 9 }],
    [{ compressionType: 'gzip' }, { compressionType: 'gzip' }],
    [{ connectionsMaxIdleMs: -1 }, { connectionsMaxIdleMs: -1 }],
    [{ maxBlockMs: Number.MAX_SAFE_INTEGER }, { maxBlockMs: Number.MAX_SAFE_INTEGER }],
    [{ acks: 'all' }, { acks: -1 }],
    [{ acks: -1 }, { acks: -1 }],
    [{ acks: 0 }, { acks: 0 }],
    [{ logger: console }, { logger: console }],
    [{ interceptors: [] }, { interceptors: [] }],
  ])('is accepted: %o', (given, resolved) => {
    expect(resolve(given)).toMatchObject(resolved)
  })

  it("may be a user's partitioner function", () => {
    const partitioner = () => 0
    expect(resolve({ partitioner }).partitioner).toBe(partitioner)
  })

  it('is cut in the message if it is long', () => {
    expect(refusal({ compressionType: 'x'.repeat(1000) }).message.length).toBeLessThan(250)
  })
})

describe('a setting that this version does not support', () => {
  it.each([
    [
      { compressionType: 'zstd' },
      "compressionType 'zstd' is not supported by this version yet: use 'none' or 'gzip'",
    ],
    [{ transactionalId: 'payments' }, 'transactionalId is not supported by this version yet: leave it out'],
    [{ transactionTwoPhaseCommitEnable: true }, 'use false'],
    [{ keySerializer: () => null }, 'keySerializer is not supported'],
    [{ keySerializer: 'string' }, 'keySerializer is not supported by this version yet: leave it out'],
    [{ transactionalId: '' }, 'transactionalId is not supported'],
    [{ valueSerializer: () => null }, 'valueSerializer is not supported'],
    [{ enableMetricsPush: true }, 'enableMetricsPush true is not supported by this version yet: use false'],
    [{ metricsNumSamples: 3 }, 'metricsNumSamples 3 is not supported by this version yet: use 2'],
    [{ clientDnsLookup: 'resolve_canonical_bootstrap_servers_only' }, "use 'use_all_dns_ips'"],
  ])('is refused: %o', (given, message) => {
    expect(refusal(given).message).toContain(message)
  })
})

describe('secrets', () => {
  const canary = 'hunter2-canary'

  it.each([
    { securityProtocol: 'SSL', sslKeystorePassword: canary },
    { securityProtocol: 'SSL', sslKeystoreKey: canary },
    { securityProtocol: 'SSL', sslTruststoreType: 'PEM', sslTruststorePassword: canary },
    { sslKeyPassword: [canary] },
    {
      securityProtocol: 'SASL_SSL',
      saslMechanism: 'PLAIN',
      saslJaasConfig: `x required password="${canary}";`,
    },
    { sasl: { password: canary } },
    { sasl: canary },
    { tls: { passphrase: canary } },
    { tls: canary },
    { sslKeystorePassword: [canary] },
    { saslPasword: canary },
    { bootstrapServers: `user:${canary}@host:9092` },
  ])('are in no error: %o', (given) => {
    expect(inspect(refusal(given), { depth: 9, showHidden: true })).not.toContain(canary)
  })
})

describe('the client id', () => {
  it('is generated and counts up across the process', () => {
    const first = resolveConfig({ bootstrapServers }).clientId
    const second = resolveConfig({ bootstrapServers }).clientId
    expect(first).toMatch(/^producer-[1-9]\d*$/)
    expect(Number(second.slice(9))).toBe(Number(first.slice(9)) + 1)
  })

  it('is not counted for a config that is refused', () => {
    const numbers: number[] = []
    const count = () => numbers.push(1)
    expect(() => resolveConfig({ bootstrapServers, compressionType: 'lz4' }, count)).toThrow(ConfigError)
    expect(numbers).toEqual([])
    expect(resolveConfig({ bootstrapServers }, count).clientId).toBe('producer-1')
  })

  it.each(['', 'billing'])("is the given one: '%s'", (clientId) => {
    expect(resolve({ clientId }).clientId).toBe(clientId)
  })
})
