import { afterEach, describe, expect, it } from 'vitest'
import { type KafkaError, Producer, type ProducerConfig } from '../../src/index.js'
import { EmbeddedCluster, type EmbeddedClusterOptions } from '../../src/testing/index.js'
import { certificateText } from '../support/certificates/certificates.js'
import { type TapPlan, WireTap } from '../support/wire-tap.js'

const pair = (name: string) => ({ key: certificateText(`${name}.key`), cert: certificateText(`${name}.pem`) })
const root = certificateText('root.pem')
const users = { alice: 'marker-password' }
const plain = { mechanism: 'PLAIN', username: 'alice', password: users.alice } as const
const scram = { mechanism: 'SCRAM-SHA-256', username: 'alice', password: users.alice } as const

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(options: EmbeddedClusterOptions = {}): Promise<EmbeddedCluster> {
  const tls = pair('broker')
  const cluster = await EmbeddedCluster.start({ topics: ['orders'], tls, sasl: { users }, ...options })
  closers.push(() => cluster.close())
  return cluster
}

/** A tap before the first broker, which the broker names as its own address. */
async function tapped(cluster: EmbeddedCluster, plan?: (connection: number) => TapPlan): Promise<WireTap> {
  const tap = await WireTap.start(Number(cluster.bootstrapServers.split(':')[1]), plan)
  closers.push(() => tap.stop())
  cluster.advertise(1, { port: tap.port })
  return tap
}

function producerAt(bootstrapServers: string, config: Partial<ProducerConfig> = {}): Producer {
  const producer = new Producer({
    bootstrapServers,
    securityProtocol: 'SASL_SSL',
    tls: { ca: root },
    sasl: plain,
    logger: false,
    reconnectBackoffMs: 10,
    ...config,
  })
  closers.push(() => producer.close({ timeoutMs: 0 }))
  return producer
}

const send = (producer: Producer, value = 'v') => producer.send({ topic: 'orders', value })
const failure = (producer: Producer): Promise<KafkaError> =>
  send(producer).then(
    () => {
      throw new Error('the record was sent')
    },
    (error) => error,
  )

/** The types of the TLS records in a stream of bytes, and nothing if it is no TLS. */
function recordTypes(bytes: Buffer): number[] {
  const types: number[] = []
  for (let at = 0; at < bytes.length; at += 5 + bytes.readUInt16BE(at + 3)) {
    if (bytes[at + 1] !== 3) return []
    types.push(bytes[at] ?? 0)
  }
  return types
}

const HANDSHAKE = 22
const APPLICATION_DATA = 23

describe('somebody in the middle', () => {
  it.each([
    ['no trusted authority', { tls: pair('self-signed') }],
    ['another name', { tls: pair('other-host') }],
    ['an expired certificate', { tls: pair('expired') }],
  ])('with %s sees a handshake and no byte of Kafka', async (_, options) => {
    const tap = await tapped(await start(options))
    // With TLS 1.3 the handshake itself looks like application data.
    const tls = { ca: root, maxVersion: 'TLSv1.2' } as const
    const error = await failure(producerAt(`127.0.0.1:${tap.port}`, { tls }))
    expect(error.name).toBe('AuthenticationError')
    for (const chunks of tap.sent) {
      const types = recordTypes(Buffer.concat(chunks))
      expect(types[0]).toBe(HANDSHAKE)
      expect(types).not.toContain(APPLICATION_DATA)
    }
  })

  it.each([plain, scram])('who only listens sees no name and no password: $mechanism', async (sasl) => {
    const tap = await tapped(await start())
    await send(producerAt(`127.0.0.1:${tap.port}`, { sasl }), 'marker-value')
    expect(tap.bytes.length).toBeGreaterThan(500)
    expect(recordTypes(Buffer.concat(tap.sent[0] ?? []))[0]).toBe(HANDSHAKE)
    for (const word of ['alice', 'marker', 'odradek', 'orders']) expect(tap.bytes.includes(word)).toBe(false)
  })

  it('who has a certificate for one name cannot send clients to another', async () => {
    const bytes = { key: certificateText('../broker-key.pem'), cert: certificateText('../broker.pem') }
    const cluster = await start({ tls: bytes })
    // The certificate is for broker.test and 127.0.0.1.
    cluster.advertise(1, { host: 'localhost' })
    const ca = certificateText('../authority.pem')
    const error = await failure(producerAt(cluster.bootstrapServers, { tls: { ca } }))
    expect(error).toMatchObject({ name: 'AuthenticationError', code: 'TLS_HOST_MISMATCH' })
    expect(error.message).toContain('is for DNS:broker.test, IP Address:127.0.0.1, and not for localhost')
    // One login: that at the address that the user gave.
    expect(cluster.requests().filter(({ api }) => api === 'SaslAuthenticate')).toHaveLength(1)
    expect(cluster.requests().map(({ api }) => api)).not.toContain('Produce')
  })
})

