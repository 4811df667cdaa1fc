import { expect, it } from 'vitest'
import { ConfigError } from '../../../src/errors.js'
import { EmbeddedCluster, type EmbeddedClusterOptions } from '../../../src/testing/index.js'

/** Its listener must not be called: options are checked before a port is opened. */
const environment = {
  clock: { now: () => 0, wallTime: () => 0, setTimer: () => ({ cancel: () => {} }) },
  random: () => 0.5,
  listen: () => Promise.reject(new Error('it listens already')),
}

it.each<[string, unknown]>([
  ['options', null],
  ['options', 'three brokers'],
  ['options', []],
  ['broker', { broker: 3 }],
  ['bootstrapServers', { bootstrapServers: 'localhost:9092' }],
  ['port', { port: '9092' }],
  ['port', { port: -1 }],
  ['port', { port: Number.NaN }],
  ['config', { config: 'auto.create.topics.enable' }],
  ['config', { config: null }],
  ['autoCreation', { autoCreation: true }],
  ['autoCreation', { autoCreation: 'kafka' }],
  ['environment', { environment: 5 }],
  ['tls', { tls: true }],
  ['tls', { tls: { key: 'x' } }],
  ['tls', { tls: { key: 'x', cert: 'y' } }],
  ['certificate', { tls: { key: 'x', certificate: 'y' } }],
  ['topics', { topics: 'orders' }],
  ['topics', { topics: { topic: 'orders' } }],
  ['topics', { topics: [null] }],
  ['topics', { topics: [5] }],
  ['topics', { topics: [undefined] }],
  ['topics', { topics: [['orders']] }],
  ['topic', { topics: [{}] }],
  ['topic', { topics: [{ topic: 5 }] }],
  ['name', { topics: [{ name: 'orders' }] }],
  ['partitions', { topics: [{ topic: 'orders', partitions: 3 }] }],
  ['numPartitions', { topics: [{ topic: 'orders', numPartitions: '3' }] }],
  ['replicationFactor', { topics: [{ topic: 'orders', replicationFactor: 1.5 }] }],
  ['configs', { topics: [{ topic: 'orders', configs: [] }] }],
  ['assignments', { topics: [{ topic: 'orders', assignments: [1] }] }],
])('a cluster names %s as the error in %j', async (key, options) => {
  const given = typeof options === 'object' && options !== null && !Array.isArray(options)
  const start = EmbeddedCluster.start(
    (given ? { environment, ...options } : options) as EmbeddedClusterOptions,
  )
  const error = await start.then(
    (cluster) => cluster.close(),
    (failure: unknown) => failure,
  )
  expect(error).toBeInstanceOf(ConfigError)
  expect(error).toMatchObject({ key, message: expect.stringContaining(key) })
})
