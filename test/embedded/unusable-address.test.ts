import { afterEach, describe, expect, it } from 'vitest'
import { VirtualBrokers } from '../support/virtual-brokers.js'

let brokers: VirtualBrokers

afterEach(() => brokers.cluster.close())

describe.each([{ host: '', port: 0 }, { port: 0 }, { port: -1 }, { port: 70_000 }])(
  'one broker of three is advertised at %o',
  (nowhere) => {
    it('from the start: what the others lead is sent', async () => {
      brokers = await VirtualBrokers.start(3, 'unused', 1)
      brokers.cluster.createTopic({ topic: 'orders', assignments: [[1], [2]] })
      brokers.cluster.advertise(3, nowhere)
      const producer = brokers.producer({ lingerMs: 0 })
      const sent = [0, 1].map((partition) => producer.send({ topic: 'orders', partition, value: 'x' }))
      const told = await brokers.ended(Promise.all(sent))
      expect(told.map(({ offset }) => offset)).toEqual([0n, 0n])
      await brokers.ended(producer.close())
    })

    it('later, and then a leader fails: its follower gets the records, each once and in order', async () => {
      brokers = await VirtualBrokers.start(3, 'unused', 1)
      brokers.cluster.createTopic({ topic: 'orders', assignments: [[1, 2]] })
      const producer = brokers.producer({ lingerMs: 0, metadataMaxAgeMs: 1_000 })
      await brokers.ended(producer.send({ topic: 'orders', value: 'before' }))
      brokers.cluster.advertise(3, nowhere)
      await brokers.pass(2_000)
      await brokers.cluster.stopBroker(1)
      const sent = ['a', 'b', 'c'].map((value) => producer.send({ topic: 'orders', value }))
      await brokers.ended(Promise.all(sent), 30_000)
      expect(brokers.cluster.leaderOf('orders', 0)).toBe(2)
      expect(brokers.cluster.records('orders').map(({ value }) => value?.toString())).toEqual([
        'before',
        'a',
        'b',
        'c',
      ])
      await brokers.ended(producer.close())
    })
  },
)

it('metadata that are refused are named by the error of a record whose leader is gone', async () => {
  brokers = await VirtualBrokers.start(2, 'unused', 1)
  brokers.cluster.createTopic({ topic: 'orders', assignments: [[1, 2]] })
  const producer = brokers.producer({ lingerMs: 0, metadataMaxAgeMs: 1_000, deliveryTimeoutMs: 40_000 })
  await brokers.ended(producer.send({ topic: 'orders', value: 'before' }))
  for (const nodeId of [1, 2]) brokers.cluster.advertise(nodeId, { port: 0 })
  await brokers.cluster.stopBroker(1)
  const [outcome] = await brokers.ended(
    Promise.allSettled([producer.send({ topic: 'orders', value: 'lost' })]),
    60_000,
  )
  expect(outcome).toMatchObject({ status: 'rejected' })
  const { message } = outcome?.status === 'rejected' ? outcome.reason : new Error('it was sent')
  expect(message).toMatch(
    /metadata are not up to date: metadata without any broker that can be reached, only node 2 at "broker:0": check/,
  )
  await brokers.ended(producer.close())
})
