import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Environment } from '../../../../src/environment/environment.js'
import { type KafkaError, NetworkError } from '../../../../src/errors.js'
import { BrokerNode } from '../../../../src/network/broker/broker-node.js'
import type { NetworkOptions } from '../../../../src/network/network-options.js'
import { Stalls } from '../../../../src/network/stalls.js'
import { ErrorCode } from '../../../../src/protocol/error-codes.js'
import { InitProducerId } from '../../../../src/protocol/init-producer-id.js'
import { cryptography } from '../../../simulation/cryptography.js'
import { FakeBroker } from '../../../support/fake-broker.js'
import { ManualClock } from '../../../support/manual-clock.js'
import { defaultNetworkOptions } from '../../../support/network-options.js'
import { noFiles } from '../../../support/no-files.js'
import { noHttp } from '../../../support/no-http.js'
import { passTime } from '../../../support/pass-time.js'
import { ScriptedNetwork } from '../../../support/scripted-network.js'
import { turns } from '../../../support/turns.js'

const message = { transactionalId: null, transactionTimeoutMs: 1, producerId: -1n, producerEpoch: -1 }
const response = { throttleTimeMs: 0, errorCode: ErrorCode.NONE, producerId: 5n, producerEpoch: 0 }

let clock: ManualClock
let network: ScriptedNetwork
let names: Map<string, string[]>
let log: string[]
let warnings: string[]
let lastError: KafkaError | null
let node: BrokerNode

beforeEach(() => {
  clock = new ManualClock()
  network = new ScriptedNetwork()
  names = new Map([['kafka', ['10.0.0.1']]])
  log = []
  warnings = []
  lastError = null
  node = makeNode()
})

afterEach(async () => {
  node.close(new NetworkError('the test is over'))
  await turns()
  expect(clock.pending).toBe(0)
  expect(network.open).toEqual([])
})

function makeNode(options: Partial<NetworkOptions> = {}, advertised = false): BrokerNode {
  const logger = { ...defaultNetworkOptions.logger, warn: (line: string) => void warnings.push(line) }
  return new BrokerNode(
    { nodeId: 1, host: 'kafka', port: 9092, advertised, clusterId: null },
    {
      options: { ...defaultNetworkOptions, logger, bootstrapServers: [], ...options },
      environment: environment(),
      stalls: new Stalls(clock),
      sasl: null,
    },
    {
      nodeReady: () => log.push('ready'),
      nodeDisconnected: (_, error) => {
        log.push(`disconnected${error === null ? '' : ` ${error.constructor.name}`}`)
        lastError = error ?? lastError
      },
      nodeAvailable: () => log.push('available'),
      nodeThrottled: (_, ms) => log.push(`throttled ${ms}`),
      nodeBackoffEnded: () => log.push('backoff ended'),
    },
  )
}

function environment(): Environment {
  return {
    clock,
    random: () => 0.5,
    openSocket: network.openSocket,
    lookup: async (host) => {
      const addresses = names.get(host)
      if (addresses === undefined) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' })
      return addresses.map((address) => ({ address, family: 4 as const }))
    },
    compress: () => Promise.reject(new Error('nothing is compressed here')),
    files: noFiles,
    postHttp: noHttp,
    captureContext: () => null,
    outsideContexts: (run) => run(),
    ...cryptography,
    emitWarning: () => {},
  }
}

async function pass(ms: number): Promise<void> {
  await passTime(clock, ms, 100, 3)
}

async function connect(): Promise<void> {
  node.connect()
  await turns(12)
}

