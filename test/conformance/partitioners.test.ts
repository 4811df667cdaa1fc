import { expect, it } from 'vitest'
import { topicPartitioner } from '../../src/producer/partitioner/partitioner.js'
import { askJavaPartitioners } from '../support/kafka/partitioners/java-partitioners.js'
import { ourChoices, type PartitionScene } from '../support/partition-scene.js'
import { producerWorld } from '../support/producer-world.js'
import { SeededRandom } from '../support/random.js'

const CHOICES = 5_000
const WALKS = 40
const TURNS = 2_000
const random = new SeededRandom(794)

it(`${CHOICES} topics: their partitions are chosen as often as by Kafka's own accumulator`, async () => {
  const scenes = Array.from({ length: CHOICES }, scene)
  const java = await askJavaPartitioners(scenes.map(choiceQuestion))
  expect(java).toHaveLength(CHOICES)
  const compared = scenes.map((each, i) => ({ scene: each, java: java[i] ?? [] }))
  const fair = compared.filter((each) => !countsWrongQueue(each.scene))
  expect(fair.length).toBeGreaterThan(CHOICES * 0.9)
  const differing = fair.filter((each) => {
    const period = each.java.reduce((sum, count) => sum + count, 0)
    return `${ourChoices(each.scene, period)}` !== `${each.java}`
  })
  expect(differing).toEqual([])
  // All kinds of choices occur: without loads, by loads, in the rack, without a late broker.
  for (const isOfKind of [isUniform, isWeighted, inRack, leavesOut])
    expect(fair.filter(isOfKind).length, isOfKind.name).toBeGreaterThan(CHOICES / 50)
})

it(`${WALKS} walks of records without a key visit the partitions of Kafka's own accumulator`, async () => {
  const walks = Array.from({ length: WALKS }, walk)
  const java = await askJavaPartitioners(walks.map(walkQuestion))
  for (const [i, each] of walks.entries()) expect(await ourWalk(each)).toEqual(java[i])
})

it(`round-robin: ${TURNS} turns with leaders that come and go are those of Kafka's own class`, async () => {
  const topics = Array.from({ length: TURNS }, () => list(3, () => below(3) - 1))
  const [java] = await askJavaPartitioners([`round-robin ${topics.join(' ')}`])
  const partitioner = topicPartitioner('round-robin', false)
  const ours = topics.map((leaders) =>
    partitioner.choose(
      { partitions: leaders.map((leaderId, partition) => ({ partition, leaderId })) },
      null,
      0,
      0,
    ),
  )
  expect(ours).toEqual(java)
})

function scene(): PartitionScene {
  const partitionCount = 1 + below(8)
  const mostQueued = below(4)
  const isUnused = below(6) === 0
  return {
    rackAware: below(2) === 1,
    timeoutMs: below(2) * 50,
    leaders: list(partitionCount, () => (below(8) === 0 ? -1 : below(3))),
    racks: list(3, () => below(3)),
    queues: list(partitionCount, () => below(mostQueued + 1) - (isUnused ? below(2) : 0)),
    gaps: list(3, () => (below(2) === 0 ? -1 : below(100))),
  }
}

function choiceQuestion({ rackAware, timeoutMs, leaders, racks, queues, gaps }: PartitionScene): string {
  return `choice ${rackAware ? 1 : 0} ${timeoutMs} ${leaders} ${racks} ${queues} ${gaps}`
}

/**
 * Kafka fills its array of queue sizes in place. An empty queue leaves its place as it is, and if the
 * partition before it was left out, the place has the queue of that one. Here an empty queue counts 0.
 */
function countsWrongQueue({ leaders, queues, gaps, timeoutMs }: PartitionScene): boolean {
  let left = 0
  for (const [i, leader] of leaders.entries()) {
    const queue = queues[i] ?? 0
    if (leader < 0) continue
    if (queue === 0 && left > 0) return true
    left = queue > 0 && timeoutMs > 0 && (gaps[leader] ?? -1) > timeoutMs ? queue : 0
  }
  return false
}

interface Compared {
  readonly scene: PartitionScene
  readonly java: readonly number[]
}

function isUniform({ java }: Compared): boolean {
  const chosen = java.filter((count) => count > 0)
  return chosen.length > 1 && chosen.every((count) => count === chosen[0])
}

function isWeighted({ java }: Compared): boolean {
  return new Set(java.filter((count) => count > 0)).size > 1
}

function inRack({ scene: { rackAware, leaders, racks }, java }: Compared): boolean {
  const isLocal = (i: number): boolean => racks[leaders[i] ?? -1] === 1
  return rackAware && java.some((count, i) => count === 0 && !isLocal(i)) && java.some((_, i) => isLocal(i))
}

function leavesOut({ scene: { leaders, rackAware }, java }: Compared): boolean {
  return !rackAware && java.some((count, i) => count === 0 && (leaders[i] ?? -1) >= 0)
}

interface Walk {
  readonly batchSize: number
  readonly leaders: readonly number[]
  readonly randoms: readonly number[]
  /** Sizes of the values; -1: everything is sent. */
  readonly sizes: readonly number[]
  /** Whether the records before the first -1 wait for metadata. */
  readonly isLate: boolean
}

function walk(): Walk {
  const batchSize = [0, 500, 1_000, 4_000][below(4)] ?? 0
  return {
    batchSize,
    leaders: [0, ...list(5, () => below(3) - 1)],
    randoms: list(97, () => below(1_000)),
    isLate: below(2) === 0,
    sizes: list(600, () => (below(40) === 0 ? -1 : below(300))),
  }
}

function walkQuestion({ batchSize, leaders, randoms, sizes }: Walk): string {
  return `walk ${Math.max(batchSize, 1)} ${leaders} ${randoms} ${sizes}`
}

async function ourWalk({ batchSize, leaders, randoms, sizes, isLate }: Walk): Promise<number[]> {
  const led = leaders.filter((leader) => leader >= 0).length
  const leadership = leaders.map((leader) => [leader, 0] as const)
  let next = 0
  const world = await producerWorld(
    { batchSize, partitionerAdaptivePartitioningEnable: false, lingerMs: 1, logger: false },
    {
      leaders: isLate ? [] : leadership,
      random: () => ((((randoms[next++ % randoms.length] ?? 0) % led) + 0.5) / led) as number,
    },
  )
  const visited: number[] = []
  let records = 0
  for (const size of [...sizes, -1]) {
    if (size >= 0) {
      const record = records++
      world.producer.send({ topic: 't', value: Buffer.alloc(size) }, (_, metadata) => {
        visited[record] = metadata?.partition ?? -1
      })
      continue
    }
    if (isLate && world.cluster.topic('t') === undefined) world.cluster.setTopic('t', leadership)
    const flushed = world.producer.flush()
    await answerAll(world, () => visited.filter((partition) => partition !== undefined).length === records)
    await flushed
  }
  await world.producer.close()
  return visited
}

async function answerAll(
  { cluster, pass }: Awaited<ReturnType<typeof producerWorld>>,
  isDone: () => boolean,
): Promise<void> {
  for (let round = 0; !isDone(); round++) {
    if (round > 10_000) throw new Error('records stay without an answer')
    await pass(1)
    for (const request of [...cluster.requests]) request.answer()
  }
}

function list(length: number, make: () => number): number[] {
  return Array.from({ length }, make)
}

/** A whole number from 0, below `limit`. */
function below(limit: number): number {
  return random.integer(0, limit - 1)
}
