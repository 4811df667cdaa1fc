import { expect, it } from 'vitest'
import type { OpenSocket } from '../../../src/environment/socket.js'
import { NetworkError } from '../../../src/errors.js'
import { BrokerNode } from '../../../src/network/broker/broker-node.js'
import { Stalls } from '../../../src/network/stalls.js'
import { cryptography } from '../../simulation/cryptography.js'
import { FakeBroker } from '../../support/fake-broker.js'
import { ManualClock } from '../../support/manual-clock.js'
import { defaultNetworkOptions } from '../../support/network-options.js'
import { noFiles } from '../../support/no-files.js'
import { noHttp } from '../../support/no-http.js'
import { ScriptedNetwork } from '../../support/scripted-network.js'
import { turns } from '../../support/turns.js'

/** More steps than a node needs from the last response of the set-up until it is ready. */
const STEPS = 30

/** Connects, and calls `act` on the node that many steps after the ApiVersions response, in the same turn. */
async function interrupted(steps: number, interrupt: (node: BrokerNode) => void) {
  const clock = new ManualClock()
  const network = new ScriptedNetwork()
  for (const address of ['10.0.0.1:9092', '10.0.0.2:9092']) new FakeBroker(network, address)
  let isOver = false
  const openSocket: OpenSocket = (address, listener) =>
    network.openSocket(address, {
      ...listener,
      async received(chunk) {
        listener.received(chunk)
        for (let i = 0; i < steps; i++) await null
        if (!isOver) interrupt(node)
        isOver = true
      },
    })
  const ignore = (): void => {}
  const node = new BrokerNode(
    { nodeId: 1, host: '10.0.0.1', port: 9092, advertised: false, clusterId: null },
    {
      options: { ...defaultNetworkOptions, bootstrapServers: [] },
      stalls: new Stalls(clock),
      sasl: null,
      environment: {
        clock,
        random: () => 0.5,
        openSocket,
        lookup: async (host) => [{ address: host, family: 4 }],
        compress: () => Promise.reject(new Error('nothing is compressed here')),
        files: noFiles,
        postHttp: noHttp,
        captureContext: () => null,
        outsideContexts: (run) => run(),
        ...cryptography,
        emitWarning: () => {},
      },
    },
    {
      nodeReady: ignore,
      nodeDisconnected: ignore,
      nodeAvailable: ignore,
      nodeThrottled: ignore,
      nodeBackoffEnded: ignore,
    },
  )
  node.connect()
  await turns(12)
  return { clock, network, node }
}

const steps = Array.from({ length: STEPS }, (_, i) => i)

it.each(steps)('a node closed %i steps after its set-up ended stays closed, without a socket', async (i) => {
  const { clock, network, node } = await interrupted(i, (one) => one.close(new NetworkError('enough')))
  expect(node.state).toBe('closed')
  expect(network.open).toEqual([])
  expect(clock.pending).toBe(0)
})

it.each(steps)(
  'a node that moves %i steps after its set-up ended is not ready at the old address',
  async (i) => {
    const { network, node } = await interrupted(i, (one) =>
      one.moveTo({ nodeId: 1, host: '10.0.0.2', port: 9092, advertised: true, clusterId: null }),
    )
    expect(node.isReady).toBe(false)
    expect(network.open).toEqual([])
    node.connect()
    await turns(12)
    expect(node.isReady).toBe(true)
    expect(network.open.map(({ address }) => address)).toEqual(['10.0.0.2:9092'])
    node.close(new NetworkError('enough'))
  },
)
