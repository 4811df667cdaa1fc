import { describe, expect, it } from 'vitest'
import { producerWorld } from '../../support/producer-world.js'
import { SeededRandom } from '../../support/random.js'
import { ReplicatedBrokers } from '../../support/replicated-brokers.js'
import { turns } from '../../support/turns.js'

const NODES = [1, 2, 3]
const PARTITIONS = 2
const STEPS = 400
// For more seeds: REPLICATION_FIRST=1000 REPLICATION_SEEDS=2000 npx vitest run --project unit
// test/behaviour/producer/replication.test.ts
const { REPLICATION_SEEDS = '40', REPLICATION_FIRST = '0' } = process.env
const SEEDS = Number(REPLICATION_SEEDS)
const FIRST = Number(REPLICATION_FIRST)

/** Runs a producer against brokers that fail in every way that keeps acknowledged records. */
async function run(seed: number) {
  const random = new SeededRandom(seed)
  const world = await producerWorld(
    {
      retryBackoffMs: random.pick([0, 20]),
      retryBackoffMaxMs: 100,
      batchSize: random.pick([0, 120, 16_384]),
      deliveryTimeoutMs: random.pick([600, 3_000, 120_000]),
      requestTimeoutMs: 500,
      retries: random.pick([3, 2_147_483_647, 2_147_483_647]),
      maxInFlightRequestsPerConnection: random.pick([1, 2, 5, 5]),
    },
    { leaders: [], random: random.next },
  )
  const brokers = new ReplicatedBrokers(world, random, NODES, PARTITIONS)
  const partitionOf: number[] = []
  const send = (): void => {
    const partition = random.integer(0, PARTITIONS - 1)
    world.send(String(partitionOf.push(partition) - 1), { partition })
  }
  const restarts = random.oneIn(3)
  for (let step = 0; step < STEPS; step++) {
    const node = random.pick(NODES)
    const partition = random.pick(brokers.partitions)
    for (let count = random.pick([0, 0, 1, 1, 3]); count > 0; count--) send()
    await turns(1)
    const dice = random.integer(0, 59)
    if (dice === 0) brokers.disconnect(node)
    else if (dice === 1) partition.elect()
    else if (dice === 2) partition.shrink()
    else if (dice === 3) brokers.answer(node, true)
    else if (dice === 4 && restarts) brokers.restart(node)
    else if (dice < 8) brokers.handleLate(node)
    else if (dice < 12) partition.learn(node)
    else if (dice < 16) brokers.tellMetadata()
    else if (dice < 20) for (const each of NODES) if (!world.node(each).isReady) world.node(each).reconnect()
    if (dice >= 8) for (const each of NODES) brokers.handle(each)
    if (dice >= 12) for (const each of brokers.partitions) each.replicate()
    for (const each of NODES) brokers.answer(each)
    await world.pass(random.pick([0, 0, 20, 100]))
    // No producer can be safe from brokers that forget it during a retry.
    if (random.oneIn(300) && brokers.isQuiet && world.outcomes.length === partitionOf.length) {
      await world.pass(61_000)
      for (const each of brokers.partitions) each.forgetProducers()
    }
  }
  let isClosed = false
  void world.producer.close().then(() => {
    isClosed = true
  })
  for (let i = 0; i < 5_000 && !isClosed; i++) {
    brokers.settle()
    await world.pass(20)
  }
  expect(isClosed).toBe(true)
  return { world, brokers, partitionOf }
}

describe('a producer with replicated logs whose leaders change', () => {
  it.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))(
    'loses and duplicates no record, keeps the order and reports true outcomes (seed %i)',
    async (seed) => {
      const { world, brokers, partitionOf } = await run(seed)
      const outcomes = new Map(world.outcomes.map((outcome) => [Number(outcome.value), outcome]))
      expect(world.outcomes).toHaveLength(partitionOf.length)
      expect(outcomes.size).toBe(partitionOf.length)
      expect(world.producer.traffic.heldBytes).toBe(0)
      for (const { index, log } of brokers.partitions) {
        const ids = log.flatMap(({ values }) => values.map(Number))
        const mine = partitionOf.flatMap((partition, id) => (partition === index ? [id] : []))
        const acknowledged = mine.filter((id) => outcomes.get(id)?.error === null)
        const absent = mine.filter((id) => outcomes.get(id)?.error?.possiblyPersisted === false)
        expect(ids.filter((id, place) => ids.indexOf(id) !== place)).toEqual([])
        expect(acknowledged.filter((id) => !ids.includes(id))).toEqual([])
        expect(ids.filter((id) => absent.includes(id))).toEqual([])
        expect(ids.filter((id) => acknowledged.includes(id))).toEqual(acknowledged)
        for (const producerId of new Set(log.map((batch) => batch.producerId))) {
          const written = log
            .filter((batch) => batch.producerId === producerId)
            .flatMap(({ values }) => values.map(Number))
          expect(written).toEqual(written.toSorted((a, b) => a - b))
        }
        const told = world.outcomes
          .map(({ value }) => Number(value))
          .filter((id) => partitionOf[id] === index)
        expect(told).toEqual(mine)
      }
      expect(world.outcomes.filter(({ error }) => error === null).length).toBeGreaterThan(5)
    },
  )
})
