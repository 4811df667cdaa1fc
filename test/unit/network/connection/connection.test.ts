// The rules R1 to R16 are in docs/rules.md.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AuthenticationError, type KafkaError, NetworkError, ProtocolError } from '../../../../src/errors.js'
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

describe('encryption', () => {
  const settings = {
    host: 'kafka',
    context: {
      ca: undefined,
      identity: undefined,
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
      ciphers: undefined,
    },
    verifiesAuthority: true,
    identity: 'host',
  } as const

  it.each([1, 4, 5])('is refused where %d bytes have come before it', async (size) => {
    peer.send(answer(0).subarray(0, size))
    await turns()
    await expect(connection.secure(settings)).rejects.toThrow(ProtocolError)
    await expect(connection.secure(settings)).rejects.toThrow('before the TLS handshake')
    expect(log).toEqual(['closed ProtocolError'])
  })

  it('begins where nothing has come before it', async () => {
    await expect(connection.secure(settings)).rejects.toThrow('nothing is encrypted here')
  })
})

describe('responses', () => {
  it('R16: go to the requests in the order of sending', async () => {
    const sent = [send('a'), send('b'), send('c')]
    expect(connection.inFlight).toBe(3)
    await turns()
    peer.send(Buffer.concat([answer(0, 10n), answer(1, 11n), answer(2, 12n)]))
    await Promise.all(sent)
    expect(log.filter((line) => line !== 'slot free')).toEqual(['a = 10', 'b = 11', 'c = 12'])
    expect(log.filter((line) => line === 'slot free')).toHaveLength(3)
    expect(connection.inFlight).toBe(0)
  })

  it('may come a byte at a time', async () => {
    const sent = [send('a'), send('b')]
    await turns()
    for (const byte of Buffer.concat([answer(0), answer(1)])) peer.send(Buffer.from([byte]))
    await Promise.all(sent)
    expect(log.filter((line) => line !== 'slot free')).toEqual(['a = 0', 'b = 1'])
  })

  it.each([
    ['to another request', () => answer(1)],
    ['to no request', () => answer(77)],
    ['that were received already', () => Buffer.concat([answer(0), answer(0)])],
  ])('%s end the connection, and no request gets them', async (_, bytes) => {
    const sent = [send('a'), send('b')]
    await turns()
    peer.send(bytes())
    await Promise.all(sent)
    expect(log).toContain('closed ProtocolError')
    expect(log).toContain('b failed: NetworkError')
    expect(log).not.toContain('b = 0')
    expect(errors.get('b')?.cause).toBeInstanceOf(ProtocolError)
    expect(errors.get('b')?.message).toMatch(/InitProducerId.*correlation id/)
    expect(errors.get('b')?.retriable).toBe(true)
  })

  it('that are larger than the limit end the connection and reject their request with the reason', async () => {
    const sent = [send('a'), send('b')]
    await turns()
    peer.send(Buffer.from([0, 0x0f, 0x42, 0x41]))
    await Promise.all(sent)
    expect(log).toContain('closed ProtocolError')
    expect(errors.get('a')).toMatchObject({
      name: 'NetworkError',
      retriable: true,
      message: expect.stringMatching(
        /InitProducerId.*broker kafka:9092 \(node 1\) sent a response of 1000001 bytes, more than the 1000000 of maxResponseBytes: raise it$/,
      ),
      cause: { name: 'ProtocolError', code: 'RESPONSE_TOO_LARGE', retriable: false },
    })
    // The other request lost its response with the connection, or was not sent. It can be retried.
    await send('c')
    for (const name of ['b', 'c']) {
      expect(errors.get(name)).toMatchObject({
        name: 'NetworkError',
        retriable: true,
        cause: { code: 'PROTOCOL' },
      })
    }
  })

  it('end the connection if no request is in flight', async () => {
    peer.send(answer(0))
    await turns()
    expect(log).toEqual(['closed ProtocolError'])
  })

  it('that cannot be read end the connection and reject in the order of sending', async () => {
    const sent = [send('a'), send('b'), send('c')]
    await turns()
    const cut = Buffer.from(answer(1).subarray(0, 12))
    cut.writeInt32BE(8)
    peer.send(answer(0), cut)
    await Promise.all(sent)
    expect(log).toEqual([
      'slot free',
      'a = 0',
      'closed ProtocolError',
      'b failed: NetworkError',
      'c failed: NetworkError',
    ])
  })

  it('to a request whose bytes were not all sent end the connection', async () => {
    peer.holdWrites = true
    const sent = send('a')
    await turns()
    peer.send(answer(0))
    await sent
    expect(log).toEqual(['closed ProtocolError', 'a failed: NetworkError'])
    expect(errors.get('a')?.message).toMatch('before the whole request was sent')
  })

  it('wait for a write whose end is reported a turn late, as by an encrypted socket', async () => {
    peer.holdWrites = true
    const sent = [send('a'), send('b')]
    await turns()
    peer.send(Buffer.concat([answer(0), answer(1)]))
    await turns(1)
    expect(log).toEqual([])
    peer.takeWrites()
    await Promise.all(sent)
    expect(log.filter((line) => line !== 'slot free')).toEqual(['a = 0', 'b = 1'])
  })
})

