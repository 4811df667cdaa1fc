import { describe, expect, it } from 'vitest'
import { type AdminConfig, adminConfigOf, resolveAdminConfig } from '../../../src/admin/admin-config.js'
import { fromProperties } from '../../../src/producer/config/config.js'

const bootstrapServers = 'localhost:9092'
const resolve = (config: Record<string, unknown>) =>
  resolveAdminConfig({ bootstrapServers, ...config } as AdminConfig)

describe('the config of an admin', () => {
  it('has the defaults of connections, a client id of its own, and never creates topics by asking', () => {
    const { network, defaultApiTimeoutMs } = resolve({})
    expect(network).toMatchObject({
      bootstrapServers: [{ host: 'localhost', port: 9092 }],
      requestTimeoutMs: 30_000,
      allowAutoTopicCreation: false,
    })
    expect(network.clientId).toMatch(/^admin-\d+$/)
    expect(defaultApiTimeoutMs).toBe(60_000)
    expect(resolve({ clientId: 'mine', defaultApiTimeoutMs: 5 })).toMatchObject({
      network: { clientId: 'mine' },
      defaultApiTimeoutMs: 5,
    })
    expect(resolve({ clientId: undefined }).network.clientId).toMatch(/^admin-/)
  })

  it.each([
    [{ acks: 1 }, "config key 'acks' is for producers"],
    [{ keySerializer: () => null }, "'keySerializer' is for producers"],
    [{ retryBackofMs: 5 }, 'did you mean retryBackoffMs'],
    [{ requestTimeoutMs: '5' }, 'requestTimeoutMs must be a whole number'],
    [{ defaultApiTimeoutMs: -1 }, 'defaultApiTimeoutMs must be a whole number'],
    [{ bootstrapServers: undefined }, 'bootstrapServers is missing'],
  ])('%o is refused', (config, message) => {
    expect(() => resolve(config)).toThrow(message)
  })

  it('can be the part of a file of settings that a producer shares', () => {
    const config = fromProperties({
      'bootstrap.servers': bootstrapServers,
      acks: '1',
      'retry.backoff.ms': '7',
    })
    expect(adminConfigOf(config)).toEqual({ bootstrapServers, retryBackoffMs: 7 })
  })
})
