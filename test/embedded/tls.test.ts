import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  Admin,
  AuthenticationError,
  type KafkaError,
  Producer,
  type ProducerConfig,
  type TlsOptions,
} from '../../src/index.js'
import { EmbeddedCluster, type EmbeddedClusterOptions } from '../../src/testing/index.js'
import { certificateBytes, certificateFile, certificateText } from '../support/certificates/certificates.js'
import { NotingLogger } from '../support/noting-logger.js'

const root = certificateText('root.pem')
const pair = (name: string) => ({ key: certificateText(`${name}.key`), cert: certificateText(`${name}.pem`) })

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(options: EmbeddedClusterOptions = {}, host?: string): Promise<EmbeddedCluster> {
  const cluster = await EmbeddedCluster.start(options)
  closers.push(() => cluster.close())
  if (host !== undefined) cluster.advertise(1, { host })
  return cluster
}

const trusting = (tls: TlsOptions = {}): Partial<ProducerConfig> => ({
  securityProtocol: 'SSL',
  tls: { ca: root, ...tls },
})

function producerFor(
  cluster: { readonly bootstrapServers: string },
  config: Partial<ProducerConfig>,
): Producer {
  const { bootstrapServers } = cluster
  const producer = new Producer({ bootstrapServers, logger: false, reconnectBackoffMs: 10, ...config })
  closers.push(() => producer.close({ timeoutMs: 0 }))
  return producer
}

const send = (producer: Producer, value = 'v') => producer.send({ topic: 't', value })
const failure = (producer: Producer): Promise<KafkaError> =>
  send(producer).then(
    () => {
      throw new Error('the record was sent')
    },
    (error) => error,
  )

