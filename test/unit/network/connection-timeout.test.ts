import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type KafkaError, NetworkError, TimeoutError } from '../../../src/errors.js'
import { Connection } from '../../../src/network/connection.js'
import { decodeResponse, encodeResponse } from '../../../src/protocol/frame.js'
import { InitProducerId } from '../../../src/protocol/init-producer-id.js'
import { ManualClock } from '../../support/manual-clock.js'
import { passTime } from '../../support/pass-time.js'
import { ScriptedNetwork, type ScriptedPeer } from '../../support/scripted-network.js'
import { turns } from '../../support/turns.js'

const address = { address: '10.0.0.1', family: 4, port: 9092 } as const
const message = { transactionalId: null, transactionTimeoutMs: 1, producerId: -1n, producerEpoch: -1 }

let clock: ManualClock
let network: ScriptedNetwork
let peer: ScriptedPeer
let connection: Connection
/** What happened, in order. */
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
  const response = { throttleTimeMs: 0, errorCode: 0, producerId, producerEpoch: 0 }
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

  it('does not happen if the answer lay in the socket while this process was held up', async () => {
    const sent = send('a')
    await turns()
    peer.send(answer(0))
    clock.block(60_000)
    clock.advance(0)
    await sent
    expect(log).toEqual(['slot free', 'a = 0'])
  })

  it.each([
    ['that ends just before it', 29_850],
    ['that ends behind it', 60_000],
  ])('counts half a second of a hold-up of this process %s', async (_where, heldUpMs) => {
    const sent = send('a')
    await turns()
    await pass(100)
    await turns()
    clock.block(heldUpMs)
    clock.advance(0)
    await turns()
    await pass(29_499)
    await turns()
    expect(log).toEqual([])
    await pass(1)
    await sent
    expect(log).toEqual(['closed TimeoutError', 'a failed: TimeoutError'])
  })

  it('is its own for a request that is sent after a hold-up, before the timer tells of it', async () => {
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

  it('does not count a hold-up between its timer and the judgement', async () => {
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

  it('does not count a hold-up twice that two timers have waited through', async () => {
    const first = send('a')
    await turns()
    clock.advance(500)
    // Between the timer and its judgement another request starts a timer of its own.
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

  it('comes in the end in a process that is always held up', async () => {
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

  it('comes later by the pause that the broker asked for', async () => {
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
