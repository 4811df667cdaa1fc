import { setTimeout as sleep } from 'node:timers/promises'
import type { KafkaBroker } from '../../support/kafka/broker.js'
import { sessionTimeoutMs } from '../cluster/settings.js'
import type { Scene, Step } from './step.js'

/** Kills a broker with kill -9, and starts it again after a moment. */
export const kill: Step = async (scene) => {
  const { cluster, random, tally, topics, recovery } = scene
  const { broker, proxy } = random.pick(cluster.nodes)
  const led = await cluster.partitionsLedBy(broker, topics.main.name)
  const isController = (await cluster.activeController()) === broker.nodeId
  const what = `leader of ${led.length} partitions${isController ? ' and active controller' : ''}`
  scene.note(`kill -9 of broker ${broker.nodeId}, ${what}`)
  broker.kill('SIGKILL')
  recovery.lost(led, Date.now())
  await broker.waitForExit()
  tally.kills++
  if (led.length > 0) tally.leaderKills++
  if (isController) tally.controllerKills++
  // A machine refuses connections to a process that has ended. This is different from a machine that is down.
  proxy.refuse()
  await sleep(random.integer(0, 2_000))
  await broker.launch()
  await proxy.listen()
  // The broker cannot register before its session has ended. Without this wait it could look as if it had
  // never been down.
  await cluster.leftInSync(broker, 3 * sessionTimeoutMs)
  await broker.waitUntilServing((view) => view.brokerIds.includes(broker.nodeId))
  await whole(scene)
}

/** Stops a broker with SIGSTOP for less time than the others need to notice. */
export const shortStop: Step = async (scene) => {
  const { cluster, random, tally } = scene
  const { broker } = random.pick(cluster.nodes)
  const milliseconds = random.integer(100, sessionTimeoutMs - 1_000)
  scene.note(`SIGSTOP of broker ${broker.nodeId} for ${milliseconds} ms`)
  await paused(broker, milliseconds)
  tally.stops++
  await whole(scene)
}

/**
 * Stops a broker with SIGSTOP for so long that others become the leaders of its partitions without its
 * knowledge.
 */
export const longStop: Step = async (scene) => {
  const { cluster, random, tally, topics, recovery } = scene
  const { broker } = random.pick(cluster.nodes)
  const led = await cluster.partitionsLedBy(broker, topics.main.name)
  const milliseconds = sessionTimeoutMs + random.integer(1_500, 4_500)
  scene.note(`SIGSTOP of broker ${broker.nodeId}, leader of ${led.length} partitions, for ${milliseconds} ms`)
  recovery.lost(led, Date.now())
  await paused(broker, milliseconds)
  tally.stops++
  tally.longStops++
  await whole(scene)
}

/** Ends a broker with SIGTERM, so that it hands its partitions over, and starts it again. */
export const termination: Step = async (scene) => {
  const { broker } = scene.random.pick(scene.cluster.nodes)
  scene.note(`SIGTERM of broker ${broker.nodeId}`)
  await restarted(scene, broker)
  scene.tally.terminations++
}

/** Restarts all three brokers with SIGTERM, one after the other. */
export const rollingRestart: Step = async (scene) => {
  scene.note('rolling restart')
  for (const { broker } of scene.cluster.nodes) await restarted(scene, broker)
  scene.tally.rollingRestarts++
}

/** Stops the traffic of a broker's proxy in both directions for a while. The broker itself runs. */
export const blackhole: Step = async ({ cluster, random, tally, note }) => {
  const { broker, proxy } = random.pick(cluster.nodes)
  const milliseconds = random.integer(500, 6_000)
  const then = random.pick(['pass', 'pass', 'end', 'reset'] as const)
  note(`blackhole in front of broker ${broker.nodeId} for ${milliseconds} ms, then ${then}`)
  proxy.hold()
  await sleep(milliseconds)
  proxy.release(then)
  tally.blackholes++
}

/** Resolves when every replica is in sync again and the leaders are spread over all brokers. */
export async function whole({ cluster, tally, note }: Scene): Promise<void> {
  await cluster.inSync()
  const elected = await cluster.electPreferredLeaders()
  if (elected > 0) note(`${elected} partitions went back to their preferred leaders`)
  tally.elections += elected
}

async function paused(broker: KafkaBroker, milliseconds: number): Promise<void> {
  broker.pause()
  await sleep(milliseconds)
  broker.resume()
}

async function restarted(scene: Scene, broker: KafkaBroker): Promise<void> {
  broker.kill('SIGTERM')
  await broker.waitForExit()
  await broker.start()
  await whole(scene)
}
