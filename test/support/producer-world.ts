import type { ProducerConfig } from '../../src/config/config.js'
import { captureContext, outsideContexts } from '../../src/environment/async-context.js'
import type { Compress, Environment } from '../../src/environment/environment.js'
import type { KafkaError } from '../../src/errors.js'
import { Producer } from '../../src/producer/producer.js'
import type { ProducerRecord, RecordMetadata } from '../../src/producer/record.js'
import { cryptography } from '../simulation/cryptography.js'
import { ManualClock } from './manual-clock.js'
import { noFiles } from './no-files.js'
import { noHttp } from './no-http.js'
import { passTime } from './pass-time.js'
import { type Leadership, ScriptedCluster } from './scripted-cluster.js'
import type { ScriptedNode } from './scripted-node.js'
import type { ScriptedProduce } from './scripted-produce.js'
import { turns } from './turns.js'

/** The outcome of a send, and its time. */
export interface Outcome {
  readonly value: string
  readonly error: KafkaError | null
  readonly metadata: RecordMetadata | null
}

export interface World {
  readonly producer: Producer
  readonly cluster: ScriptedCluster
  readonly clock: ManualClock
  /** The outcomes of `send`, in their order. */
  readonly outcomes: Outcome[]
  /** The number of calls of `send`. */
  readonly sends: number
  /** Sends a record, by default to partition 0 of topic `t`, and keeps its outcome. */
  send(value: string, record?: Partial<ProducerRecord>): void
  /** Lets time pass in small steps, so that every timer fires in its turn. */
  pass(ms: number): Promise<void>
  /** The oldest request without a response. */
  next(): ScriptedProduce
  node(nodeId: number): ScriptedNode
  /** The process warnings. */
  readonly warnings: readonly string[]
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

/** The longest step of time that does not count as a stall. */
const STEP_MS = 20

/** A producer on a scripted cluster. */
export async function producerWorld(
  config: Partial<ProducerConfig> = {},
  { leaders = [[1, 0]], compress = noCodec, random = () => 0.5 }: WorldOptions = {},
): Promise<World> {
  const clock = new ManualClock()
  const warnings: string[] = []
  const outside = (): never => {
    throw new Error('a producer on a scripted cluster needs no network')
  }
  const environment: Environment = {
    clock,
    random,
    openSocket: outside,
    lookup: outside,
    compress,
    files: noFiles,
    postHttp: noHttp,
    captureContext,
    outsideContexts,
    ...cryptography,
    emitWarning: (message) => void warnings.push(message),
  }
  let made: ScriptedCluster | undefined
  const producer = new Producer(
    { bootstrapServers: 'broker:9092', lingerMs: 0, logger: false, ...config },
    environment,
    (...args) => (made = new ScriptedCluster(...args)),
  )
  if (made === undefined) throw new Error('the producer made no cluster')
  const cluster: ScriptedCluster = made
  const outcomes: Outcome[] = []
  let sends = 0
  if (leaders.length > 0) cluster.setTopic('t', leaders)
  await turns()
  return {
    producer,
    cluster,
    clock,
    outcomes,
    warnings,
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
