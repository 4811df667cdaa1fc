import { beforeEach, expect, it } from 'vitest'
import type { SecureOptions, Socket } from '../../../src/environment/socket.js'
import { TlsError } from '../../../src/environment/tls-error.js'
import { Chance } from '../../simulation/chance.js'
import { MemoryNetwork } from '../../simulation/memory-network.js'
import { AUTHORITIES } from '../../simulation/security/authorities.js'
import { type BrokerSide, BrokerTls } from '../../simulation/security/broker-tls.js'
import { Trace } from '../../simulation/trace.js'
import { VirtualTime } from '../../simulation/virtual-time.js'

const PORT = 9_093
const options: SecureOptions = {
  context: {
    ca: [AUTHORITIES.root],
    identity: undefined,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: undefined,
  },
  verifiesAuthority: true,
  identity: 'host',
  host: 'broker',
}

let time: VirtualTime
let tls: BrokerTls
let network: MemoryNetwork
let struck: string[]
beforeEach(async () => {
  time = new VirtualTime((error) => {
    throw error
  })
  tls = new BrokerTls(time)
  struck = []
  tls.struck = (fault) => struck.push(fault)
  const link = { latencyMs: 1, jitterMs: 0, takeMs: 0, segmentBytes: 0 }
  network = new MemoryNetwork(time, Chance.of(1, 'network'), link, new Trace(false, () => time.nowMs))
  network.tls = tls
  await network.listen(PORT, () => ({ received: () => {}, closed: () => {} }))
})

/** The end of a handshake, and that of its connection, within ten seconds. */
async function shakeHands(side: Partial<BrokerSide>, meanwhile: (socket: Socket) => void = () => {}) {
  Object.assign(tls.side(PORT), side)
  const heard: { secured: unknown; closed: unknown } = { secured: 'nothing', closed: 'nothing' }
  const socket = network.openSocket(
    { address: '10.0.0.1', family: 4, port: PORT },
    {
      connected: () => {
        socket.secure(options).then(
          () => {
            heard.secured = `after ${time.nowMs} ms`
          },
          (error) => {
            heard.secured = error
          },
        )
        meanwhile(socket)
      },
      received: () => {},
      closed: (error) => {
        heard.closed = error
      },
    },
  )
  await time.run(() => false, 10_000)
  return heard
}

const tlsError = (code: string, isHandshake = true) =>
  expect.objectContaining({ name: TlsError.name, code, facts: expect.objectContaining({ isHandshake }) })

it('a handshake takes a round trip', async () => {
  expect(await shakeHands({})).toEqual({ secured: 'after 4 ms', closed: 'nothing' })
  expect(struck).toEqual([])
})

it.each<[string, Partial<BrokerSide>, string]>([
  [
    'TLS handshake refused',
    { alert: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE' },
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  ],
  ['TLS handshake reset', { resets: 1 }, 'ECONNRESET'],
  ['certificate of another authority', { authority: 'other-root' }, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  ['certificate expired', { isExpired: true }, 'CERT_HAS_EXPIRED'],
])('the fault "%s" ends handshake and connection by the same error of TLS', async (fault, side, code) => {
  const { secured, closed } = await shakeHands(side)
  expect(secured).toEqual(tlsError(code))
  expect(closed).toBe(secured)
  expect(struck).toEqual([fault])
})

it('the fault "client certificate refused" comes behind a handshake that ended well, as in TLS 1.3', async () => {
  expect(await shakeHands({ refusesClient: true })).toEqual({
    secured: 'after 4 ms',
    closed: tlsError('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', false),
  })
})

it('the fault "TLS handshake slow" delays it, and ends with the faults', async () => {
  expect(await shakeHands({ slowMs: 300 })).toMatchObject({ secured: 'after 304 ms' })
  tls.heal()
  expect(tls.side(PORT).slowMs).toBe(0)
})

it('a handshake ends when the client destroys its socket, without an error for the connection', async () => {
  const { secured, closed } = await shakeHands({}, (socket) => socket.destroy())
  expect(secured).toEqual(tlsError('ENDED'))
  expect(closed).toBeNull()
})
