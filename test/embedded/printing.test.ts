import assert from 'node:assert/strict'
import { once } from 'node:events'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Admin } from '../../src/admin/admin.js'
import { Producer } from '../../src/producer/producer.js'
import { EmbeddedCluster, type StoredRecord } from '../../src/testing/index.js'

let cluster: EmbeddedCluster
let producer: Producer
let admin: Admin

beforeEach(async () => {
  cluster = await EmbeddedCluster.start({ brokers: 2, topics: [{ topic: 'orders', replicationFactor: 1 }] })
  producer = new Producer({ bootstrapServers: cluster.bootstrapServers, clientId: 'web' })
  admin = new Admin({ bootstrapServers: cluster.bootstrapServers, clientId: 'jobs' })
})

afterEach(async () => {
  await Promise.all([producer.close(), admin.close()])
  await cluster.close()
})

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
const shown = (value: unknown): string => inspect(value, { compact: false, depth: 3 })
const unreadable = Uint8Array.of(0xff, 0x00)

describe('a record of the cluster as JSON', () => {
  it('has its numbers of 64 bits as strings, text as a string and other bytes in base64', async () => {
    const headers = { source: 'web', trace: unreadable, none: null }
    await producer.send({ topic: 'orders', key: 'o-17', value: 'größer', timestamp: 5, headers })
    await producer.send({ topic: 'orders', key: unreadable, value: null, timestamp: 6 })
    const place = { topic: 'orders', partition: 0, producerId: '0', producerEpoch: 0 }
    expect(asJson(cluster.records('orders'))).toEqual([
      {
        ...place,
        offset: '0',
        timestamp: 5,
        key: 'o-17',
        value: 'größer',
        headers: [
          ['source', 'web'],
          ['trace', { base64: '/wA=' }],
          ['none', null],
        ],
        sequence: 0,
      },
      {
        ...place,
        offset: '1',
        timestamp: 6,
        key: { base64: '/wA=' },
        value: null,
        headers: [],
        sequence: 1,
      },
    ])
  })

  it('is the same object as before to who compares, spreads or clones it', async () => {
    await producer.send({ topic: 'orders', value: 'created', timestamp: 5 })
    const [record] = cluster.records('orders')
    const fields: StoredRecord = {
      topic: 'orders',
      partition: 0,
      offset: 0n,
      timestamp: 5,
      key: null,
      value: Buffer.from('created'),
      headers: [],
      producerId: 0n,
      producerEpoch: 0,
      sequence: 0,
    }
    assert.deepStrictEqual(record, fields)
    expect({ ...record }).toStrictEqual(fields)
    expect(structuredClone(record)).toMatchObject({ offset: 0n })
    expect(inspect(record)).toBe(inspect(fields))
  })
})

describe('a logged request as JSON', () => {
  it('has the producer id of what it carried as a string', async () => {
    await producer.send({ topic: 'orders', value: 'created' })
    const requests = cluster.requests()
    expect(asJson(requests.at(-1))).toMatchObject({
      api: 'Produce',
      clientId: 'web',
      produced: [{ topic: 'orders', partition: 0, producerId: '0', producerEpoch: 0, recordCount: 1 }],
    })
    expect(requests.at(-1)?.produced?.[0]?.producerId).toBe(0n)
    expect(asJson(requests)).toHaveLength(requests.length)
  })
})

describe('a record that was not delivered as JSON', () => {
  it('has text as a string and other bytes in base64', async () => {
    cluster.failRequests({ api: 'Produce' }, 'INVALID_RECORD')
    const failed = once(producer, 'deliveryError')
    producer.produce({ topic: 'orders', key: unreadable, value: 'lost', timestamp: 5, headers: { a: 'b' } })
    const [error, record] = await failed
    expect(asJson({ error, record })).toMatchObject({
      error: { code: 'INVALID_RECORD', topic: 'orders', partition: 0 },
      record: {
        topic: 'orders',
        partition: 0,
        timestamp: 5,
        key: { base64: '/wA=' },
        value: 'lost',
        headers: [['a', 'b']],
      },
    })
    expect(Object.keys(record)).toEqual(['topic', 'partition', 'timestamp', 'key', 'value', 'headers'])
  })
})

