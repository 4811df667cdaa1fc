import { expect, it } from 'vitest'
import { NetworkError } from '../../../../src/errors.js'
import { setUpConnection } from '../../../../src/network/connect/connection-setup.js'
import type { ConnectionStep, SetUp } from '../../../../src/network/connect/connection-step.js'
import { Connection } from '../../../../src/network/connection/connection.js'
import { Stalls } from '../../../../src/network/stalls.js'
import { ManualClock } from '../../../support/manual-clock.js'
import { ScriptedNetwork } from '../../../support/scripted-network.js'

const broker = 'kafka:9092 (node 1)'
/** A function of the user's, which does not hear that the connection was closed. */
const waitForUser: ConnectionStep = { name: 'TLS', run: () => new Promise<void>(() => undefined) }

it('a set-up ends with its connection, whatever its step waits for, and leaves no timer', async () => {
  const clock = new ManualClock()
  const stalls = new Stalls(clock)
  const connection = new Connection(
    {
      clock,
      stalls,
      openSocket: new ScriptedNetwork().openSocket,
      address: { address: '10.0.0.1', family: 4, port: 9092 },
      broker,
      clientId: 'test',
      requestTimeoutMs: 30_000,
      maxIdleMs: 540_000,
      maxResponseBytes: 1_000,
    },
    { closed: () => {}, slotFree: () => {}, quiet: () => {} },
  )
  const setUp: SetUp = {
    connection,
    target: { host: 'kafka', port: 9092, broker, advertised: false, nodeId: 1, clusterId: null },
    step: 'TCP connect',
    versions: undefined,
    throttleMs: 0,
    conversation: null,
    sessionLifetimeMs: 0n,
  }
  const failure = setUpConnection(setUp, [waitForUser], 10_000, stalls)
  connection.close(new NetworkError('the producer is closed'))
  const first = await Promise.race([failure, new Promise((resolve) => setImmediate(resolve, 'nothing'))])
  expect(first).toMatchObject({ step: 'TLS', error: { message: 'TLS: the producer is closed' } })
  expect(clock.pending).toBe(0)
})
