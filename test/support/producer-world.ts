import type { Compress, Environment } from '../../src/environment/environment.js'
import type { KafkaError } from '../../src/errors.js'
import type { ProducerConfig } from '../../src/producer/config/config.js'
import { Producer } from '../../src/producer/producer.js'
import type { ProducerRecord, RecordMetadata } from '../../src/producer/record.js'
import { ManualClock } from './manual-clock.js'
import { passTime } from './pass-time.js'
import { type Leadership, ScriptedCluster } from './scripted-cluster.js'
import type { ScriptedNode } from './scripted-node.js'
import type { ScriptedProduce } from './scripted-produce.js'
import { turns } from './turns.js'

/** How a send ended, for assertions on what happened when. */
export interface Outcome {
  readonly value: string
  readonly error: KafkaError | null
  readonly metadata: RecordMetadata | null
}

export interface World {
  readonly producer: Producer
  readonly cluster: ScriptedCluster
  readonly clock: ManualClock
  /** What `send` of this world has learnt, in the order in which it did. */
  readonly outcomes: Outcome[]
  /** How often `send` of this world was called. */
  readonly sends: number
  /** Sends a record to topic `t`, partition 0 unless told otherwise, and notes its outcome. */
  send(value: string, record?: Partial<ProducerRecord>): void
  /** Lets time pass in small steps, so that whatever is due happens in its turn. */
  pass(ms: number): Promise<void>
  /** The oldest request without an answer. */
  next(): ScriptedProduce
  node(nodeId: number): ScriptedNode
  /** `value: ok` or `value: CODE` of every outcome so far. */
  told(): string[]
}

export interface WorldOptions {
  /** The leaders of topic `t`; none leaves the topic unknown. */
  readonly leaders?: readonly Leadership[]
  readonly compress?: Compress
  readonly random?: () => number
}

const noCodec: Compress = () => Promise.reject(new Error('no codec'))

/** The longest step of time that is not taken for a blocked event loop. */
const STEP_MS = 20

/**
 * A producer on a scripted cluster. The test file has to replace the real one:
 * `vi.mock('../../../src/network/cluster.js', async () => ({ Cluster: (await import('../../support/scripted-cluster.js')).ScriptedCluster }))`
 */
export async function producerWorld(
  config: Partial<ProducerConfig> = {},
  { leaders = [[1, 0]], compress = noCodec, random = () => 0.5 }: WorldOptions = {},
): Promise<World> {
  const clock = new ManualClock()
  const outside = (): never => {
    throw new Error('a producer on a scripted cluster needs no network')
  }
  const environment: Environment = {
    clock,
    random,
    openSocket: outside,
    lookup: outside,
    compress,
  }
  const producer = new Producer({ bootstrapServers: 'broker:9092', lingerMs: 0, ...config }, environment)
  const cluster = ScriptedCluster.latest
  const outcomes: Outcome[] = []
  let sends = 0
  if (leaders.length > 0) cluster.setTopic('t', leaders)
  await turns()
  return {
    producer,
    cluster,
    clock,
    outcomes,
    get sends() {
      return sends
    },
    send(value, record = {}) {
      sends++
      producer.send({ topic: 't', partition: 0, value, ...record }, (error, metadata) => {
        outcomes.push({ value, error, metadata })
      })
    },
    async pass(ms) {
      await passTime(clock, ms, STEP_MS, 3)
    },
    next() {
      const request = cluster.requests[0]
      if (request === undefined) throw new Error('no request waits for an answer')
      return request
    },
    node: (nodeId) => cluster.broker(nodeId),
    told: () => outcomes.map(({ value, error }) => `${value}: ${error?.code ?? 'ok'}`),
  }
}
