import { CreateTopics } from '../../src/protocol/create-topics.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import {
  ClusterUnderComparison,
  type ComparedCluster,
  type TopicUnderComparison,
} from './cluster-under-comparison.js'
import { CommonVersions } from './common-versions.js'
import { Judge, type Judgement, type LaneResult } from './judgement.js'
import { type Lane, lanesOf } from './lane.js'
import { LANE_KINDS, type LaneKind } from './lane-kinds.js'
import { LanePlayer } from './lane-player.js'
import { Line } from './line.js'
import { logView } from './log-view.js'
import { RESTARTS } from './script.js'

/** Lanes that are played at the same time on each cluster, over a connection each. */
const AT_ONCE = 16

export interface ComparisonOptions {
  readonly seed: number
  readonly lanes: readonly number[]
  readonly kafka: ComparedCluster
  readonly embedded: ComparedCluster
  readonly progress?: (text: string) => void
}

/** Plays the same scripts on both clusters and says where they part. */
export async function compare(options: ComparisonOptions): Promise<Judgement> {
  const { seed, kafka, embedded, progress = () => undefined } = options
  const lanes = lanesOf(seed, options.lanes)
  const versions = await CommonVersions.of(kafka, embedded)
  const run = { lanes, versions, now: Date.now(), progress }
  const [theirs, ours] = await Promise.all([playAll(kafka, run), playAll(embedded, run)])
  return judged(kafka.version ?? '', lanes, theirs, ours)
}

export interface Run {
  readonly lanes: readonly Lane[]
  readonly versions: CommonVersions
  /** What timestamps count from, milliseconds since 1970. */
  readonly now: number
  readonly progress: (text: string) => void
}

/** Plays all lanes on one cluster, part by part, with a restart between parts. */
export async function playAll(compared: ComparedCluster, run: Run): Promise<LaneResult[]> {
  const { lanes, versions, now, progress } = run
  const cluster = new ClusterUnderComparison(compared, await createTopics(lanes, compared), versions)
  progress(`${cluster.name}: ${lanes.length} partitions`)
  const players = lanes.map((lane) => new LanePlayer(lane, cluster, now))
  for (const [part, restart] of [...RESTARTS, null].entries()) {
    await inParallel(cluster.bootstrapServers, players, (player, line) => player.play(part, line))
    progress(`${cluster.name}: part ${part + 1} of ${RESTARTS.length + 1} played`)
    if (restart === null) break
    await cluster.restart(restart)
    progress(`${cluster.name}: ${restart} and started again`)
  }
  const results: LaneResult[] = []
  await inParallel(cluster.bootstrapServers, [...players.entries()], async ([i, { lane, played }], line) => {
    const { topic } = cluster.topicOf(lane.kind)
    results[i] = { played, log: await logView(line, cluster, topic, lane.partition) }
  })
  return results
}

export function judged(
  kafkaVersion: string,
  lanes: readonly Lane[],
  theirs: readonly LaneResult[],
  ours: readonly LaneResult[],
): Judgement {
  const judge = new Judge(kafkaVersion)
  for (const [i, lane] of lanes.entries()) {
    const [kafka, embedded] = [theirs[i], ours[i]]
    if (kafka === undefined || embedded === undefined) throw new Error(`lane ${lane.number} was not played`)
    judge.judge(lane, kafka, embedded)
  }
  return judge.judgement
}

/** One topic for each kind of lane, with as many partitions as there are such lanes. */
async function createTopics(
  lanes: readonly Lane[],
  { bootstrapServers }: ComparedCluster,
): Promise<ReadonlyMap<LaneKind, TopicUnderComparison>> {
  const line = new Line(bootstrapServers)
  const topics = new Map<LaneKind, TopicUnderComparison>()
  for (const kind of new Set(lanes.map((lane) => lane.kind))) {
    const numPartitions = lanes.filter((lane) => lane.kind === kind).length
    const topic = `compared-${kind.replaceAll(' ', '-')}`
    const configs = Object.entries(LANE_KINDS[kind]).map(([name, value]) => ({ name, value }))
    const response = await line.need(CreateTopics, 7, {
      topics: [{ name: topic, numPartitions, replicationFactor: 1, assignments: [], configs }],
      timeoutMs: 60_000,
      validateOnly: false,
    })
    const created = response.topics[0]
    if (created?.errorCode !== ErrorCode.NONE)
      throw new Error(`${topic} is not created: ${created?.errorCode} ${created?.errorMessage}`)
    topics.set(kind, { topic, topicId: created.topicId })
  }
  await line.close()
  return topics
}

async function inParallel<Item>(
  bootstrapServers: string,
  items: readonly Item[],
  work: (item: Item, line: Line) => Promise<void>,
): Promise<void> {
  const waiting = [...items].reverse()
  const worker = async (): Promise<void> => {
    const line = new Line(bootstrapServers)
    for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) await work(item, line)
    await line.close()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}
