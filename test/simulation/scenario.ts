import type { ResolvedProducerConfig } from '../../src/config/types.js'
import type { NewTopic } from '../../src/testing/index.js'
import { Chance } from './chance.js'
import type { NetworkOptions } from './memory-network.js'
import { type SecurityScenario, securityOf } from './security/security-scenario.js'

/** The choices of a seed before the first event. It chooses the workload and the faults as they come. */
export interface Scenario {
  readonly seed: number
  readonly records: number
  readonly brokers: number
  readonly topics: readonly ScenarioTopic[]
  readonly network: NetworkOptions
  readonly compressionMs: number
  readonly config: ScenarioConfig
  /** The epoch of new producer ids. */
  readonly firstEpoch: number
  /** The first sequence of a partition under a new producer id. */
  readonly firstSequence: number
  readonly clusterConfig: Readonly<Record<string, string | number | boolean>>
  /** Records are sent over this time. */
  readonly workloadMs: number
  /** The number of faults meanwhile. */
  readonly faults: number
  /** Null if nothing is encrypted and nobody logs in. */
  readonly security: SecurityScenario | null
  /** Whether the producer is closed while faults strike, without a recovery. */
  readonly closesEarly: boolean
}

export interface ScenarioTopic {
  readonly name: string
  readonly partitions: number
  /** True if brokers refuse records without a key. */
  readonly compacted: boolean
}

/** The producer's settings that a seed chooses. */
export type ScenarioConfig = Pick<
  ResolvedProducerConfig,
  | 'enableIdempotence'
  | 'retries'
  | 'maxInFlightRequestsPerConnection'
  | 'batchSize'
  | 'lingerMs'
  | 'lingerIsGiven'
  | 'bufferMemory'
  | 'waitingMemory'
  | 'maxRequestSize'
  | 'requestTimeoutMs'
  | 'deliveryTimeoutMs'
  | 'maxBlockMs'
  | 'retryBackoffMs'
  | 'retryBackoffMaxMs'
  | 'reconnectBackoffMs'
  | 'reconnectBackoffMaxMs'
  | 'metadataMaxAgeMs'
  | 'metadataRecoveryRebootstrapTriggerMs'
  | 'connectionsMaxIdleMs'
  | 'socketConnectionSetupTimeoutMs'
  | 'partitionerIgnoreKeys'
  | 'partitionerAdaptivePartitioningEnable'
  | 'partitionerAvailabilityTimeoutMs'
> & {
  readonly acks: -1 | 0 | 1
  readonly compressionType: 'none' | 'gzip'
  readonly partitioner: 'default' | 'round-robin' | 'crc32-consistent'
}

const LAST_SEQUENCE = 0x7fffffff

/** The first broker's port; the next one's is one higher. */
export const FIRST_PORT = 9_092

export function scenarioOf(seed: number, records: number): Scenario {
  const chance = Chance.of(seed, 'scenario')
  const brokers = chance.pick([1, 2, 3, 3])
  const topics = Array.from({ length: chance.pick([1, 1, 2, 3]) }, (_, i) => ({
    name: `topic-${i}`,
    partitions: chance.pick([1, 1, 2, 3, 6]),
  }))
  const network = networkOf(chance)
  const decided = {
    seed,
    network,
    records,
    brokers,
    compressionMs: chance.pick([0, 2, 40]),
    config: { ...configOf(chance, network), ...partitioningOf(Chance.of(seed, 'partitioning')) },
    firstEpoch: chance.happens(0.15) ? chance.pick([32_765, 32_766, 32_767]) : 0,
    clusterConfig: {
      'auto.create.topics.enable': false,
      'default.replication.factor': brokers,
      'min.insync.replicas': chance.happens(0.2) ? brokers : 1,
      'log.message.timestamp.type': chance.happens(0.2) ? 'LogAppendTime' : 'CreateTime',
      'message.max.bytes': chance.pick([1_048_588, 1_048_588, 700, 3_000]),
    },
    workloadMs: chance.pick([500, 3_000, 10_000, 30_000]),
    faults: chance.pick([0, 1, 2, 7, 15, 30]),
    closesEarly: chance.happens(0.2),
    security: securityOf(seed, isSlow(network)),
  }
  const firstSequence = chance.happens(0.2) ? LAST_SEQUENCE - chance.whole(0, 40) : 0
  const compacted = chance.happens(0.2) ? chance.whole(0, topics.length - 1) : null
  return {
    ...decided,
    firstSequence,
    topics: topics.map((topic, i) => ({ ...topic, compacted: i === compacted })),
  }
}

/** Whether a topic refuses records without a key. */
export function compacts({ topics }: Scenario, name: string): boolean {
  return topics.some((topic) => topic.name === name && topic.compacted)
}

/** The settings with which a topic is created, the first time and later. */
export function newTopic(scenario: Scenario, name: string): NewTopic {
  return {
    topic: name,
    numPartitions: scenario.topics.find((topic) => topic.name === name)?.partitions ?? 1,
    configs: compacts(scenario, name) ? { 'cleanup.policy': 'compact' } : {},
  }
}

