import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KafkaError } from '../../../../src/errors.js'
import type { Cluster } from '../../../../src/network/cluster.js'
import type { NetworkOptions } from '../../../../src/network/network-options.js'
import { InitProducerId } from '../../../../src/protocol/init-producer-id.js'
import { type FakeBroker, metadataTopic } from '../../../support/fake-broker.js'
import { MetadataWorld } from '../../../support/metadata-world.js'
import { turns } from '../../../support/turns.js'

const ADDRESS = '10.0.0.1:9092'
const BOOTSTRAP = `${ADDRESS} (bootstrap)`
const NODE_1 = `${ADDRESS} (node 1)`

let fake: MetadataWorld
let broker: FakeBroker
let cluster: Cluster

beforeEach(() => {
  fake = new MetadataWorld()
  broker = fake.addBroker(1)
})

afterEach(async () => {
  cluster.close()
  await turns()
  expect(fake.clock.pending).toBe(0)
})

async function pass(ms: number, steps = ms / 100): Promise<void> {
  for (let i = 0; i < steps; i++) {
    fake.clock.advance(ms / steps)
    await turns(12)
  }
}

const message = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: KafkaError) => error.message,
  )

/** The errors of a wait for a broker and of a wait for a topic after five seconds. */
async function told(options: Partial<NetworkOptions> = {}): Promise<string[]> {
  cluster = fake.client(options)
  const deadlineMs = fake.clock.now() + 5_000
  const waits = [message(cluster.ready(deadlineMs)), message(cluster.waitForTopic('t', deadlineMs))]
  await turns(12)
  await pass(5_000)
  return Promise.all(waits)
}

const all = (why: string): string[] =>
  ['no broker is ready', 'topic t is not in the metadata'].map((what) => `${what} after 5000 ms: ${why}`)

describe('before the first failure, a timeout names', () => {
  it('the address that takes no connection', async () => {
    fake.network.on(ADDRESS, 'hang')
    expect(await told()).toEqual(
      all(
        `no broker can be reached: still connecting to broker ${BOOTSTRAP} after 5000 ms: ${ADDRESS}: TCP connect`,
      ),
    )
  })

  it('the broker that takes a connection and does not answer', async () => {
    broker.isSilent = true
    expect(await told()).toEqual(
      all(
        `no broker can be reached: still connecting to broker ${BOOTSTRAP} after 5000 ms: ${ADDRESS}: ApiVersions`,
      ),
    )
  })

  it('the host name whose look-up has not ended', async () => {
    fake.names.set('somewhere', null)
    expect(await told({ bootstrapServers: [{ host: 'somewhere', port: 9092 }] })).toEqual(
      all(
        'no broker can be reached: still connecting to broker somewhere:9092 (bootstrap) after 5000 ms: looking up somewhere',
      ),
    )
  })

  it('the addresses that were tried, and why they failed', async () => {
    fake.names.set('somewhere', ['10.0.0.8', '10.0.0.9'])
    fake.network.on('10.0.0.9:9092', 'hang')
    expect(await told({ bootstrapServers: [{ host: 'somewhere', port: 9092 }] })).toEqual(
      all(
        'no broker can be reached: still connecting to broker somewhere:9092 (bootstrap) after 5000 ms: 10.0.0.8:9092: TCP connect: connection refused: nothing listens there (ECONNREFUSED); 10.0.0.9:9092: TCP connect',
      ),
    )
  })

  it('each broker that was tried', async () => {
    for (const id of [7, 8]) fake.network.on(`10.0.0.${id}:9092`, 'hang')
    const [ready] = await told({
      bootstrapServers: [7, 8].map((id) => ({ host: `10.0.0.${id}`, port: 9092 })),
    })
    // The second one is tried beside the first after a second.
    expect(ready).toMatch(
      /still connecting to broker 10\.0\.0\.7:9092 \(bootstrap\) after (5000|4000) ms: .*TCP connect\. still/,
    )
    expect(ready).toMatch(/still connecting to broker 10\.0\.0\.8:9092 \(bootstrap\) after (5000|4000) ms: /)
  })

  it('the broker that throttles the client, and for how long', async () => {
    broker.throttleTimeMs = 600_000
    expect(await told()).toEqual(all(`broker ${BOOTSTRAP} asked for a pause of 600000 ms`))
  })
})

