import { describe, expect, it } from 'vitest'
import type { ProducerConfig } from '../../../src/config/config.js'
import { producerWorld, type World, type WorldOptions } from '../../support/producer-world.js'
import { seededRandom } from '../../support/seeded-random.js'
import { turns } from '../../support/turns.js'

const LEADERS = [
  [1, 0],
  [2, 0],
  [3, 0],
] as const

const FULL = 'x'.repeat(60)

/** A producer whose batches have one record each, so that every record is a choice. */
function world(config: Partial<ProducerConfig> = {}, options: WorldOptions = {}): Promise<World> {
  return producerWorld(
    { batchSize: 100, ...config },
    { leaders: LEADERS, random: seededRandom(3), ...options },
  )
}

/** Sends records without a key, and answers all requests until none is left. */
async function deliver(to: World, count: number): Promise<Set<number | undefined>> {
  const before = to.outcomes.length
  for (let i = 0; i < count; i++) {
    to.send(FULL, { partition: undefined })
    await answerAll(to)
  }
  return new Set(to.outcomes.slice(before).map(({ metadata }) => metadata?.partition))
}

async function answerAll(to: World): Promise<void> {
  do {
    await turns()
    for (const request of [...to.cluster.requests]) request.answer()
    await turns()
  } while (to.cluster.requests.length > 0)
}

describe('partitioner.rack.aware', () => {
  it('keeps records without a key in the rack of the client, until no leader is there', async () => {
    const here = await world({ partitionerRackAware: true, clientRack: 'b' })
    for (const [nodeId, rack] of [
      [1, 'a'],
      [2, 'b'],
      [3, 'b'],
    ] as const)
      here.node(nodeId).rack = rack
    expect(await deliver(here, 60)).toEqual(new Set([1, 2]))
    here.cluster.setTopic('t', [
      [1, 0],
      [1, 1],
      [1, 1],
    ])
    await deliver(here, 1)
    expect(await deliver(here, 60)).toEqual(new Set([0, 1, 2]))
  })

  it('moves neither keys nor records that name a partition', async () => {
    const here = await world({ partitionerRackAware: true, clientRack: 'b' })
    here.node(2).rack = 'b'
    here.send('named', { partition: 0 })
    here.send('keyed', { partition: undefined, key: 'k2' })
    await answerAll(here)
    const elsewhere = await world()
    elsewhere.send('keyed', { partition: undefined, key: 'k2' })
    await answerAll(elsewhere)
    const partitions = here.outcomes.map(({ value, metadata }) => [value, metadata?.partition])
    expect(new Map(partitions as [string, number][])).toEqual(
      new Map([
        ['named', 0],
        ['keyed', elsewhere.outcomes[0]?.metadata?.partition],
      ]),
    )
  })
})

describe('partitioner.availability.timeout.ms', () => {
  it('avoids a broker that takes no request, and only that one', async () => {
    const here = await world({ partitionerAvailabilityTimeoutMs: 200 })
    await deliver(here, 60)
    here.node(2).isReady = false
    here.send('waits', { partition: 1 })
    await here.pass(500)
    here.send('waits too', { partition: 1 })
    await turns()
    expect(await deliver(here, 60)).toEqual(new Set([0, 2]))
    here.node(2).isReady = true
    here.cluster.listener.nodeAvailable(here.node(2))
    await answerAll(here)
    expect(await deliver(here, 60)).toEqual(new Set([0, 1, 2]))
    expect(here.told().every((outcome) => outcome.endsWith(': ok'))).toBe(true)
  })

  it.each([
    { partitionerAvailabilityTimeoutMs: 0 },
    { partitionerAvailabilityTimeoutMs: 1_000 },
    { partitionerAvailabilityTimeoutMs: 200, partitionerAdaptivePartitioningEnable: false },
  ])('does not with %o', async (config) => {
    const here = await world(config)
    await deliver(here, 60)
    here.node(2).isReady = false
    here.send('waits', { partition: 1 })
    await here.pass(500)
    here.send('waits too', { partition: 1 })
    await turns()
    await deliver(here, 60)
    here.node(2).isReady = true
    here.cluster.listener.nodeAvailable(here.node(2))
    const before = here.outcomes.length
    await answerAll(here)
    expect(here.outcomes.slice(before).some(({ value }) => value === FULL)).toBe(true)
  })
})

describe('partitioner.adaptive.partitioning.enable', () => {
  it('sends fewer records to a partition with a longer queue, once every partition had a batch', async () => {
    const here = await world({ maxInFlightRequestsPerConnection: 1 })
    await deliver(here, 60)
    here.node(2).isReady = false
    for (let i = 0; i < 50; i++) here.send('waits', { partition: 1 })
    const before = here.outcomes.length
    await deliver(here, 60)
    const told = here.outcomes.slice(before).length
    expect(told).toBeGreaterThanOrEqual(58)
  })
})