describe('a lost connection', () => {
  it('rejects the requests in flight in order, as possibly persisted', async () => {
    const sent = [send('a'), send('b')]
    await turns()
    peer.fail('ECONNRESET')
    await Promise.all(sent)
    expect(log).toEqual(['closed NetworkError', 'a failed: NetworkError', 'b failed: NetworkError'])
    expect(errors.get('a')).toMatchObject({ possiblyPersisted: true, broker: 'kafka:9092 (node 1)' })
    expect(errors.get('a')?.message).toBe(
      'no answer to the InitProducerId request after 0 ms: the connection to broker kafka:9092 (node 1) failed: connection reset by the other side (ECONNRESET)',
    )
  })

  it('rejects later requests as not sent', async () => {
    peer.end()
    await turns()
    await send('late')
    expect(errors.get('late')).toMatchObject({ possiblyPersisted: false, code: 'NETWORK' })
    expect(errors.get('late')?.message).toMatch(
      'was not sent: broker kafka:9092 (node 1) closed the connection',
    )
    expect(peer.received).toHaveLength(0)
  })

  it('for credentials that another login may replace rejects later requests as worth another try', async () => {
    connection.close(new AuthenticationError('the token has expired', { retriable: true, fatal: false }))
    await send('late')
    const later = { name: 'AuthenticationError', retriable: true, fatal: false, possiblyPersisted: false }
    expect(errors.get('late')).toMatchObject(later)
  })

  it('rejects a message that cannot be encoded, and still serves the others', async () => {
    const good = send('good')
    const bad = connection.request(InitProducerId, 4, { ...message, producerId: 2n ** 70n }, () => undefined)
    await expect(bad).rejects.toThrow(RangeError)
    await turns()
    peer.send(answer(0))
    await good
    expect(log).toContain('good = 0')
  })
})

describe('a request without a response', () => {
  it('is done when the socket has taken its bytes', async () => {
    peer.holdWrites = true
    let done = false
    const told = connection.tell(InitProducerId, 4, message).then(() => {
      done = true
    })
    expect(connection.inFlight).toBe(1)
    await turns()
    expect(done).toBe(false)
    peer.takeWrites()
    await told
    expect(connection.inFlight).toBe(0)
  })

  it('does not disturb the responses to others', async () => {
    const a = send('a')
    const told = connection.tell(InitProducerId, 4, message)
    const b = send('b')
    await told
    peer.send(answer(0), answer(2))
    await Promise.all([a, b])
    expect(log.filter((line) => line !== 'slot free')).toEqual(['a = 0', 'b = 2'])
  })

  it('times out if the socket does not take it', async () => {
    peer.holdWrites = true
    const told = connection.tell(InitProducerId, 4, message).catch((error) => error)
    await turns()
    await pass(30_000)
    expect(await told).toMatchObject({ code: 'TIMEOUT', possiblyPersisted: true })
    expect(peer.isDestroyed).toBe(true)
  })
})

describe('an idle connection', () => {
  it('is closed without an error after the limit, counted from the last bytes', async () => {
    const sent = send('a')
    await turns()
    await pass(10_000)
    peer.send(answer(0))
    await sent
    log.length = 0
    for (const ms of [20_000, 519_999]) {
      clock.advance(ms)
      await turns()
    }
    expect(log).toEqual([])
    clock.advance(1)
    await turns()
    expect(log).toEqual(['closed idle'])
    expect(peer.isDestroyed).toBe(true)
  })
})