describe('the broker that does not answer a Metadata request is named', () => {
  it('with the time since the request', async () => {
    broker.metadata = () => null
    cluster = fake.client()
    await cluster.ready(1_000)
    await pass(1_000)
    const topic = message(cluster.waitForTopic('t', fake.clock.now() + 5_000))
    await pass(1_000)
    const other = message(cluster.waitForTopic('u', fake.clock.now() + 4_500))
    await pass(4_500)
    expect(await topic).toBe(
      `topic t is not in the metadata after 5000 ms: broker ${BOOTSTRAP} has not answered the Metadata request after 5000 ms`,
    )
    expect(await other).toBe(
      `topic u is not in the metadata after 4500 ms: broker ${BOOTSTRAP} has not answered the Metadata request after 5500 ms`,
    )
  })

  it('after the earlier failure', async () => {
    fake.topics.set('t', metadataTopic('t', 'AAAAAAAAAAAAAAAAAAAAAQ', [1]))
    cluster = fake.client({ retryBackoffMs: 100, retryBackoffMaxMs: 100 })
    const missing = message(cluster.waitForTopic('missing', fake.clock.now() + 5_000))
    await turns(20)
    broker.metadata = () => null
    await pass(5_000)
    expect(await missing).toMatch(
      /^topic missing is not in the metadata after 5000 ms: .*UNKNOWN_TOPIC_OR_PARTITION.*\. broker 10\.0\.0\.1:9092 \(node 1\) has not answered the Metadata request after 4\d00 ms$/,
    )
  })

  it('until it has answered', async () => {
    cluster = fake.client({ retryBackoffMs: 100, retryBackoffMaxMs: 100 })
    const missing = message(cluster.waitForTopic('missing', fake.clock.now() + 5_000))
    await pass(5_000)
    expect(await missing).toMatch(/UNKNOWN_TOPIC_OR_PARTITION/)
    expect(await missing).not.toMatch(/has not answered/)
  })
})

it('a timeout names a broker that has as many requests in flight as it may', async () => {
  fake.topics.set('t', metadataTopic('t', 'AAAAAAAAAAAAAAAAAAAAAQ', [1]))
  cluster = fake.client({ maxInFlightRequestsPerConnection: 2 })
  const known = cluster.waitForTopic('t', 5_000)
  await turns(12)
  await known
  const ready = cluster.ready(5_000)
  await turns(12)
  const node = await ready
  const request = { transactionalId: null, transactionTimeoutMs: 1, producerId: -1n, producerEpoch: -1 }
  const ended = [1, 2].map(() => message(node.request(InitProducerId, request)))
  const another = message(cluster.ready(fake.clock.now() + 2_000))
  await pass(2_000)
  expect(await another).toBe(`no broker is ready after 2000 ms: broker ${NODE_1} is busy with 2 request(s)`)
  cluster.close()
  await Promise.all(ended)
})

it('a timeout names the attempt that is under way after the failure of the last one', async () => {
  cluster = fake.client({ bootstrapServers: [{ host: '10.0.0.8', port: 9092 }], reconnectBackoffMs: 1_000 })
  const ready = message(cluster.ready(5_000))
  await turns(12)
  fake.network.on('10.0.0.8:9092', 'hang')
  await pass(5_000)
  expect(await ready).toMatch(
    /^no broker is ready after 5000 ms: no broker can be reached: cannot connect to broker 10\.0\.0\.8:9092 \(bootstrap\): .*ECONNREFUSED\)\. still connecting to broker 10\.0\.0\.8:9092 \(bootstrap\) after \d+ ms: 10\.0\.0\.8:9092: TCP connect$/,
  )
})

it('a timeout has the same reasons in the errors of the producer', async () => {
  cluster = fake.client()
  fake.network.on(ADDRESS, 'hang')
  const producer = fake.producer({ maxBlockMs: 5_000 })
  const connected = message(producer.connect())
  const sent = message(producer.send({ topic: 't', value: 'v' }))
  await turns(12)
  await pass(5_200)
  const why = `after 5000 ms: no broker can be reached: still connecting to broker ${BOOTSTRAP} after 5000 ms: ${ADDRESS}: TCP connect`
  expect(await connected).toBe(`timed out after max.block.ms=5000: no broker is ready ${why}`)
  expect(await sent).toContain(`topic t is not in the metadata ${why}`)
  await producer.close({ timeoutMs: 0 })
})
