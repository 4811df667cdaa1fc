import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'
import {
  AuthenticationError,
  type KafkaError,
  NetworkError,
  Producer,
  type TlsOptions,
} from '../../src/index.js'
import { EmbeddedCluster, type TlsServer } from '../../src/testing/index.js'
import { certificateText } from '../support/certificates/certificates.js'

const root = certificateText('root.pem')
const pair = (name: string) => ({ key: certificateText(`${name}.key`), cert: certificateText(`${name}.pem`) })

/** The authority of `ofOther`, which is not `root`. */
const otherRoot = certificateText('../authority.pem')
const ofOther = { key: certificateText('../broker-key.pem'), cert: certificateText('../broker.pem') }

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(brokers = 1): Promise<{ readonly cluster: EmbeddedCluster; readonly tls: TlsServer }> {
  const cluster = await EmbeddedCluster.start({ brokers, topics: ['t'], tls: pair('broker') })
  closers.push(() => cluster.close())
  if (cluster.tls === null) throw new TypeError('the cluster was started with TLS')
  return { cluster, tls: cluster.tls }
}

/** A producer, and the failures of its connections. */
function connect(cluster: EmbeddedCluster, ca: string[] = [root]) {
  const tls = (): TlsOptions => ({ ca })
  const { bootstrapServers } = cluster
  const producer = new Producer({
    bootstrapServers,
    securityProtocol: 'SSL',
    tls,
    logger: false,
    reconnectBackoffMs: 1,
    reconnectBackoffMaxMs: 1,
  })
  closers.push(() => producer.close({ timeoutMs: 0 }))
  const failures: KafkaError[] = []
  producer.on('disconnect', ({ error }) => void (error !== undefined && failures.push(error)))
  return { producer, failures, ca }
}

const send = (producer: Producer, value = 'v') => producer.send({ topic: 't', partition: 0, value })

describe('a fault of TLS handshakes', () => {
  it('that resets or cuts them is passed over, and counts', async () => {
    const { cluster, tls } = await start()
    const reset = tls.resetHandshakes({ times: 2 })
    const cut = tls.cutHandshakes()
    const { producer, failures } = connect(cluster)
    await send(producer)
    expect([reset.hits, cut.hits]).toEqual([2, 1])
    expect(failures).toHaveLength(3)
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(NetworkError)
      expect(failure.message).toContain('closed the connection during the TLS handshake')
    }
  })

  it('that refuses them fails records at once, until it is removed', async () => {
    const { cluster, tls } = await start()
    const refused = tls.refuseHandshakes({ times: Number.POSITIVE_INFINITY })
    const { producer } = connect(cluster)
    await expect(send(producer)).rejects.toMatchObject({
      name: AuthenticationError.name,
      code: 'TLS_NOT_NEGOTIATED',
      possiblyPersisted: false,
    })
    expect(refused.hits).toBeGreaterThan(0)
    refused.remove()
    await send(producer)
    expect(cluster.records('t')).toHaveLength(1)
  })

  it('strikes the given broker, behind those that are skipped', async () => {
    const { cluster, tls } = await start(2)
    const reset = tls.resetHandshakes({ nodeId: 2, skip: 1, times: 3 })
    const topics = [1, 2].map((nodeId) => {
      cluster.createTopic({ topic: `of-${nodeId}`, assignments: [[nodeId]] })
      return `of-${nodeId}`
    })
    const { producer, failures } = connect(cluster)
    for (let round = 0; round < 3; round++) {
      for (const topic of topics) await producer.send({ topic, value: 'v' })
      cluster.closeConnections(2)
    }
    for (const topic of topics) await producer.send({ topic, value: 'v' })
    expect(reset.hits).toBe(3)
    expect(failures.filter(({ message }) => message.includes('TLS')).map(({ broker }) => broker)).toEqual(
      Array(3).fill(expect.stringContaining('(node 2)')),
    )
  })

  it('that delays them delays them only', async () => {
    const { cluster, tls } = await start()
    const delayed = tls.delayHandshakes({ times: 2 }, 30)
    const { producer, failures } = connect(cluster)
    await send(producer)
    expect(delayed.hits).toBe(2)
    expect(failures).toEqual([])
  })

  it('does not hold up the end of its cluster', async () => {
    const { cluster, tls } = await start()
    const delayed = tls.delayHandshakes({ times: Number.POSITIVE_INFINITY }, 3_600_000)
    const { producer } = connect(cluster)
    const sent = send(producer).catch((error) => error.name)
    while (delayed.hits === 0) await new Promise((resolve) => setImmediate(resolve))
    await producer.close({ timeoutMs: 0 })
    expect(await sent).toBe('ProducerClosedError')
    await cluster.close()
  })

  it.each([
    ['a broker that does not exist', (tls: TlsServer) => tls.resetHandshakes({ nodeId: 2 })],
    ['a field that does not exist', (tls: TlsServer) => tls.cutHandshakes({ api: 'Produce' } as object)],
    ['a count below 0', (tls: TlsServer) => tls.refuseHandshakes({ times: -1 })],
    ['a time that is none', (tls: TlsServer) => tls.delayHandshakes({}, Number.NaN)],
  ])('is refused with %s', async (_, make) => {
    const { tls } = await start()
    expect(() => make(tls)).toThrow(/nodeId|api|times|delayMs/)
  })
})

describe('the certificate of a running cluster', () => {
  it('is changed for new connections, and records go on', async () => {
    const { cluster, tls } = await start()
    const { producer, failures, ca } = connect(cluster)
    await send(producer, 'before')
    tls.change(ofOther)
    await send(producer, 'on the old connection')
    expect(failures).toEqual([])
    const lost = once(producer, 'disconnect')
    cluster.closeConnections()
    await lost
    await expect(send(producer, 'refused')).rejects.toMatchObject({
      code: 'TLS_AUTHORITY_UNKNOWN',
      possiblyPersisted: false,
    })
    ca.push(otherRoot)
    await send(producer, 'after')
    expect(cluster.records('t').map(({ value }) => value?.toString())).toEqual([
      'before',
      'on the old connection',
      'after',
    ])
  })

  it('stays if the new one does not fit its key', async () => {
    const { cluster, tls } = await start()
    expect(() => tls.change({ cert: certificateText('stranger.pem') })).toThrow(/key values mismatch/)
    expect(() => tls.change({ certificate: 'x' } as object)).toThrow(/certificate/)
    await send(connect(cluster).producer)
  })

  it('is asked of clients from the moment in which that is demanded', async () => {
    const { cluster, tls } = await start()
    const { producer } = connect(cluster)
    await send(producer)
    tls.change({ ca: root, requestCert: true })
    const lost = once(producer, 'disconnect')
    cluster.closeConnections()
    await lost
    await expect(send(producer)).rejects.toMatchObject({ code: 'TLS_CLIENT_CERTIFICATE' })
  })
})
