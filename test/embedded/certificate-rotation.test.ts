import { once } from 'node:events'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Producer, type ProducerConfig, type SaslCredentials, type TlsOptions } from '../../src/index.js'
import { type ClusterTls, EmbeddedCluster } from '../../src/testing/index.js'
import { certificateText } from '../support/certificates/certificates.js'
import { NotingLogger } from '../support/noting-logger.js'

const root = certificateText('root.pem')
const otherRoot = certificateText('../authority.pem')
const broker = { key: certificateText('broker.key'), cert: certificateText('broker.pem') }
const client = { key: certificateText('client.key'), cert: certificateText('client.pem') }
/** A pair of the other authority, for a broker or a client. */
const ofOther = { key: certificateText('../broker-key.pem'), cert: certificateText('../broker.pem') }

let folder: string
let logger: NotingLogger
let cluster: EmbeddedCluster
let producer: Producer
beforeEach(() => {
  sent = 0
  folder = mkdtempSync(join(tmpdir(), 'odradek-rotation-'))
})
afterEach(async () => {
  await producer.close({ timeoutMs: 0 })
  await cluster.close()
  rmSync(folder, { recursive: true, force: true })
})

async function start(tls: ClusterTls, config: Partial<ProducerConfig>): Promise<void> {
  cluster = await EmbeddedCluster.start({ brokers: 2, topics: ['t'], tls })
  connect({ securityProtocol: 'SSL', ...config })
}

function connect(config: Partial<ProducerConfig>): void {
  logger = new NotingLogger()
  const { bootstrapServers } = cluster
  producer = new Producer({ bootstrapServers, reconnectBackoffMs: 1, logger, ...config })
}

/** Writes a file under another name, which then takes the place of the old one. */
function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
  return path
}

/** Sends a record. Every record has another value. */
async function send(): Promise<void> {
  await producer.send({ topic: 't', value: String(sent++) })
}
let sent = 0

/** Sends in four lanes while `change` is made, and over new connections behind it. No send may fail. */
async function underLoad(change: () => void): Promise<void> {
  let isOver = false
  const lanes = Array.from({ length: 4 }, async () => {
    while (!isOver) await send()
  })
  await renewConnections()
  change()
  await renewConnections()
  await renewConnections()
  isOver = true
  await Promise.all(lanes)
  const values = cluster.records('t').map(({ value }) => Number(value))
  expect(values.sort((a, b) => a - b)).toEqual(Array.from({ length: sent }, (_, i) => i))
}

/** Closes all connections. Resolves when records have arrived over new ones. */
async function renewConnections(): Promise<void> {
  const connected = once(producer, 'connect')
  cluster.closeConnections()
  await connected
  for (let i = 0; i < 20; i++) await send()
}

describe('certificates on disk', () => {
  const keyStore = () => ({
    sslKeystoreType: 'PEM' as const,
    sslKeystoreLocation: write('client.pem', client.key + client.cert),
    tls: null,
  })
  const trustStore = (text: string) => ({
    sslTruststoreType: 'PEM' as const,
    sslTruststoreLocation: write('trust.pem', text),
  })

  it('a renewed certificate of the client is used by the next connections', async () => {
    const bothAuthorities = { ...broker, ca: root + otherRoot, requestCert: true }
    await start(bothAuthorities, { ...keyStore(), ...trustStore(root) })
    await underLoad(() => {
      write('client.pem', ofOther.key + ofOther.cert)
      // The old certificate would be refused from now on.
      cluster.tls?.change({ ca: otherRoot })
    })
    expect(logger.lines).toContain('info: the certificates were read again because their files have changed')
  })

  it('a half-written pair is not used, and the whole one is', async () => {
    await start(
      { ...broker, ca: root + otherRoot, requestCert: true },
      { ...keyStore(), ...trustStore(root) },
    )
    await underLoad(() => {
      write('client.pem', ofOther.key + client.cert)
      // Only the old certificate is taken.
      cluster.tls?.change({ ca: root })
    })
    expect(logger.lines.join('\n')).toContain('warn: the certificates that were read before stay in use')
    await underLoad(() => {
      write('client.pem', ofOther.key + ofOther.cert)
      cluster.tls?.change({ ca: otherRoot })
    })
  })

  it('a renewed file of authorities is used by the next connections', async () => {
    await start(broker, trustStore(root))
    await underLoad(() => {
      write('trust.pem', root + otherRoot)
      cluster.tls?.change(ofOther)
    })
  })

  it('a folder that is swapped by a link, as Kubernetes does, is used by the next connections', async () => {
    const version = (name: string, text: string): void => {
      mkdirSync(join(folder, name))
      write(`${name}/trust.pem`, text)
      symlinkSync(name, join(folder, '..data.new'))
      renameSync(join(folder, '..data.new'), join(folder, '..data'))
    }
    version('first', root)
    symlinkSync('..data/trust.pem', join(folder, 'trust.pem'))
    await start(broker, { sslTruststoreType: 'PEM', sslTruststoreLocation: join(folder, 'trust.pem') })
    await underLoad(() => {
      version('second', root + otherRoot)
      cluster.tls?.change(ofOther)
    })
  })
})

describe('functions', () => {
  it('the new options of tls are used by the next connections', async () => {
    let ca = root
    await start(broker, { tls: (): TlsOptions => ({ ca }) })
    await underLoad(() => {
      ca = otherRoot
      cluster.tls?.change(ofOther)
    })
  })

  it.each(['PLAIN', 'SCRAM-SHA-256'] as const)(
    'the new credentials for %s are used by the next logins',
    async (mechanism) => {
      const users = { alice: 'first secret' }
      cluster = await EmbeddedCluster.start({
        brokers: 2,
        topics: ['t'],
        sasl: { users, mechanisms: [mechanism] },
      })
      let password = users.alice
      const credentials = async (): Promise<SaslCredentials> => ({ username: 'alice', password })
      connect({ securityProtocol: 'SASL_PLAINTEXT', sasl: { mechanism, credentials } })
      await underLoad(() => {
        password = 'second secret'
        cluster.sasl?.setUser('alice', password)
      })
    },
  )
})