describe('an admin that is printed', () => {
  it('shows who it is, whom it knows and whether it is open', async () => {
    const [first = '', second = ''] = cluster.bootstrapServers.split(',')
    expect(asJson(admin)).toEqual({
      clientId: 'jobs',
      state: 'open',
      bootstrapServers: [first, second],
      brokers: [],
    })
    await admin.listTopics()
    expect(shown(admin)).toMatch(/^Admin \{\n {2}clientId: 'jobs',\n {2}state: 'open',\n/)
    expect(shown(admin)).toMatch(/brokers: \[\n {4}'127[.\d:]+ \(bootstrap\), connected'\n/)
    await admin.close()
    expect(asJson(admin)).toMatchObject({ state: 'closed' })
  })
})

describe('a producer as JSON', () => {
  it('says what the console shows of it', async () => {
    await producer.send({ topic: 'orders', value: 'created' })
    expect(asJson({ producer })).toMatchObject({
      producer: { clientId: 'web', state: 'open', topics: 1, heldBytes: 0, requestsInFlight: 0 },
    })
    expect(asJson(producer)).not.toHaveProperty('_events')
  })
})

describe('a cluster that is printed', () => {
  it('shows its addresses, its brokers and what is in its topics', async () => {
    const [first = '', second = ''] = cluster.bootstrapServers.split(',')
    await producer.send({ topic: 'orders', value: 'created' })
    cluster.createTopic({ topic: 'bills', numPartitions: 3 })
    await cluster.stopBroker(2)
    cluster.pauseBroker(1)
    expect(asJson(cluster)).toEqual({
      bootstrapServers: cluster.bootstrapServers,
      brokers: [
        expect.stringMatching(new RegExp(`^${first} \\(node 1\\), paused, \\d connections?$`)),
        `${second} (node 2), down`,
      ],
      topics: ['orders: 1 partition, 1 record', 'bills: 3 partitions, 0 records'],
    })
    cluster.resumeBroker(1)
    expect(shown(cluster)).toMatch(/^EmbeddedCluster \{\n {2}bootstrapServers: '127/)
    expect(shown(cluster)).toContain(`${first} (node 1), up, `)
    await cluster.close()
    expect(asJson(cluster)).toMatchObject({
      brokers: [`${first} (node 1), down`, `${second} (node 2), down`],
    })
  })

  it('counts the records that can be read', async () => {
    for (const value of ['a', 'b', 'c']) await producer.send({ topic: 'orders', value })
    cluster.deleteRecords('orders', 0, 2n)
    expect(asJson(cluster)).toMatchObject({ topics: ['orders: 1 partition, 1 record'] })
  })
})

describe('a fault that is printed', () => {
  it('shows how often it has struck', async () => {
    const fault = cluster.failRequests({ api: 'Produce' }, 'NOT_ENOUGH_REPLICAS')
    await producer.send({ topic: 'orders', value: 'created' })
    expect(fault.hits).toBe(1)
    expect(inspect(fault)).toContain('hits: 1')
    expect(asJson(fault)).toEqual({ hits: 1 })
  })
})

describe('what the public calls give', () => {
  it('can all be put into JSON', async () => {
    const metadata = await producer.send({ topic: 'orders', value: 'created' })
    const refusal: unknown = await producer
      .send({ topic: 'not a topic', value: null })
      .catch((error) => error)
    const given = [
      metadata,
      refusal,
      await producer.partitionsFor('orders'),
      await admin.createTopics([{ topic: 'bills' }, { topic: 'orders' }]),
      await admin.describeTopics(['orders', 'nowhere']),
      await admin.listTopics(),
      await admin.describeCluster(),
      await admin.deleteTopics(['bills', 'nowhere']),
      cluster.records('orders'),
      cluster.requests(),
      cluster.events(),
    ]
    for (const value of given) {
      expect(JSON.stringify(value), inspect(value)).not.toMatch(/^(?:\{\}|null|\[(?:\{\},?)+\])?$/)
    }
  })
})
