import { describe, expect, it } from 'vitest'
import { type ProducerConfig, resolveConfig } from '../../../src/config/config.js'
import { ConfigError } from '../../../src/errors.js'

type Given = Omit<ProducerConfig, 'bootstrapServers' | 'logger'>

function resolve(given: Given) {
  const log: string[] = []
  const logger = {
    debug: (message: string) => void log.push(`debug: ${message}`),
    info: (message: string) => void log.push(`info: ${message}`),
    warn: (message: string) => void log.push(`warn: ${message}`),
    error: (message: string) => void log.push(`error: ${message}`),
  }
  return { config: resolveConfig({ bootstrapServers: 'a:1', logger, ...given }), log }
}

function refusal(given: Given): ConfigError {
  try {
    resolve(given)
  } catch (error) {
    if (error instanceof ConfigError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('idempotence', () => {
  it.each([
    [{ retries: 0 }, ['info: idempotence is switched off because retries is 0']],
    [{ acks: 1 }, ['info: idempotence is switched off because acks is 1']],
    [
      { retries: 0, acks: 0 },
      [
        'info: idempotence is switched off because retries is 0',
        'info: idempotence is switched off because acks is 0',
      ],
    ],
    [{ enableIdempotence: false }, []],
    [{ enableIdempotence: false, retries: 0, acks: 1 }, []],
  ] as const)('is off without an error: %o', (given, messages) => {
    const { config, log } = resolve(given)
    expect(config.enableIdempotence).toBe(false)
    expect(log).toEqual(messages)
  })

  it.each([
    [
      { enableIdempotence: true, retries: 0 },
      'enableIdempotence is true but retries is 0: idempotence needs',
    ],
    [{ enableIdempotence: true, acks: 1 }, 'enableIdempotence is true but acks is 1: idempotence needs'],
  ] as const)('given as true refuses %o', (given, message) => {
    expect(refusal(given)).toMatchObject({
      key: 'enableIdempotence',
      message: expect.stringContaining(message),
    })
  })

  it.each([
    { maxInFlightRequestsPerConnection: 6 },
    { maxInFlightRequestsPerConnection: 6, enableIdempotence: true },
    { maxInFlightRequestsPerConnection: 6, acks: 1 },
    { maxInFlightRequestsPerConnection: 6, retries: 0 },
  ] as const)('that is not given as false refuses %o', (given) => {
    expect(refusal(given)).toMatchObject({
      key: 'maxInFlightRequestsPerConnection',
      message:
        'maxInFlightRequestsPerConnection is 6 but must be at most 5 unless enableIdempotence is false',
    })
  })

  it('given as false allows any number of requests in flight', () => {
    const given = { maxInFlightRequestsPerConnection: 100, enableIdempotence: false }
    expect(resolve(given).config).toMatchObject(given)
  })

  it.each([
    {},
    { enableIdempotence: true, acks: 'all' },
    { acks: -1, retries: 1, maxInFlightRequestsPerConnection: 5 },
  ] as const)('is on: %o', (given) => {
    expect(resolve(given).config.enableIdempotence).toBe(true)
  })
})

describe('transactions', () => {
  it.each([
    { transactionalId: 't', enableIdempotence: false },
    { transactionalId: 't', acks: 1 },
    { transactionalId: 't', retries: 0 },
  ] as const)('need idempotence: %o', (given) => {
    expect(refusal(given).message).toMatch("transactionalId is 't' but idempotence is off")
  })

  it('need no idempotence without a transactionalId', () => {
    expect(resolve({ transactionalId: null, acks: 1 }).config.enableIdempotence).toBe(false)
  })

  it('have no timeout in a two-phase commit', () => {
    const given = { transactionTwoPhaseCommitEnable: true, transactionTimeoutMs: 60000 }
    expect(refusal(given)).toMatchObject({
      key: 'transactionTimeoutMs',
      message: expect.stringContaining('must be left out with transactionTwoPhaseCommitEnable'),
    })
  })
})

describe('deliveryTimeoutMs', () => {
  it('is refused when it is less than lingerMs + requestTimeoutMs', () => {
    expect(refusal({ deliveryTimeoutMs: 1099, lingerMs: 100, requestTimeoutMs: 1000 })).toMatchObject({
      key: 'deliveryTimeoutMs',
      message:
        'deliveryTimeoutMs is 1099 but must be at least lingerMs + requestTimeoutMs, 100 + 1000 = 1100',
    })
    expect(refusal({ deliveryTimeoutMs: 30004 }).message).toContain('5 + 30000 = 30005')
  })

  it('may be equal to that sum', () => {
    const given = { deliveryTimeoutMs: 1100, lingerMs: 100, requestTimeoutMs: 1000 }
    expect(resolve(given)).toMatchObject({ config: given, log: [] })
  })

  it('is raised to that sum when it was not given', () => {
    const { config, log } = resolve({ requestTimeoutMs: 120_000 })
    expect(config.deliveryTimeoutMs).toBe(120_005)
    expect(log).toEqual([
      'warn: deliveryTimeoutMs is raised from 120000 to 120005, which is lingerMs + requestTimeoutMs',
    ])
  })

  it('is raised to the largest int at most, and so is lingerMs counted', () => {
    const { config } = resolve({ lingerMs: Number.MAX_SAFE_INTEGER })
    expect(config).toMatchObject({ lingerMs: 2147483647, deliveryTimeoutMs: 2147483647 })
  })
})

describe('backoff', () => {
  it.each([
    ['retryBackoffMs', 'retryBackoffMaxMs'],
    ['socketConnectionSetupTimeoutMs', 'socketConnectionSetupTimeoutMaxMs'],
    ['reconnectBackoffMs', 'reconnectBackoffMaxMs'],
  ] as const)('%s above its maximum is constant', (key, maxKey) => {
    const { config, log } = resolve({ [key]: 500, [maxKey]: 200 })
    expect(config).toMatchObject({ [key]: 200, [maxKey]: 200 })
    expect(log).toEqual([`warn: ${key} is 500, above ${maxKey}: it will be 200 every time`])
  })

  it.each(['retryBackoffMs', 'socketConnectionSetupTimeoutMs'] as const)(
    '%s above the default maximum is constant too',
    (key) => {
      const { config, log } = resolve({ [key]: 90_000 })
      expect(config[key]).toBe(key === 'retryBackoffMs' ? 1000 : 30_000)
      expect(log).toHaveLength(1)
    },
  )

  it('up to its maximum is not changed', () => {
    const given = {
      retryBackoffMs: 300,
      retryBackoffMaxMs: 300,
      reconnectBackoffMs: 1,
      reconnectBackoffMaxMs: 9,
    }
    expect(resolve(given)).toMatchObject({ config: given, log: [] })
  })

  it.each([10, 5000])('of reconnects is constant when its maximum is not given: %i', (reconnectBackoffMs) => {
    const { config, log } = resolve({ reconnectBackoffMs })
    expect(config).toMatchObject({ reconnectBackoffMs, reconnectBackoffMaxMs: reconnectBackoffMs })
    expect(log).toHaveLength(1)
    expect(log[0]).toContain(
      `warn: reconnectBackoffMs is ${reconnectBackoffMs} and reconnectBackoffMaxMs is not given`,
    )
  })
})

describe('authentication', () => {
  it.each(['SASL_SSL', 'SASL_PLAINTEXT'] as const)('with %s needs a mechanism', (securityProtocol) => {
    expect(refusal({ securityProtocol, saslMechanism: '' }).problems).toContainEqual({
      key: 'saslMechanism',
      message: `saslMechanism must not be empty with securityProtocol '${securityProtocol}'`,
    })
  })
})

describe('batchSize', () => {
  it('above bufferMemory is refused', () => {
    expect(refusal({ batchSize: 600_000, bufferMemory: 500_000 }).message).toBe(
      'batchSize is 600000 but must not be above bufferMemory, 500000: no batch would ever find room',
    )
  })

  it('equal to bufferMemory is accepted, and the default is lowered to bufferMemory', () => {
    expect(resolve({ batchSize: 500, bufferMemory: 500 }).config.batchSize).toBe(500)
    expect(resolve({ bufferMemory: 500 }).config.batchSize).toBe(500)
  })
})