describe('a producer on a cluster with TLS', () => {
  it('sends to brokers of a trusted authority, by address and by name', async () => {
    const cluster = await start({ brokers: 3, tls: pair('broker') })
    cluster.advertise(2, { host: 'localhost' })
    cluster.createTopic({ topic: 't', numPartitions: 6 })
    const producer = producerFor(cluster, trusting())
    await Promise.all(
      [0, 1, 2, 3, 4, 5].map((partition) => producer.send({ topic: 't', partition, value: `p${partition}` })),
    )
    expect(
      cluster
        .records('t')
        .map(({ value }) => value?.toString())
        .sort(),
    ).toEqual([...['p0', 'p1', 'p2', 'p3', 'p4', 'p5']])
  })

  it.each([
    ['client', 'client.pem'],
    ['chained-client', 'chained-client.chain.pem'],
  ])('shows its certificate: %s', async (name, chain) => {
    const cluster = await start({ tls: { ...pair('broker'), ca: root, requestCert: true } })
    const cert = certificateText(chain)
    await send(producerFor(cluster, trusting({ key: certificateText(`${name}.key`), cert })))
    expect(cluster.records('t')).toHaveLength(1)
  })

  it.each([
    ['the root', 'root.pem'],
    ['the intermediate authority, as in Java', 'intermediate.pem'],
    ['the certificate itself, as in Java', 'chained-broker.pem'],
  ])('believes a broker under an intermediate authority that trusts %s', async (_, file) => {
    const cert = certificateText('chained-broker.chain.pem')
    const cluster = await start({ tls: { key: certificateText('chained-broker.key'), cert } })
    await send(producerFor(cluster, trusting({ ca: certificateText(file) })))
    expect(cluster.records('t')).toHaveLength(1)
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('speaks %s', async (version) => {
    const cluster = await start({ tls: { ...pair('broker'), minVersion: version, maxVersion: version } })
    await send(producerFor(cluster, trusting()))
    expect(cluster.records('t')).toHaveLength(1)
  })

  it('takes its settings in the words of Java, as an admin does', async () => {
    const cluster = await start({ tls: { ...pair('broker'), ca: root, requestCert: true } })
    const config = {
      securityProtocol: 'SSL',
      sslTruststoreLocation: certificateFile('trust.jks'),
      sslTruststorePassword: 'changeit',
      sslKeystoreLocation: certificateFile('client.java.p12'),
      sslKeystorePassword: 'changeit',
    } as const
    await send(producerFor(cluster, config))
    const admin = new Admin({ bootstrapServers: cluster.bootstrapServers, logger: false, ...config })
    closers.push(() => admin.close())
    expect((await admin.listTopics()).map(({ topic }) => topic)).toEqual(['t'])
  })
})

describe('a mistake in TLS has its own error, and fails records at once', () => {
  const mutual = { ...pair('broker'), ca: root, requestCert: true }
  const TLS13 = { minVersion: 'TLSv1.3' } as const
  const TLS12 = { maxVersion: 'TLSv1.2' } as const
  const missing =
    /TLS: the broker wants a certificate of the client, and none is set \(ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED\): set ssl.keystore.location, or tls.cert and tls.key/
  it.each<[string, EmbeddedClusterOptions['tls'], Partial<ProducerConfig>, string, RegExp]>([
    [
      'an unknown authority',
      pair('broker'),
      { securityProtocol: 'SSL' },
      'TLS_AUTHORITY_UNKNOWN',
      /TLS: the broker's certificate comes from the authority CN=root, which is not trusted \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\): add the authority's certificate to ssl.truststore.location or tls.ca/,
    ],
    [
      'an unknown authority that the broker sends along',
      { ...pair('broker'), cert: certificateText('broker.pem') + root },
      trusting({ ca: certificateText('other-root.pem') }),
      'TLS_AUTHORITY_UNKNOWN',
      /the authority CN=root, which is not trusted \(SELF_SIGNED_CERT_IN_CHAIN\)/,
    ],
    [
      'a certificate that is its own authority',
      pair('self-signed'),
      trusting(),
      'TLS_AUTHORITY_UNKNOWN',
      /the authority CN=broker, which is not trusted \(DEPTH_ZERO_SELF_SIGNED_CERT\)/,
    ],
    [
      'another host',
      pair('other-host'),
      trusting(),
      'TLS_HOST_MISMATCH',
      /TLS: the broker's certificate is for DNS:other.example, IP Address:192.0.2.1, and not for 127.0.0.1: connect to a name in the certificate/,
    ],
    [
      'an expired certificate',
      pair('expired'),
      trusting(),
      'TLS_CERTIFICATE_EXPIRED',
      /TLS: the broker's certificate is valid from .+ GMT to .+ GMT, and here it is \d{4}-\d\d-\d\dT.+Z \(CERT_HAS_EXPIRED\): renew the certificate, or set the clock/,
    ],
    ['no certificate of the client, TLS 1.3', mutual, trusting(TLS13), 'TLS_CLIENT_CERTIFICATE', missing],
    [
      'no certificate of the client, TLS 1.2',
      mutual,
      trusting(TLS12),
      'TLS_NOT_NEGOTIATED',
      /ERR_SSL_\S+_ALERT_HANDSHAKE_FAILURE.+If the broker wants a certificate of the client, set ssl.keystore.location, or tls.cert and tls.key/,
    ],
    [
      'no common version',
      { ...pair('broker'), maxVersion: 'TLSv1.2' },
      trusting(TLS13),
      'TLS_NOT_NEGOTIATED',
      /TLS: the broker takes none of the versions of TLS that the client offers, TLSv1.3 \(ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION\)/,
    ],
    [
      'no common cipher suite',
      { ...pair('broker'), maxVersion: 'TLSv1.2' },
      trusting({ ciphers: 'ECDHE-RSA-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' }),
      'TLS_NOT_NEGOTIATED',
      /TLS: the broker found no cipher suite among those that the client offers with TLSv1.2 \(ERR_SSL_\S+_ALERT_HANDSHAKE_FAILURE\)/,
    ],
    [
      'a check of the user that refuses',
      pair('broker'),
      trusting({ checkServerIdentity: () => new Error('it is not pinned') }),
      'TLS_CERTIFICATE_INVALID',
      /TLS: the broker's certificate is refused: it is not pinned/,
    ],
  ])('%s', async (_, tls, config, code, message) => {
    const cluster = await start({ tls })
    const error = await failure(producerFor(cluster, config))
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(error).toMatchObject({ code, fatal: true, retriable: false, possiblyPersisted: false })
    expect(error.message).toMatch(message)
    expect(cluster.requests()).toEqual([])
  })

  it('without idempotence too', async () => {
    const cluster = await start({ tls: pair('expired') })
    const error = await failure(producerFor(cluster, { ...trusting(), enableIdempotence: false }))
    expect(error).toMatchObject({ name: 'AuthenticationError', code: 'TLS_CERTIFICATE_EXPIRED' })
  })
})

describe('a failure of TLS that may pass', () => {
  it('is a port without TLS: the time-out says so', async () => {
    const cluster = await start()
    const error = await failure(producerFor(cluster, { ...trusting(), maxBlockMs: 500 }))
    expect(error).toMatchObject({ code: 'TIMEOUT', retriable: true })
    expect(error.message).toMatch(
      /TLS: the other side closed the connection during the TLS handshake.*If this goes on, the port may not speak TLS: check security.protocol/,
    )
  })

  it.each([
    ['a client without TLS', pair('broker'), {}, 'A listener that expects TLS does not answer a plain'],
    [
      'a certificate of the client that an embedded broker refuses, which it does without an alert',
      { ...pair('broker'), ca: root, requestCert: true },
      trusting(pair('stranger')),
      'A listener that expects a certificate of the client may end a connection like this',
    ],
  ])('is %s: the time-out says so', async (_, tls, config, message) => {
    const cluster = await start({ tls })
    const error = await failure(producerFor(cluster, { ...config, maxBlockMs: 500 }))
    expect(error).toMatchObject({ code: 'TIMEOUT', retriable: true })
    expect(error.message).toContain(message)
  })

  it('is a server that does not shake hands, or a function without an answer: the time-out names the step', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).resume())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => new Promise((resolve) => server.close(resolve)))
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    const bootstrapServers = `127.0.0.1:${port}`
    const quick = { socketConnectionSetupTimeoutMs: 50, maxBlockMs: 1_000 }
    const silent = await failure(producerFor({ bootstrapServers }, { ...trusting(), ...quick }))
    expect(silent.message).toMatch(/TLS: not done within \d+ ms/)
    const tls = () => new Promise<TlsOptions>(() => {})
    const asked = await failure(producerFor({ bootstrapServers }, { securityProtocol: 'SSL', tls, ...quick }))
    expect(asked.message).toMatch(/TLS: not done within \d+ ms/)
  })

  it('is a port of another protocol', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.resume()
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(() => new Promise((resolve) => server.close(resolve)))
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    const cluster = { bootstrapServers: `127.0.0.1:${port}` }
    const error = await failure(producerFor(cluster, { ...trusting(), maxBlockMs: 500 }))
    expect(error.message).toMatch('TLS: the port does not speak TLS (ERR_SSL_WRONG_VERSION_NUMBER)')
  })
})

