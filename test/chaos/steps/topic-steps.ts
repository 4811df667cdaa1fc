import { setTimeout as sleep } from 'node:timers/promises'
import {
  addPartitions,
  configCommand,
  createTopic,
  deleteTopic,
  runKafkaTool,
} from '../../support/kafka/tools.js'
import { add, judgeLog } from '../judge/judge-logs.js'
import type { Scene, Step } from './step.js'

/** Deletes a topic and creates it again, while records are sent to it. */
export const recreation: Step = async (scene) => {
  const { cluster, topics, random, tally, partitions } = scene
  const { name: topic, partitions: fewest } = topics.recreated
  await judgeBeforeDeletion(scene)
  const deletedAtMs = Date.now()
  scene.note(`deletion and creation of ${topic}`)
  await deleteTopic(cluster.directServers, topic)
  await sleep(random.integer(0, 3_000))
  // The new topic has another number of partitions, which distinguishes it from the old one of the same name.
  partitions.recreated = partitions.recreated === fewest ? fewest + 1 : fewest
  await createTopic(cluster.directServers, { topic, partitions: partitions.recreated })
  await cluster.hasPartitions(topic, partitions.recreated)
  scene.recreation = { deletedAtMs, createdAtMs: Date.now() }
  await cluster.inSync()
  tally.recreations++
}

/** Judges the log before it is deleted, because it cannot be read at the end of the run. */
async function judgeBeforeDeletion({
  cluster,
  drivers,
  topics,
  recreation,
  deletedLogs,
}: Scene): Promise<void> {
  const { name } = topics.recreated
  const { verdict, examples, read } = await drivers.withOutcomesOfNow(() =>
    judgeLog(cluster.directServers, name, recreation, drivers.incarnations),
  )
  add(deletedLogs.verdict, verdict)
  deletedLogs.examples.push(...examples)
  deletedLogs.read += read
}

/** Adds one partition to a topic. */
export const growth: Step = async ({ cluster, topics, tally, partitions, note }) => {
  partitions.growing++
  note(`${topics.growing.name} grows to ${partitions.growing} partitions`)
  await addPartitions(cluster.directServers, topics.growing.name, partitions.growing)
  await cluster.hasPartitions(topics.growing.name, partitions.growing)
  await cluster.inSync()
  tally.growths++
}

const quotaRate = 8_000
const measureMs = 6_000
/** The bytes of a record with its overhead. */
const recordBytes = 130
const throttleLimitMs = 20_000

/** Gives the client a quota below its rate for a while. */
export const quota: Step = async (scene) => {
  const { cluster, drivers, network, tally } = scene
  const before = network.throttles
  scene.wantedRate = quotaRate
  try {
    drivers.setRate(quotaRate)
    const acknowledged = drivers.acknowledged
    await sleep(measureMs)
    const recordsPerSecond = ((drivers.acknowledged - acknowledged) / measureMs) * 1_000
    // Bytes per second and broker, a little less than the client sends, so that a pause lasts seconds and not
    // minutes.
    const bytes = Math.max(10_000, Math.round((recordsPerSecond * recordBytes * 0.6) / cluster.nodes.length))
    scene.note(`producer_byte_rate=${bytes}`)
    await alterQuota(scene, '--add-config', `producer_byte_rate=${bytes}`)
    const deadline = Date.now() + throttleLimitMs
    while (network.throttles === before && Date.now() < deadline) await sleep(100)
    await sleep(4_000)
  } finally {
    await alterQuota(scene, '--delete-config', 'producer_byte_rate')
    scene.wantedRate = undefined
  }
  scene.note(`${network.throttles - before} responses asked the client to wait`)
  if (network.throttles > before) tally.quotas++
}

async function alterQuota({ cluster, clientId }: Scene, option: string, config: string): Promise<void> {
  await runKafkaTool(configCommand, [
    ...['--bootstrap-server', cluster.directServers.join(',')],
    ...['--alter', option, config],
    ...['--entity-type', 'clients', '--entity-name', clientId],
  ])
}
