import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type KafkaError, NetworkError, TimeoutError } from '../../../../src/errors.js'
import { Connection } from '../../../../src/network/connection/connection.js'
import { Stalls } from '../../../../src/network/stalls.js'
import { ErrorCode } from '../../../../src/protocol/error-codes.js'
import { decodeResponse, encodeResponse } from '../../../../src/protocol/frame.js'
import { InitProducerId } from '../../../../src/protocol/init-producer-id.js'
import { ManualClock } from '../../../support/manual-clock.js'
import { passTime } from '../../../support/pass-time.js'
import { ScriptedNetwork, type ScriptedPeer } from '../../../support/scripted-network.js'
import { turns } from '../../../support/turns.js'

const address = { address: '10.0.0.1', family: 4, port: 9092 } as const
const message = { transactionalId: null, transactionTimeoutMs: 1, producerId: -1n, producerEpoch: -1 }

let clock: ManualClock
let network: ScriptedNetwork
let peer: ScriptedPeer
let connection: Connection
/** The events, in order. */
let log: string[]

beforeEach(async () => {
  clock = new ManualClock()
  network = new ScriptedNetwork()
  log = []
  network.on('10.0.0.1:9092', (accepted) => {
    peer = accepted
  })
  connection = new Connection(
    {
      clock,
      stalls: new Stalls(clock),
      openSocket: network.openSocket,
      address,
      broker: 'kafka:9092 (node 1)',
      clientId: 'test',
      requestTimeoutMs: 30_000,
      maxIdleMs: 540_000,
      maxResponseBytes: 1_000_000,
    },
    {
      closed: (error) => log.push(`closed ${error === null ? 'idle' : error.constructor.name}`),
      slotFree: () => log.push('slot free'),
      quiet: () => {},
    },
  )
  await connection.connected
})

afterEach(async () => {
  connection.close(new NetworkError('the test is over'))
  await turns()
  expect(clock.pending).toBe(0)
  expect(network.open).toEqual([])
})

async function pass(ms: number): Promise<void> {
  await passTime(clock, ms, 100, 3)
}

/** Sends a request whose outcome is logged under `name`. */
function send(name: string, timeoutMs?: number): Promise<void> {
  return connection
    .request(
      InitProducerId,
      4,
      message,
      (frame) => decodeResponse(InitProducerId, 4, frame),
      timeoutMs === undefined ? {} : { timeoutMs },
    )
    .then(
      (response) => void log.push(`${name} = ${response.producerId}`),
      (error: KafkaError) => {
        log.push(`${name} failed: ${error.constructor.name}`)
        errors.set(name, error)
      },
    )
}
const errors = new Map<string, KafkaError>()

function answer(correlationId: number, producerId = BigInt(correlationId)): Buffer {
  const response = { throttleTimeMs: 0, errorCode: ErrorCode.NONE, producerId, producerEpoch: 0 }
  return Buffer.concat(encodeResponse(InitProducerId, 4, correlationId, response))
}

describe('a request timeout', () => {
  it('destroys the socket and rejects everything in flight, in order', async () => {
    const sent = [send('a'), send('b')]
    await turns()
    await pass(29_999)
    await turns()
    expect(peer.isDestroyed).toBe(false)
    await pass(1)
    await Promise.all(sent)
    expect(peer.isDestroyed).toBe(true)
    expect(log).toEqual(['closed TimeoutError', 'a failed: TimeoutError', 'b failed: TimeoutError'])
    expect(errors.get('b')).toMatchObject({ phase: 'request', possiblyPersisted: true })
    expect(errors.get('b')).toBeInstanceOf(TimeoutError)
  })

  it('is judged for each request by its own limit', async () => {
    const sent = [send('patient', 60_000), send('hasty', 5_000)]
    await turns()
    await pass(5_000)
    await Promise.all(sent)
    expect(errors.get('hasty')?.message).toMatch('did not answer the InitProducerId request within 5000 ms')
  })

  it('does not happen if the response lay in the socket while this process stalled', async () => {
    const sent = send('a')
    await turns()
    peer.send(answer(0))
    clock.block(60_000)
    clock.advance(0)
    await sent
    expect(log).toEqual(['slot free', 'a = 0'])
  })

  it.each([
    ['that ends just before the timeout', 29_850],
    ['that ends after the timeout', 60_000],
  ])('counts half a second of a stall %s', async (_where, stalledMs) => {
    const sent = send('a')
    await turns()
    await pass(100)
    await turns()
    clock.block(stalledMs)
    clock.advance(0)
    await turns()
    await pass(29_499)
    await turns()
    expect(log).toEqual([])
    await pass(1)
    await sent
    expect(log).toEqual(['closed TimeoutError', 'a failed: TimeoutError'])
  })

  it('is not extended for a request that is sent after a stall, before the late timer fires', async () => {
    const first = send('a')
    await turns()
    peer.send(answer(0))
    await first
    clock.block(3_600_000)
    const second = send('b')
    clock.advance(0)
    await turns()
    await pass(29_999)
    await turns()
    expect(log).toEqual(['slot free', 'a = 0'])
    await pass(1)
    await second
    expect(errors.get('b')?.message).toMatch('within 30000 ms')
  })

  it('does not count a stall between the timer and the verdict', async () => {
    const sent = send('a')
    await turns()
    clock.advance(500)
    // The timer has fired, and the network has not been read yet.
    clock.block(40_000)
    await turns()
    expect(log).toEqual([])
    peer.send(answer(0))
    await sent
    expect(log).toEqual(['slot free', 'a = 0'])
  })

  it('counts a stall once even if two timers waited through it', async () => {
    const first = send('a')
    await turns()
    clock.advance(500)
    // Between the timer and its verdict another request starts a timer of its own.
    const second = send('b')
    clock.block(10_000)
    clock.advance(0)
    await turns()
    await pass(28_900)
    expect(log).toEqual([])
    await pass(600)
    await Promise.all([first, second])
    expect(errors.get('a')?.message).toMatch('within 39500 ms')
  })

  it('comes in the end in a process that always stalls', async () => {
    const sent = send('a')
    for (let i = 0; i < 59; i++) {
      await turns()
      clock.block(5_000)
      clock.advance(0)
    }
    await turns()
    expect(log).toEqual([])
    clock.block(5_000)
    clock.advance(0)
    await sent
    expect(log).toEqual(['closed TimeoutError', 'a failed: TimeoutError'])
  })

  it('comes later by the throttle time of the broker', async () => {
    const sent = send('a')
    await turns()
    connection.extendDeadlines(10_000)
    await pass(39_999)
    await turns()
    expect(log).toEqual([])
    await pass(1)
    await sent
    expect(log).toContain('a failed: TimeoutError')
  })
})
