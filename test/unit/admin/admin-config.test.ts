import { describe, expect, it } from 'vitest'
import { resolveAdminConfig } from '../../../src/admin/admin-config.js'
import { fromProperties } from '../../../src/config/config.js'
import type { AdminConfig } from '../../../src/config/given/admin-config.js'
import { nodeEnvironment } from '../../../src/environment/node-environment.js'

const bootstrapServers = 'localhost:9092'
const resolve = (config: Record<string, unknown>) =>
  resolveAdminConfig({ bootstrapServers, ...config } as AdminConfig, nodeEnvironment)

describe('the config of an admin', () => {
  it('has the defaults for connections, its own client id, and no topic creation by metadata requests', () => {
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
    [{ 'linger.ms': 1 }, "config key 'linger.ms' is for producers"],
    [{ retryBackofMs: 5 }, 'did you mean retryBackoffMs'],
    [{ requestTimeoutMs: '5' }, 'requestTimeoutMs must be a whole number'],
    [{ defaultApiTimeoutMs: -1 }, 'defaultApiTimeoutMs must be a whole number'],
    [{ bootstrapServers: undefined }, 'bootstrapServers is missing'],
  ])('%o is refused', (config, message) => {
    expect(() => resolve(config)).toThrow(message)
  })

  it("is made of a producer's config too, whose other settings are left to the producer", () => {
    const file = fromProperties('bootstrap.servers=localhost:9092\nacks=1\nretry.backoff.ms=7\nclient.rack=a')
    const { network } = resolve({ ...file, keySerializer: () => null, lingerMs: 'soon' })
    expect(network).toMatchObject({
      bootstrapServers: [{ host: 'localhost', port: 9092 }],
      retryBackoffMs: 7,
    })
  })
})
