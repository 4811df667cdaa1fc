import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Environment } from '../../../../src/environment/environment.js'
import { type KafkaError, NetworkError, ProtocolError } from '../../../../src/errors.js'
import { BrokerNode } from '../../../../src/network/broker/broker-node.js'
import type { NetworkOptions } from '../../../../src/network/network-options.js'
import { Stalls } from '../../../../src/network/stalls.js'
import { ApiVersions } from '../../../../src/protocol/api-versions.js'
import { InitProducerId } from '../../../../src/protocol/init-producer-id.js'
import { Metadata } from '../../../../src/protocol/metadata.js'
import { Produce } from '../../../../src/protocol/produce.js'
import { cryptography } from '../../../simulation/cryptography.js'
import { FakeBroker } from '../../../support/fake-broker.js'
import { ManualClock } from '../../../support/manual-clock.js'
import { defaultNetworkOptions } from '../../../support/network-options.js'
import { noFiles } from '../../../support/no-files.js'
import { noHttp } from '../../../support/no-http.js'
import { ScriptedNetwork } from '../../../support/scripted-network.js'
import { turns } from '../../../support/turns.js'

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

async function connect(): Promise<void> {
  node.connect()
  await turns(12)
}

describe('connecting', () => {
  it('negotiates versions and is ready', async () => {
    const broker = new FakeBroker(network, '10.0.0.1:9092')
    broker.ranges = broker.ranges.map((range) => ({ ...range, maxVersion: Math.min(range.maxVersion, 4) }))
    expect(node.isReady).toBe(false)
    expect(() => node.version(Produce)).toThrow(NetworkError)
    await connect()
    expect(log).toEqual(['ready'])
    expect(node.canSend(clock.now())).toBe(true)
    expect(node.version(Produce)).toBe(4)
    expect(node.version(Produce, { atMost: 3 })).toBe(3)
    expect(node.description).toBe('kafka:9092 (node 1)')
  })

  it('keeps the pause that a broker asks for while versions are negotiated', async () => {
    const broker = new FakeBroker(network, '10.0.0.1:9092')
    broker.throttleTimeMs = 5_000
    await connect()
    expect(log).toEqual(['throttled 5000', 'ready'])
    expect(node.canSend(clock.now())).toBe(false)
    clock.advance(4_999)
    expect(node.canSend(clock.now())).toBe(false)
    clock.advance(1)
    expect(node.canSend(clock.now())).toBe(true)
    expect(log).toEqual(['throttled 5000', 'ready', 'available'])
  })

  it('does nothing if there is a connection or one is being made', async () => {
    new FakeBroker(network, '10.0.0.1:9092')
    node.connect()
    node.connect()
    await turns(12)
    node.connect()
    await turns()
    expect(network.dialled).toEqual(['10.0.0.1:9092'])
  })

  it('falls back to the versions of ApiVersions that an old broker knows', async () => {
    const broker = new FakeBroker(network, '10.0.0.1:9092')
    broker.ranges = [
      { apiKey: ApiVersions.key, minVersion: 0, maxVersion: 2 },
      { apiKey: Produce.key, minVersion: 0, maxVersion: 5 },
      { apiKey: Metadata.key, minVersion: 0, maxVersion: 5 },
    ]
    await connect()
    expect(log).toEqual(['ready'])
    expect(node.version(Produce)).toBe(5)
    expect(() => node.version(InitProducerId)).toThrow(
      /InitProducerId.*kafka:9092 \(node 1\) does not have it/,
    )
  })

  it('tries lower versions of ApiVersions with a broker that drops the connection instead', async () => {
    let dials = 0
    network.on('10.0.0.1:9092', (peer) => {
      dials += 1
      peer.onBytes = () => {
        if (peer.received.readInt16BE(6) > 3) peer.end()
      }
    })
    await connect()
    expect(lastError?.message).toMatch('A listener that expects TLS')
    const broker = new FakeBroker(network, '10.0.0.1:9092')
    clock.advance(50)
    await connect()
    expect(dials).toBe(1)
    expect(broker.peer.received.readInt16BE(6)).toBe(3)
    expect(log).toEqual(['disconnected NetworkError', 'backoff ended', 'ready'])
  })

  it('refuses version ranges that are none', async () => {
    const broker = new FakeBroker(network, '10.0.0.1:9092')
    broker.ranges.push({ apiKey: 0, minVersion: 9, maxVersion: 3 })
    await connect()
    expect(lastError).toBeInstanceOf(ProtocolError)
    expect(lastError?.message).toMatch('ApiVersions: API key 0 in versions from 9 to 3')
    expect(warnings).toHaveLength(1)
  })

  it.each([
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'the port speaks HTTP, not Kafka', 'PROTOCOL'],
    ['TLS', Buffer.from([0x15, 3, 3, 0, 2, 2, 80]), 'the port speaks TLS', 'TLS_REQUIRED'],
  ])('says so if the port speaks %s', async (_, bytes, text, code) => {
    network.on('10.0.0.1:9092', (peer) => {
      peer.onBytes = () => peer.send(bytes)
    })
    await connect()
    expect(lastError).toMatchObject({ code, retriable: false })
    expect(lastError?.message).toMatch(text)
    expect(lastError?.message).toMatch('kafka:9092 (node 1)')
    expect(lastError?.message).toMatch('10.0.0.1:9092: ApiVersions: ')
  })

  it('tries all addresses of a name, and names each with its reason if all fail', async () => {
    names.set('kafka', ['10.0.0.1', '10.0.0.2', '10.0.0.3'])
    network.on('10.0.0.2:9092', (peer) => peer.end())
    await connect()
    expect(network.dialled).toEqual(['10.0.0.1:9092', '10.0.0.2:9092', '10.0.0.3:9092'])
    const refused = 'TCP connect: connection refused: nothing listens there (ECONNREFUSED)'
    expect(lastError?.message).toBe(
      `cannot connect to broker kafka:9092 (node 1): 10.0.0.1:9092: ${refused}; 10.0.0.2:9092: ApiVersions: broker kafka:9092 (node 1) closed the connection; 10.0.0.3:9092: ${refused}. A listener that expects TLS does not answer a plain connection: check security.protocol`,
    )
  })

  it('resolves the name anew each time, and tries last what failed last', async () => {
    names.set('kafka', ['10.0.0.1', '10.0.0.2'])
    new FakeBroker(network, '10.0.0.2:9092')
    await connect()
    expect(log).toEqual(['ready'])
    names.set('kafka', ['10.0.0.1', '10.0.0.3', '10.0.0.2'])
    network.open[0]?.fail('ECONNRESET')
    await turns()
    clock.advance(50)
    new FakeBroker(network, '10.0.0.3:9092')
    await connect()
    expect(network.dialled).toEqual(['10.0.0.1:9092', '10.0.0.2:9092', '10.0.0.3:9092'])
  })

  it('gives up what is not set up in time, more patiently each time', async () => {
    network.on('10.0.0.1:9092', 'hang')
    for (const limitMs of [10_000, 20_000, 30_000, 30_000]) {
      log.length = 0
      await connect()
      clock.advance(limitMs - 1)
      await turns()
      expect(log).toEqual([])
      clock.advance(1)
      await turns()
      expect(log).toEqual(['disconnected NetworkError'])
      expect(lastError?.message).toMatch(`TCP connect: not done within ${limitMs} ms`)
      clock.advance(1_000)
    }
  })

  it('gives up a broker that says nothing, naming the step', async () => {
    network.on('10.0.0.1:9092', () => {})
    await connect()
    clock.advance(10_000)
    await turns()
    expect(lastError?.message).toMatch('ApiVersions: not done within 10000 ms')
  })

  it('waits longer after each failure in a row, and starts anew once connected', async () => {
    for (const delayMs of [50, 100, 200, 400, 800, 1_000, 1_000]) {
      await connect()
      expect(node.state).toBe('backing off')
      clock.advance(delayMs - 1)
      expect(node.state).toBe('backing off')
      clock.advance(1)
      expect(node.state).toBe('disconnected')
    }
    expect(warnings).toHaveLength(1)
    const broker = new FakeBroker(network, '10.0.0.1:9092')
    await connect()
    broker.peer.fail('ECONNRESET')
    await turns()
    clock.advance(50)
    expect(node.state).toBe('disconnected')
  })

  it('comes by itself after the backoff if it was asked for meanwhile', async () => {
    await connect()
    new FakeBroker(network, '10.0.0.1:9092')
    node.connect()
    clock.advance(50)
    await turns(12)
    expect(log).toEqual(['disconnected NetworkError', 'ready'])
  })

  it.each<[string, () => void]>([
    ['given up', () => node.close(new NetworkError('gone'))],
    [
      'moved',
      () => node.moveTo({ nodeId: 1, host: 'elsewhere', port: 9092, advertised: true, clusterId: null }),
    ],
  ])('a caller that waits for the end of the backoff hears that the broker is %s', async (_, end) => {
    await connect()
    node.connect()
    end()
    expect(log).toEqual(['disconnected NetworkError', 'disconnected NetworkError'])
  })

  it('says what to check if the broker itself named an address that cannot be used', async () => {
    node = makeNode({}, true)
    await connect()
    expect(lastError?.message).toMatch('check advertised.listeners of the broker')
    names.delete('kafka')
    clock.advance(50)
    await connect()
    expect(lastError?.message).toMatch(
      'cannot connect to broker kafka:9092 (node 1): kafka: the name cannot be resolved (ENOTFOUND). The cluster itself names kafka:9092',
    )
  })

  it('ends when the node is closed in the midst of it', async () => {
    network.on('10.0.0.1:9092', () => {})
    await connect()
    expect(network.open).toHaveLength(1)
    node.close(new NetworkError('enough'))
    node.connect()
    await turns()
    expect(network.open).toEqual([])
    expect(log).toEqual(['disconnected NetworkError'])
    expect(clock.pending).toBe(0)
  })
})

it('an idle node is disconnected without an error and may be connected to at once', async () => {
  new FakeBroker(network, '10.0.0.1:9092')
  await connect()
  for (let i = 0; i < 3; i++) {
    clock.advance(540_000)
    await turns()
  }
  expect(log).toEqual(['ready', 'disconnected'])
  expect(node.state).toBe('disconnected')
})