function networkOf(chance: Chance): NetworkOptions {
  return {
    latencyMs: chance.pick([0.05, 0.1, 0.5, 5, 50]),
    jitterMs: chance.pick([0, 0.2, 5, 80]),
    takeMs: chance.pick([0, 0.1, 0.1, 10, 400]),
    segmentBytes: chance.pick([0, 0, 0, 0, 0, 0, 1_500, 1_500, 200, 30]),
  }
}

/**
 * Whether connecting and sending may take longer than `delivery.timeout.ms`. Such records time out without a
 * fault, also after the recovery.
 */
export function isTooHasty({ network, config }: Pick<Scenario, 'network' | 'config'>): boolean {
  const { deliveryTimeoutMs, socketConnectionSetupTimeoutMs } = config
  return isSlow(network) && (deliveryTimeoutMs < 5_000 || socketConnectionSetupTimeoutMs < 2_000)
}

/** Whether a round trip may take tenths of a second. */
export function isSlow({ latencyMs, jitterMs, takeMs }: NetworkOptions): boolean {
  return latencyMs + jitterMs > 10 || takeMs > 10
}

/** The settings that a stream of chance of their own chooses, so that the seeds keep their other choices. */
type PartitioningKey = Exclude<Extract<keyof ScenarioConfig, `partitioner${string}`>, 'partitioner'>

function partitioningOf(
  chance: Chance,
): Pick<ScenarioConfig, PartitioningKey> & Partial<Pick<ScenarioConfig, 'partitioner'>> {
  return {
    ...(chance.happens(0.15) && { partitioner: 'crc32-consistent' }),
    partitionerIgnoreKeys: chance.happens(0.15),
    partitionerAdaptivePartitioningEnable: chance.happens(0.8),
    partitionerAvailabilityTimeoutMs: chance.pick([0, 0, 20, 500]),
  }
}

function configOf(chance: Chance, network: NetworkOptions): Omit<ScenarioConfig, PartitioningKey> {
  const enableIdempotence = chance.happens(0.85)
  const acks = enableIdempotence ? -1 : chance.pick([-1, 1, 1, 0] as const)
  const lingerMs = chance.pick([0, 0, 1, 5, 20, 200])
  // Half of the scenarios with Java's default linger leave the setting out.
  const lingerIsGiven = lingerMs !== 5 || chance.pick([true, false])
  const backoffMs = chance.pick([0, 1, 20, 100])
  // Without backoff the client asks a wrong leader again and again until a lost Metadata request has timed
  // out.
  const longestMs = backoffMs === 0 ? 3_000 : 30_000
  const requestTimeoutMs = chance.pick([isSlow(network) ? 1_000 : 300, 1_000, 3_000, longestMs])
  const batchSize = chance.pick([0, 150, 500, 1_000, 4_000, 16_384])
  const reconnectBackoffMs = chance.pick([10, 10, 10, 50, 50, 50, 50, 0])
  const bufferMemory = chance.pick([
    33_554_432,
    33_554_432,
    Math.max(4 * batchSize, 8_000),
    Math.max(16 * batchSize, 30_000),
  ])
  return {
    enableIdempotence,
    acks,
    retries: chance.pick([2_147_483_647, 2_147_483_647, 2_147_483_647, 1, 3, enableIdempotence ? 2 : 0]),
    maxInFlightRequestsPerConnection: chance.pick([1, 2, 5, 5, 5]),
    batchSize,
    lingerMs,
    lingerIsGiven,
    bufferMemory,
    maxRequestSize: chance.pick([1_048_576, 1_048_576, 6_000]),
    requestTimeoutMs,
    deliveryTimeoutMs: lingerMs + requestTimeoutMs + chance.pick([0, 0, 500, 5_000, 60_000, 120_000]),
    maxBlockMs: chance.pick([500, 3_000, 60_000]),
    retryBackoffMs: backoffMs,
    retryBackoffMaxMs: backoffMs * chance.pick([1, 10]),
    reconnectBackoffMs,
    reconnectBackoffMaxMs: reconnectBackoffMs * chance.pick([1, 20]),
    metadataMaxAgeMs: chance.pick([500, 5_000, 300_000]),
    metadataRecoveryRebootstrapTriggerMs: chance.pick([2_000, 300_000]),
    connectionsMaxIdleMs: chance.pick([1_000, 540_000, 540_000, 540_000]),
    socketConnectionSetupTimeoutMs: chance.pick([500, 10_000]),
    compressionType: chance.pick(['none', 'none', 'gzip'] as const),
    partitioner: chance.pick(['default', 'default', 'round-robin'] as const),
    waitingMemory: chance.pick([Math.ceil(bufferMemory / 4), Math.ceil(bufferMemory / 4), 268_435_456, 0]),
  }
}
