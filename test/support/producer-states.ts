import type { ProducerConfig } from '../../src/config/config.js'
import type { Compress } from '../../src/environment/environment.js'
import { NetworkError } from '../../src/errors.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import type { World, WorldOptions } from './producer-world.js'
import { turns } from './turns.js'

/** A state of a producer, and the steps that lead there. */
export interface ProducerState {
  readonly name: string
  readonly config?: Partial<ProducerConfig>
  readonly options?: WorldOptions
  /** A reader of the records' bytes that never stops, so that their memory is kept for ever. */
  readonly isReadForEver?: boolean
  readonly enter: (world: World) => Promise<void>
}

const nothing = (): void => {}
const never = (): Promise<never> => new Promise(nothing)
const hangingCodec: Compress = never
const lost = (): NetworkError => new NetworkError('the connection was lost', { possiblyPersisted: true })

/** Sends one record to partition 0 and waits until no more happens. */
async function sendOne(world: World): Promise<void> {
  world.send('a')
  await turns()
}

/** Every reason for which a record or a caller may wait. */
export const PRODUCER_STATES: readonly ProducerState[] = [
  { name: 'nothing was ever sent', enter: async () => {} },
  { name: 'the topic is not known', options: { leaders: [] }, enter: sendOne },
  {
    name: 'the topic has no such partition',
    enter: async (world) => {
      world.send('a', { partition: 7 })
      await turns()
    },
  },
  { name: 'the partition has no leader', options: { leaders: [[-1, 0]] }, enter: sendOne },
  {
    name: 'the leader is not connected',
    enter: async (world) => {
      world.node(1).isReady = false
      await sendOne(world)
    },
  },
  {
    name: 'the connection was lost',
    enter: async (world) => {
      await sendOne(world)
      world.node(1).disconnect()
      await turns()
    },
  },
  {
    name: 'the producer id is being requested',
    enter: async (world) => {
      world.cluster.answerProducerId = never
      await sendOne(world)
    },
  },
  {
    name: 'the producer id was refused for now',
    enter: async (world) => {
      const refusal = {
        throttleTimeMs: 0,
        errorCode: ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
        producerId: -1n,
        producerEpoch: -1,
      }
      world.cluster.answerProducerId = () => refusal
      await sendOne(world)
    },
  },
  { name: 'a batch lingers', config: { lingerMs: 10_000 }, enter: sendOne },
  {
    name: 'a batch is being compressed',
    config: { compressionType: 'gzip' },
    options: { compress: hangingCodec },
    isReadForEver: true,
    enter: sendOne,
  },
  { name: 'a request is in flight', enter: sendOne },
  {
    name: 'a request without an answer is in flight',
    config: { acks: 0 },
    enter: sendOne,
  },
  {
    name: 'a batch stands behind a request',
    enter: async (world) => {
      await sendOne(world)
      world.send('b')
      await turns()
    },
  },
  {
    name: 'five requests are in flight, and a sixth batch waits',
    enter: async (world) => {
      await sendOne(world)
      world.next().answer()
      await turns()
      for (const value of ['b', 'c', 'd', 'e', 'f', 'g']) {
        world.send(value)
        await turns()
      }
    },
  },
  {
    name: 'a batch backs off',
    config: { retryBackoffMs: 50_000, retryBackoffMaxMs: 50_000 },
    enter: async (world) => {
      await sendOne(world)
      world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
      await turns()
    },
  },
  {
    name: 'the broker asked for a pause',
    enter: async (world) => {
      world.node(1).throttle(true)
      await sendOne(world)
    },
  },
  {
    name: 'records wait for memory',
    config: { batchSize: 512, bufferMemory: 1_024 },
    enter: async (world) => {
      for (const value of ['a', 'b', 'c']) world.send(value, { value: 'x'.repeat(400) })
      await turns()
    },
  },
  {
    name: 'a batch was split',
    enter: async (world) => {
      world.send('a')
      world.send('b')
      await turns()
      world.next().answerOne({ errorCode: ErrorCode.MESSAGE_TOO_LARGE })
      await turns()
    },
  },
  {
    name: 'the sequence is unresolved',
    config: { deliveryTimeoutMs: 1_000, requestTimeoutMs: 500 },
    enter: async (world) => {
      await sendOne(world)
      world.next().answer()
      await turns()
      world.send('b')
      await world.pass(1_000)
      world.send('c')
      await turns()
    },
  },
  {
    name: 'the epoch is to be raised',
    config: { retries: 0 },
    enter: async (world) => {
      await sendOne(world)
      world.next().answer()
      await turns()
      for (const value of ['b', 'c']) {
        world.send(value)
        await turns()
      }
      world.next().fail(lost())
      world.send('d')
      await turns()
    },
  },
  {
    name: 'the topic was made anew under a request',
    options: { leaders: [] },
    enter: async (world) => {
      world.cluster.setTopic('t', [[1, 0]], '00000000-0000-0000-0000-00000000000a')
      await sendOne(world)
      world.cluster.setTopic('t', [[1, 0]], '00000000-0000-0000-0000-00000000000b')
      world.send('b')
      await turns()
    },
  },
  {
    name: 'callers wait for a connection and for partitions',
    options: { leaders: [] },
    enter: async (world) => {
      world.cluster.answerProducerId = never
      world.producer.connect().catch(nothing)
      world.producer.partitionsFor('t').catch(nothing)
      await sendOne(world)
    },
  },
  {
    name: 'a flush is under way',
    enter: async (world) => {
      await sendOne(world)
      world.producer.flush({ timeoutMs: 100_000 }).catch(nothing)
      world.producer.flush().catch(nothing)
      await turns()
    },
  },
  {
    name: 'it is closing',
    enter: async (world) => {
      await sendOne(world)
      void world.producer.close({ timeoutMs: 100_000 })
      void world.producer.close()
      await turns()
    },
  },
  {
    name: 'it is closed',
    enter: async (world) => {
      await sendOne(world)
      await world.producer.close({ timeoutMs: 0 })
    },
  },
]
