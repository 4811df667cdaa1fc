import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Cluster } from '../../../src/network/cluster.js'
import { metadataTopic } from '../../support/fake-broker.js'
import { MetadataWorld } from '../../support/metadata-world.js'
import { turns } from '../../support/turns.js'

/** `metadata.max.age.ms` and `metadata.max.idle.ms`. */
const AGE_MS = 300_000

let fake: MetadataWorld
let cluster: Cluster

beforeEach(async () => {
  fake = new MetadataWorld()
  fake.addBroker(1)
  fake.topics.set('orders', metadataTopic('orders', 'AAAAAAAAAAAAAAAAAAAAAQ', [1]))
  cluster = fake.client()
  await known('orders')
  fake.topics.set('orders', metadataTopic('orders', 'AAAAAAAAAAAAAAAAAAAAAQ', [1, 1, 1]))
})

afterEach(() => cluster.close())

async function pass(ms: number, steps: number): Promise<void> {
  for (let i = 0; i < steps; i++) {
    fake.clock.advance(ms / steps)
    await turns(12)
  }
}

async function known(name: string): Promise<void> {
  const waiting = cluster.waitForTopic(name, fake.clock.now() + 60_000)
  await turns(12)
  await waiting
}

/** Requests a new topic every three minutes, over half an hour. */
async function ever(newTopic: (index: number) => Promise<void>): Promise<void> {
  for (let index = 0; index < 10; index++) {
    await newTopic(index)
    await pass(0.6 * AGE_MS, 10)
  }
}

it('known metadata ages even if new topics are requested all the time', async () => {
  await ever(async (index) => {
    fake.topics.set(`new-${index}`, metadataTopic(`new-${index}`, `BAAAAAAAAAAAAAAAAAAA${index}A`, [1]))
    await known(`new-${index}`)
  })
  expect(fake.metadataRequests().filter((names) => names.includes('orders')).length).toBeGreaterThan(1)
})

it('added partitions are noticed even if a missing topic is requested all the time', async () => {
  fake.inUse.add('orders').add('missing')
  const missing = cluster.waitForTopic('missing', fake.clock.now() + 10 * AGE_MS).catch(() => {})
  await pass(2 * AGE_MS, 600)
  expect(cluster.topic('orders')?.partitions).toHaveLength(3)
  cluster.close()
  await missing
})

it('unused topics expire even if new ones are requested all the time', async () => {
  await ever(async (index) => {
    fake.topics.set(`new-${index}`, metadataTopic(`new-${index}`, `BAAAAAAAAAAAAAAAAAAA${index}A`, [1]))
    await known(`new-${index}`)
  })
  expect(fake.log.filter((line) => line.startsWith('expired')).length).toBeGreaterThan(5)
})
