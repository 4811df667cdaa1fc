import { Buffer } from 'node:buffer'
import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { Lookup } from '../../../src/environment/socket.js'
import { Producer } from '../../../src/producer/producer.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { InitProducerId } from '../../../src/protocol/init-producer-id.js'
import type { MetadataResponse } from '../../../src/protocol/metadata.js'
import { Produce } from '../../../src/protocol/produce.js'
import { cryptography } from '../../simulation/cryptography.js'
import { FakeBroker, metadataResponse, metadataTopic, topicError } from '../../support/fake-broker.js'
import { ManualClock } from '../../support/manual-clock.js'
import { noFiles } from '../../support/no-files.js'
import { noHttp } from '../../support/no-http.js'
import { passTime } from '../../support/pass-time.js'
import { PRODUCER_ENDINGS } from '../../support/producer-endings.js'
import { ScriptedNetwork } from '../../support/scripted-network.js'
import { turns } from '../../support/turns.js'

const ADDRESS = '10.0.0.1:9092'
const TOPIC_ID = 'AAAAAAAAAAAAAAAAAAAAAQ'

const found: Lookup = async () => [{ address: '10.0.0.1', family: 4 }]

/** The whole client with one broker, on a scripted network. */
class NetworkWorld {
  readonly clock: ManualClock = new ManualClock()
  readonly network: ScriptedNetwork = new ScriptedNetwork()
  readonly broker: FakeBroker
  readonly producer: Producer
  lookup: Lookup = found
  settled = 0

  constructor() {
    this.broker = new FakeBroker(this.network, ADDRESS)
    this.broker.metadata = () => metadataOf(0)
    this.producer = new Producer(
      { bootstrapServers: 'broker:9092', logger: false },
      {
        clock: this.clock,
        random: () => 0.5,
        openSocket: this.network.openSocket,
        lookup: (host) => this.lookup(host),
        compress: () => Promise.reject(new Error('nothing is compressed here')),
        files: noFiles,
        postHttp: noHttp,
        captureContext: () => null,
        outsideContexts: (run) => run(),
        ...cryptography,
        emitWarning: () => {},
      },
    )
  }

  async pass(ms: number): Promise<void> {
    await passTime(this.clock, ms, 20, 4)
  }

  /** Answers the request for a producer id. */
  async giveProducerId(): Promise<void> {
    const request = this.broker.waiting.find(({ apiKey }) => apiKey === InitProducerId.key)
    if (request === undefined) throw new Error('nobody asks for a producer id')
    this.broker.answer(InitProducerId, request, {
      throttleTimeMs: 0,
      errorCode: ErrorCode.NONE,
      producerId: 1n,
      producerEpoch: 0,
    })
    await this.pass(200)
  }
}

function metadataOf(leaderId: number): MetadataResponse {
  return metadataResponse(
    [{ nodeId: 0, host: 'broker', port: 9092 }],
    [metadataTopic('t', TOPIC_ID, [leaderId])],
  )
}

interface NetworkState {
  readonly name: string
  /** Before the first record is sent. */
  readonly prepare?: (world: NetworkWorld) => void
  /** Afterwards. */
  readonly enter?: (world: NetworkWorld) => Promise<void>
}

const STATES: readonly NetworkState[] = [
  {
    name: 'the name is being looked up',
    prepare: (world) => {
      world.lookup = () => new Promise(() => {})
    },
  },
  {
    name: 'the name is not known',
    prepare: (world) => {
      world.lookup = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
    },
  },
  { name: 'connections are refused', prepare: ({ network }) => network.on(ADDRESS, 'refuse') },
  {
    name: 'connections are neither taken nor refused',
    prepare: ({ network }) => network.on(ADDRESS, 'hang'),
  },
  { name: 'connections end at once', prepare: ({ network }) => network.on(ADDRESS, (peer) => peer.end()) },
  {
    name: 'the broker says nothing',
    prepare: ({ broker }) => {
      broker.isSilent = true
    },
  },
  {
    name: 'the broker talks nonsense',
    prepare: ({ network }) => network.on(ADDRESS, (peer) => peer.send(Buffer.alloc(64, 0x7f))),
  },
  {
    name: 'the request for metadata has no answer',
    prepare: ({ broker }) => {
      broker.metadata = () => null
    },
  },
  {
    name: 'the topic is not known',
    prepare: ({ broker }) => {
      broker.metadata = () =>
        metadataResponse(
          [{ nodeId: 0, host: 'broker', port: 9092 }],
          [topicError('t', ErrorCode.UNKNOWN_TOPIC_OR_PARTITION)],
        )
    },
  },
  {
    name: 'the partition has no leader',
    prepare: ({ broker }) => {
      broker.metadata = () => metadataOf(-1)
    },
  },
  { name: 'the request for a producer id has no answer' },
  { name: 'the records have no answer', enter: (world) => world.giveProducerId() },
  {
    name: 'the system does not take the bytes',
    enter: async (world) => {
      world.broker.peer.holdWrites = true
      await world.giveProducerId()
    },
  },
  {
    name: 'the broker asked for a pause',
    enter: async (world) => {
      await world.giveProducerId()
      const request = world.broker.waiting.find(({ apiKey }) => apiKey === Produce.key)
      if (request === undefined) throw new Error('nothing was sent')
      world.broker.answer(Produce, request, { topics: [], throttleTimeMs: 60_000, nodeEndpoints: [] })
      await world.pass(200)
    },
  },
  {
    name: 'the connection was lost',
    enter: async (world) => {
      await world.giveProducerId()
      world.network.on(ADDRESS, 'refuse')
      world.broker.peer.fail('ECONNRESET')
      await world.pass(200)
    },
  },
]

describe.each(STATES)('when $name', ({ prepare, enter }) => {
  it.each(PRODUCER_ENDINGS)('$name ends within its $timeoutMs ms', async ({ timeoutMs, run }) => {
    const world = new NetworkWorld()
    const { producer, clock, network } = world
    const { signal } = new AbortController()
    const settled = (): void => {
      world.settled++
    }
    prepare?.(world)
    producer.send({ topic: 't', value: 'a' }, settled)
    producer.send({ topic: 't', value: 'b' }, { signal }).then(settled, settled)
    producer.connect().then(settled, settled)
    producer.partitionsFor('t').then(settled, settled)
    await world.pass(200)
    await enter?.(world)

    let isOver = false
    const end = (): void => {
      isOver = true
    }
    run(producer, signal).then(end, end)
    await turns()
    await world.pass(Math.max(timeoutMs, 1))
    expect(isOver).toBe(true)

    await producer.close({ timeoutMs: 0 })
    await turns()
    expect(world.settled).toBe(4)
    expect(network.open).toEqual([])
    expect(clock.pending).toBe(0)
    expect(producer.traffic.heldBytes).toBe(0)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

it.each([{}, { timeoutMs: 0 }])(
  'close with %j rejects waiting calls because the producer is closed',
  async (options) => {
    const world = new NetworkWorld()
    world.broker.isSilent = true
    const { producer } = world
    const told = Promise.allSettled([producer.connect(), producer.partitionsFor('t')])
    await world.pass(200)
    await producer.close(options)
    const error = expect.objectContaining({ code: 'PRODUCER_CLOSED', message: 'the producer is closed' })
    expect(await told).toEqual([
      { status: 'rejected', reason: error },
      { status: 'rejected', reason: error },
    ])
  },
)
