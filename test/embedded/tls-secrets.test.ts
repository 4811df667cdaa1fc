import { inspect } from 'node:util'
import { afterEach, expect, it } from 'vitest'
import { Admin, Producer, type ProducerConfig } from '../../src/index.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { certificateBytes, certificateFile, certificateText } from '../support/certificates/certificates.js'

const PASSWORD = 'changeit'
/** A part of the body of a key. */
const bodyOf = (name: string): string => certificateText(name).split('\n')[2]?.slice(0, 24) ?? ''

/** The secrets as they are, and in other forms. */
const canaries = [
  PASSWORD,
  Buffer.from(PASSWORD).toString('base64'),
  Buffer.from(PASSWORD).toString('hex'),
  bodyOf('client.key'),
  bodyOf('client.encrypted.key'),
  'PRIVATE KEY',
]

const root = certificateText('root.pem')
const encrypted = { cert: certificateText('client.pem'), key: certificateText('client.encrypted.key') }
const stores = { sslTruststoreType: 'PEM', sslTruststoreCertificates: root } as const

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

it.each<[string, Partial<ProducerConfig>]>([
  ['tls', { tls: { ca: root, ...encrypted, passphrase: PASSWORD } }],
  ['tls with a PKCS #12 store', { tls: { pfx: certificateBytes('client.java.p12'), passphrase: PASSWORD } }],
  ['a function for tls', { tls: () => ({ ca: root, ...encrypted, passphrase: PASSWORD }) }],
  [
    'PEM in the text itself',
    {
      ...stores,
      sslKeystoreType: 'PEM',
      sslKeystoreKey: encrypted.key,
      sslKeystoreCertificateChain: encrypted.cert,
      sslKeyPassword: PASSWORD,
    },
  ],
  [
    'a key store and a trust store',
    {
      sslKeystoreLocation: certificateFile('client.jks'),
      sslKeystorePassword: PASSWORD,
      sslTruststoreLocation: certificateFile('trust.jks'),
      sslTruststorePassword: PASSWORD,
    },
  ],
])('a run of failures prints no secret of %s', async (_, config) => {
  const printed: string[] = []
  const show = (...things: unknown[]): void => {
    for (const thing of things) {
      printed.push(inspect(thing, { depth: Number.POSITIVE_INFINITY, showHidden: true }), String(thing))
      printed.push(JSON.stringify(thing) ?? '')
    }
  }
  const logger = { debug: show, info: show, warn: show, error: show }
  for (const name of ['broker', 'expired', 'other-host']) {
    const tls = { key: certificateText(`${name}.key`), cert: certificateText(`${name}.pem`) }
    const cluster = await EmbeddedCluster.start({ tls })
    closers.push(() => cluster.close())
    const common = { bootstrapServers: cluster.bootstrapServers, logger, securityProtocol: 'SSL' as const }
    const producer = new Producer({ ...common, maxBlockMs: 1_000, ...config })
    closers.push(() => producer.close({ timeoutMs: 0 }))
    producer.on('disconnect', show)
    producer.on('fatal', show)
    await producer.send({ topic: 't', value: 'v' }).then(show, show)
    show(producer)
    const admin = new Admin({ ...common, defaultApiTimeoutMs: 1_000, ...config })
    closers.push(() => admin.close())
    await admin.listTopics().then(show, show)
    show(admin)
  }
  expect(printed.length).toBeGreaterThan(20)
  expect(printed.join('\n')).toContain('TLS')
  for (const canary of canaries) expect(printed.filter((text) => text.includes(canary))).toEqual([])
})