describe('a set-up that is interrupted is repeated, and the record arrives', () => {
  it.each([0, 1, 100, 400, 700])('by a reset after %d bytes of the client', async (resetAfterSent) => {
    const cluster = await start()
    const tap = await tapped(cluster, (connection) => (connection < 3 ? { resetAfterSent } : {}))
    await send(producerAt(`127.0.0.1:${tap.port}`, { sasl: scram }))
    expect(tap.sent.length).toBeGreaterThan(3)
    expect(cluster.records('orders')).toHaveLength(1)
  })

  it.each(['ApiVersions', 'SaslHandshake', 'SaslAuthenticate', 'Metadata'] as const)(
    'by an end instead of the answer to %s',
    async (api) => {
      const cluster = await start()
      const lost = cluster.dropAnswers({ api, times: 2 })
      await send(producerAt(cluster.bootstrapServers, { sasl: scram }))
      expect(lost.hits).toBe(2)
      expect(cluster.records('orders')).toHaveLength(1)
    },
  )

  it('by brokers that restart one after the other, while records are sent', async () => {
    const cluster = await start({ brokers: 3, topics: [{ topic: 'orders', numPartitions: 3 }] })
    const producer = producerAt(cluster.bootstrapServers, { sasl: scram })
    const sent: Promise<unknown>[] = []
    for (const nodeId of [1, 2, 3]) {
      for (let i = 0; i < 20; i++) sent.push(send(producer, `${nodeId} ${i}`))
      await cluster.stopBroker(nodeId)
      for (let i = 20; i < 40; i++) sent.push(send(producer, `${nodeId} ${i}`))
      await cluster.startBroker(nodeId)
      await send(producer, `${nodeId} back`)
    }
    await Promise.all(sent)
    const values = cluster.records('orders').map(({ value }) => String(value))
    expect(values).toHaveLength(123)
    expect(new Set(values).size).toBe(123)
  })
})

describe('the reason for the end of a connection', () => {
  it('is kept if a reset comes behind the alert', async () => {
    const cluster = await start({ tls: { ...pair('broker'), ca: root, requestCert: true } })
    const tap = await tapped(cluster, () => ({ endsWithReset: true }))
    for (const minVersion of ['TLSv1.3', 'TLSv1.2'] as const) {
      const tls = { ca: root, minVersion, maxVersion: minVersion }
      const error = await failure(producerAt(`127.0.0.1:${tap.port}`, { tls }))
      expect(error.name).toBe('AuthenticationError')
      expect(error.message).toContain('wants a certificate of the client')
    }
  })

  it('is no guess about SASL if the broker was only lost', async () => {
    const cluster = await EmbeddedCluster.start({ topics: ['orders'] })
    closers.push(() => cluster.close())
    const plaintext = { securityProtocol: 'PLAINTEXT', tls: null, maxBlockMs: 500 } as const
    for (const faults of [
      { api: 'ApiVersions', times: 1_000 },
      { api: 'Metadata', times: 1 },
    ] as const) {
      const fault = cluster.dropAnswers(faults)
      const producer = new Producer({
        bootstrapServers: cluster.bootstrapServers,
        logger: false,
        ...plaintext,
      })
      closers.push(() => producer.close({ timeoutMs: 0 }))
      const told: string[] = []
      producer.on('disconnect', ({ error }) => void told.push(String(error?.message)))
      if (faults.api === 'ApiVersions') told.push((await failure(producer)).message)
      else await send(producer)
      fault.remove()
      expect(told.length).toBeGreaterThan(0)
      for (const message of told) expect(message).not.toContain('SASL')
    }
  })

  it('is a hint at TLS for a client with TLS and a login at a listener without TLS', async () => {
    const cluster = await EmbeddedCluster.start({ topics: ['orders'], sasl: { users } })
    closers.push(() => cluster.close())
    const error = await failure(producerAt(cluster.bootstrapServers, { maxBlockMs: 500 }))
    expect(error).toMatchObject({ code: 'TIMEOUT', retriable: true, possiblyPersisted: false })
    expect(error.message).toContain('the port may not speak TLS: check security.protocol')
    expect(cluster.requests()).toEqual([])
  })
})
