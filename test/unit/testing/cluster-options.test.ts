import { expect, it } from 'vitest'
import { ConfigError } from '../../../src/errors.js'
import { EmbeddedCluster, type EmbeddedClusterOptions } from '../../../src/testing/index.js'

/** A listener that must not be asked for: the options are checked before anything is opened. */
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
  ['environment', { environment: 5 }],
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
])('a cluster names %s as what is wrong with %j', async (key, options) => {
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