describe('requests', () => {
  let broker: FakeBroker
  beforeEach(async () => {
    broker = new FakeBroker(network, '10.0.0.1:9092')
    await connect()
    log.length = 0
  })

  it('raise the number in flight at once, up to the limit', async () => {
    const answers = [1, 2, 3, 4, 5].map(() => node.request(InitProducerId, message))
    expect(node.inFlight).toBe(5)
    expect(node.canSend(clock.now())).toBe(false)
    const background = node.request(InitProducerId, message, { background: true })
    expect(node.inFlight).toBe(5)
    await turns()
    for (const request of broker.waiting) broker.answer(InitProducerId, request, response)
    await Promise.all([...answers, background])
    expect(node.inFlight).toBe(0)
    expect(log).toEqual(['available', 'available', 'available', 'available', 'available'])
  })

  it('give the version they were sent in', async () => {
    const answer = node.request(InitProducerId, message, { atMost: 2 })
    await turns()
    for (const request of broker.waiting) broker.answer(InitProducerId, request, response)
    expect(await answer).toEqual({ response, version: 2 })
  })

  it('are rejected without harm if there is no common version', async () => {
    await expect(node.request(InitProducerId, message, { atMost: -1 })).rejects.toMatchObject({
      code: 'UNSUPPORTED_VERSION',
      possiblyPersisted: false,
    })
    expect(node.isReady).toBe(true)
  })

  it('are rejected in order when the connection is lost, after the event that reports the loss', async () => {
    const order: string[] = []
    const rejected = ['a', 'b'].map((name) =>
      node.request(InitProducerId, message).catch((error) => {
        order.push(`${name} ${error.possiblyPersisted} after ${log.join()}`)
      }),
    )
    await turns()
    broker.peer.fail('ECONNRESET')
    await Promise.all(rejected)
    const news = 'disconnected NetworkError'
    expect(order).toEqual([`a true after ${news}`, `b true after ${news}`])
    expect(node.inFlight).toBe(0)
    await expect(node.request(InitProducerId, message)).rejects.toMatchObject({ possiblyPersisted: false })
  })

  it('pause when the broker throttles the client, which extends the timeout of those in flight', async () => {
    const throttled = node.request(InitProducerId, message)
    const slow = node.request(InitProducerId, message)
    await turns()
    const [first] = broker.waiting
    if (first !== undefined) broker.answer(InitProducerId, first, { ...response, throttleTimeMs: 5_000 })
    await throttled
    expect(log).toEqual(['throttled 5000', 'available'])
    expect(node.canSend(clock.now())).toBe(false)
    await pass(4_999)
    expect(node.canSend(clock.now())).toBe(false)
    await pass(1)
    expect(node.canSend(clock.now())).toBe(true)
    expect(log).toEqual(['throttled 5000', 'available', 'available'])
    await pass(29_999)
    expect(node.isReady).toBe(true)
    const failed = expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' })
    await pass(1)
    await failed
  })

  it('are not paused if the broker delayed the response itself', async () => {
    const answer = node.request(InitProducerId, message, { atMost: 0 })
    await turns()
    const [request] = broker.waiting
    if (request !== undefined) broker.answer(InitProducerId, request, { ...response, throttleTimeMs: 5_000 })
    await answer
    expect(log).toEqual(['available'])
  })

  it('end when the broker moves, and later ones go to the new address', async () => {
    const lost = node.request(InitProducerId, message)
    names.set('elsewhere', ['10.0.0.9'])
    node.moveTo({ nodeId: 1, host: 'elsewhere', port: 9093, advertised: true, clusterId: null })
    await expect(lost).rejects.toThrow('broker 1 has moved from kafka:9092 to elsewhere:9093')
    new FakeBroker(network, '10.0.0.9:9093')
    await connect()
    expect(node.isReady).toBe(true)
    expect(node.description).toBe('elsewhere:9093 (node 1)')
  })
})

describe('a node that retires', () => {
  let broker: FakeBroker
  beforeEach(async () => {
    broker = new FakeBroker(network, '10.0.0.1:9092')
    await connect()
    log.length = 0
  })

  function answerAll(): void {
    for (const request of broker.waiting) broker.answer(InitProducerId, request, response)
  }

  it('ends its connection at once if nothing is in flight', async () => {
    node.retire()
    expect(node.state).toBe('disconnected')
    expect(log).toEqual(['disconnected'])
    await turns()
    expect(network.open).toEqual([])
  })

  it('receives the responses to requests in flight, also in the background, and takes no new request', async () => {
    const answers = [
      node.request(InitProducerId, message),
      node.request(InitProducerId, message, { background: true }),
    ]
    await turns()
    node.retire()
    expect(node.state).toBe('retiring')
    expect([node.inFlight, node.isReady, node.canSend(clock.now())]).toEqual([1, false, false])
    await expect(node.request(InitProducerId, message)).rejects.toMatchObject({ possiblyPersisted: false })
    expect(log).toEqual([])
    answerAll()
    expect(await Promise.all(answers)).toHaveLength(2)
    expect(log).toEqual(['disconnected'])
    expect(node.state).toBe('disconnected')
  })

  it('connects again after the last response if a connection was asked for meanwhile', async () => {
    const answer = node.request(InitProducerId, message)
    await turns()
    node.retire()
    node.connect()
    expect(network.dialled).toHaveLength(1)
    answerAll()
    await answer
    await turns(12)
    expect(log).toEqual(['disconnected', 'ready'])
    expect(network.dialled).toHaveLength(2)
  })

  it('rejects the requests in flight if it loses its connection', async () => {
    const lost = node.request(InitProducerId, message)
    await turns()
    node.retire()
    broker.peer.fail('ECONNRESET')
    await expect(lost).rejects.toMatchObject({ possiblyPersisted: true })
    expect(node.state).toBe('backing off')
  })

  it('rejects the requests in flight if it is closed', async () => {
    const lost = node.request(InitProducerId, message)
    await turns()
    node.retire()
    node.close(new NetworkError('not needed any more'))
    await expect(lost).rejects.toThrow('not needed any more')
    expect(log).toEqual(['disconnected NetworkError'])
  })
})
