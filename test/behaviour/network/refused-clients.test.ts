import { Buffer } from 'node:buffer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AuthenticationError, type KafkaError } from '../../../src/errors.js'
import type { Cluster } from '../../../src/network/cluster.js'
import type { Producer } from '../../../src/producer/producer.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { Produce } from '../../../src/protocol/produce.js'
import { metadataResponse, metadataTopic } from '../../support/fake-broker.js'
import { MetadataWorld } from '../../support/metadata-world.js'
import { passTime } from '../../support/pass-time.js'
import { turns } from '../../support/turns.js'

const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'
/** The alert of a port that speaks TLS. The client will not get further there, however often it tries. */
const ALERT = Buffer.from([0x15, 3, 3, 0, 2, 2, 80])
const bootstrapServers = [1, 2].map((id) => ({ host: `10.0.0.${id}`, port: 9092 }))

let world: MetadataWorld
let client: Cluster | undefined
let producer: Producer | undefined

beforeEach(() => {
  world = new MetadataWorld()
  world.topics.set('orders', metadataTopic('orders', TOPIC_ID, [1, 2]))
})

afterEach(async () => {
  client?.close()
  await producer?.close({ timeoutMs: 0 })
  client = undefined
  producer = undefined
})

const refuse = (...ids: number[]): void => {
  for (const id of ids) {
    world.network.on(`10.0.0.${id}:9092`, (peer) => {
      peer.onBytes = () => peer.send(ALERT)
    })
  }
}

const outcome = (promise: Promise<unknown>): Promise<KafkaError | 'found'> =>
  promise.then(
    () => 'found' as const,
    (error) => error,
  )

describe('a broker that refuses the client', () => {
  it.each([[1], [2]])('does not end a wait while another one takes the client: %i', async (refusing) => {
    world.addBroker(1)
    world.addBroker(2)
    refuse(refusing)
    client = world.client({ bootstrapServers })
    const found = outcome(client.waitForTopic('orders', 60_000))
    await passTime(world.clock, 2_000, 20, 8)
    expect(await found).toBe('found')
  })

  it('ends it at once if every broker refuses', async () => {
    refuse(1, 2)
    client = world.client({ bootstrapServers })
    const found = outcome(client.waitForTopic('orders', 60_000))
    await passTime(world.clock, 2_000, 20, 8)
    const error = await found
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(error).toMatchObject({ code: 'TLS_REQUIRED' })
  })

  it('ends it if no other broker can be reached', async () => {
    refuse(1)
    client = world.client({ bootstrapServers })
    const found = outcome(client.waitForTopic('orders', 60_000))
    await passTime(world.clock, 2_000, 20, 8)
    expect(await found).toBeInstanceOf(AuthenticationError)
  })
})

describe('a bootstrap server that once refused the client', () => {
  it('is asked again before that counts, when the known brokers are given up', async () => {
    world.addBroker(9)
    world.addBroker(1)
    world.advertised = world.advertised.filter(({ nodeId }) => nodeId === 1)
    world.topics.set('orders', metadataTopic('orders', TOPIC_ID, [1]))
    client = world.client({ bootstrapServers: [{ host: '10.0.0.9', port: 9092 }] })
    const known = outcome(client.waitForTopic('orders', 60_000))
    await passTime(world.clock, 1_000, 20, 8)
    expect(await known).toBe('found')
    refuse(1, 9)
    for (const peer of world.network.open) peer.fail('ECONNRESET')
    client.requestUpdate()
    await passTime(world.clock, 5_000, 20, 8)
    expect(world.log).toContain('refused TLS_REQUIRED')

    const broker = world.addBroker(1)
    world.advertised = world.advertised.slice(-1)
    await passTime(world.clock, 20_000, 20, 8)
    expect(client.node(1)?.isReady).toBe(true)
    world.log.length = 0
    world.network.on('10.0.0.9:9092', 'hang')
    broker.metadata = () => metadataResponse([], [], ErrorCode.REBOOTSTRAP_REQUIRED)
    client.requestUpdate()
    await passTime(world.clock, 500, 20, 8)
    expect(world.log).toContain('disconnected 1')
    expect(world.log).not.toContain('refused TLS_REQUIRED')

    refuse(9)
    for (const peer of world.network.open) peer.fail('ECONNRESET')
    await passTime(world.clock, 60_000, 20, 8)
    expect(world.log).toContain('refused TLS_REQUIRED')
  })
})

describe('records that wait for brokers which refuse the client', () => {
  async function started(): Promise<Producer> {
    world.addBroker(1)
    world.addBroker(2)
    producer = world.producer({ enableIdempotence: false, bootstrapServers: '10.0.0.1:9092' })
    const parts = outcome(producer.partitionsFor('orders'))
    await passTime(world.clock, 500, 20, 8)
    expect(await parts).toBe('found')
    return producer
  }

  it('fail at once when every broker refuses, and the producer tries again with the next record', async () => {
    const sending = await started()
    refuse(1, 2)
    for (const peer of world.network.open) peer.fail('ECONNRESET')
    await turns(8)
    const first = outcome(sending.send({ topic: 'orders', partition: 1, value: 'a' }))
    await passTime(world.clock, 5_000, 20, 8)
    const error = await first
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(error).toMatchObject({
      code: 'TLS_REQUIRED',
      topic: 'orders',
      partition: 1,
      possiblyPersisted: false,
    })
    world.addBroker(1)
    world.addBroker(2)
    const second = sending.send({ topic: 'orders', partition: 1, value: 'b' })
    await passTime(world.clock, 5_000, 20, 8)
    expect([...world.brokers.values()].flatMap(({ waiting }) => waiting)).toHaveLength(1)
    await sending.close({ timeoutMs: 0 })
    await outcome(second)
  })

  it('fail as possibly written if an earlier attempt was sent', async () => {
    const sending = await started()
    const sent = outcome(sending.send({ topic: 'orders', partition: 0, value: 'a' }))
    await passTime(world.clock, 500, 20, 8)
    expect(world.brokers.get(1)?.waiting[0]).toMatchObject({ apiKey: Produce.key })
    refuse(1, 2)
    for (const peer of world.network.open) peer.fail('ECONNRESET')
    await passTime(world.clock, 5_000, 20, 8)
    const error = await sent
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(error).toMatchObject({ code: 'TLS_REQUIRED', attempts: 1, possiblyPersisted: true })
  })

  it('wait while another broker takes the client, because it may become their leader', async () => {
    const sending = await started()
    refuse(2)
    for (const peer of world.network.open) peer.fail('ECONNRESET')
    await turns(8)
    let settled: unknown
    void outcome(sending.send({ topic: 'orders', partition: 1, value: 'a' })).then((end) => {
      settled = end
    })
    await passTime(world.clock, 5_000, 20, 8)
    expect(settled).toBeUndefined()
    world.topics.set('orders', metadataTopic('orders', TOPIC_ID, [1, 1]))
    await passTime(world.clock, 10_000, 20, 8)
    // The fake broker does not hold the request back, and so is asked more than once.
    expect(world.brokers.get(1)?.waiting[0]).toMatchObject({ apiKey: Produce.key })
  })
})