describe('a producer stays usable', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'odradek-tls-'))
    closers.push(() => rm(folder, { recursive: true }))
  })

  it('when a certificate on disk is renewed', async () => {
    const cluster = await start({ tls: pair('broker') })
    const sslTruststoreLocation = join(folder, 'trust.pem')
    writeFileSync(sslTruststoreLocation, certificateBytes('other-root.pem'))
    const logger = new NotingLogger()
    const stores = { sslTruststoreType: 'PEM', sslTruststoreLocation } as const
    const producer = producerFor(cluster, { logger, securityProtocol: 'SSL', ...stores })
    expect(await failure(producer)).toMatchObject({ code: 'TLS_AUTHORITY_UNKNOWN' })
    writeFileSync(sslTruststoreLocation, certificateBytes('root.pem'))
    await send(producer)
    expect(cluster.records('t')).toHaveLength(1)
    expect(logger.lines).toContain('info: the certificates were read again because their files have changed')
  })

  it('when its function gives other options', async () => {
    const cluster = await start({ tls: pair('broker') })
    const answers: (() => TlsOptions)[] = [
      () => {
        throw new Error('the vault is closed')
      },
      () => ({ ca: 'garbage' }),
      () => ({ ca: certificateText('other-root.pem') }),
    ]
    const tls = async (): Promise<TlsOptions> => answers.shift()?.() ?? { ca: root }
    const producer = producerFor(cluster, { securityProtocol: 'SSL', tls })
    const error = await failure(producer)
    expect(error).toMatchObject({ code: 'TLS_SETTINGS', fatal: true })
    expect(error.message).toContain('TLS: tls.ca has no certificate in PEM')
    expect(await failure(producer)).toMatchObject({ code: 'TLS_AUTHORITY_UNKNOWN' })
    await send(producer)
    expect(cluster.records('t')).toHaveLength(1)
  })
})
