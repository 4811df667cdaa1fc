import { nodeEnvironment } from '../../src/environment/node-environment.js'
import { Accumulator } from '../../src/producer/accumulator/accumulator.js'
import { observedBy } from '../../src/producer/accumulator/producer-observer.js'
import { Topic } from '../../src/producer/accumulator/topic.js'
import { topicPartitioner } from '../../src/producer/partitioner/partitioner.js'
import { StickyPartitioner } from '../../src/producer/partitioner/sticky-partitioner.js'
import { ZERO_UUID } from '../../src/protocol/uuid.js'

/** A topic at the moment in which a partition is chosen for records without a key. */
export interface PartitionScene {
  readonly rackAware: boolean
  /** `partitioner.availability.timeout.ms` */
  readonly timeoutMs: number
  /** -1: the partition has no leader. */
  readonly leaders: readonly number[]
  /** The rack of each broker: 0 for none, 1 for that of the client, 2 for another. */
  readonly racks: readonly number[]
  /** Batches that wait, for each partition; -1 if it never had one. */
  readonly queues: readonly number[]
  /** How long each broker had taken no request when batches for it were last ready; -1: never ready. */
  readonly gaps: readonly number[]
}

const CLIENT_RACK = 1

/** How often each partition is chosen over `period` equal steps of the random numbers. */
export function ourChoices(scene: PartitionScene, period: number): number[] {
  let step = 0
  const isLocal = (leader: number): boolean => scene.racks[leader] === CLIENT_RACK
  const sticky = new StickyPartitioner(100, () => (step + 0.5) / period, scene.rackAware ? isLocal : null)
  const topic = topicOf(scene, sticky)
  const counts = scene.leaders.map(() => 0)
  for (; step < period; step++) {
    sticky.updateQueueSizes(topic.loads())
    const chosen = sticky.peek({ partitions: topic.metadata?.partitions ?? [] })
    counts[chosen] = (counts[chosen] ?? 0) + 1
    sticky.update(1_000, true)
  }
  return counts
}

function topicOf({ leaders, queues, gaps, timeoutMs }: PartitionScene, sticky: StickyPartitioner): Topic {
  const accumulator = new Accumulator(
    {
      bufferMemory: 1_000_000,
      waitingMemory: 0,
      batchSize: 100,
      maxRequestSize: 1_000_000,
      compressionType: 'none',
      compressionLevel: 0,
      availabilityTimeoutMs: timeoutMs,
    },
    nodeEnvironment,
    {
      wake() {},
      touch() {},
      undelivered() {},
      rethrow() {},
      sealFailed() {},
      drained() {},
    },
    observedBy([]),
  )
  const topic = new Topic('t', topicPartitioner('default', false), sticky, accumulator)
  topic.update({
    name: 't',
    topicId: ZERO_UUID,
    partitions: leaders.map((leaderId, partition) => ({
      partition,
      leaderId,
      leaderEpoch: 0,
      replicas: [],
      inSyncReplicas: [],
      offlineReplicas: [],
    })),
  })
  for (const [i, partition] of topic.partitions.entries()) {
    const queued = queues[i] ?? 0
    // Each value fills a batch.
    for (let n = 0; n < Math.max(queued, 1) && queued >= 0; n++)
      partition.append(null, -1, 'x'.repeat(100), 100, null, 1, 1_000, null)
    if (queued === 0) partition.queue.splice(0)
  }
  for (const [nodeId, gap] of gaps.entries()) {
    if (gap < 0) continue
    accumulator.availability?.note(nodeId, true, 1_000)
    accumulator.availability?.note(nodeId, false, 1_000 + gap)
  }
  return topic
}
