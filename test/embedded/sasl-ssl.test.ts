import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import {
  Admin,
  AuthenticationError,
  fromProperties,
  type KafkaError,
  Producer,
  type ProducerConfig,
  type SaslConfig,
} from '../../src/index.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { certificateFile, certificateText } from '../support/certificates/certificates.js'
import { runCommandWith } from '../support/command-line.js'
import { NotingLogger } from '../support/noting-logger.js'

const root = certificateText('root.pem')
const users = { alice: 'alice-secret' }
const alice = { username: 'alice', password: users.alice }
const logins = [
  { mechanism: 'SCRAM-SHA-512', ...alice },
  { mechanism: 'PLAIN', ...alice },
] satisfies SaslConfig[]
const modules = { 'SCRAM-SHA-512': 'scram.ScramLoginModule', PLAIN: 'plain.PlainLoginModule' } as const

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(brokers = 1): Promise<EmbeddedCluster> {
  const tls = { key: certificateText('broker.key'), cert: certificateText('broker.pem') }
  const cluster = await EmbeddedCluster.start({ brokers, topics: ['orders'], tls, sasl: { users } })
  closers.push(() => cluster.close())
  return cluster
}

function producerOf(config: ProducerConfig): Producer {
  const producer = new Producer({ logger: false, ...config })
  closers.push(() => producer.close({ timeoutMs: 0 }))
  return producer
}

const secure = ({ bootstrapServers }: EmbeddedCluster, sasl: SaslConfig, ca = root): ProducerConfig => ({
  bootstrapServers,
  securityProtocol: 'SASL_SSL',
  tls: { ca },
  sasl,
})

const failure = (config: ProducerConfig): Promise<KafkaError> =>
  producerOf(config)
    .send({ topic: 'orders', value: 'a' })
    .then(
      () => {
        throw new Error('the record was sent')
      },
      (error) => error,
    )

const valuesOf = (cluster: EmbeddedCluster) => cluster.records('orders').map(({ value }) => String(value))

function propertiesOf(
  { bootstrapServers }: EmbeddedCluster,
  mechanism: keyof typeof modules,
  password: string,
) {
  return [
    `bootstrap.servers=${bootstrapServers}`,
    'security.protocol=SASL_SSL',
    `sasl.mechanism=${mechanism}`,
    `sasl.jaas.config=org.apache.kafka.common.security.${modules[mechanism]} required \\`,
    `  username="alice" password="${password}";`,
    'ssl.truststore.type=PEM',
    `ssl.truststore.location=${certificateFile('root.pem')}`,
  ].join('\n')
}

describe('a producer that logs in over TLS', () => {
  it.each(logins)('sends with $mechanism, and nothing is warned of', async (sasl) => {
    const cluster = await start(3)
    const logger = new NotingLogger()
    await producerOf({ ...secure(cluster, sasl), logger }).send({ topic: 'orders', value: 'a' })
    expect(valuesOf(cluster)).toEqual(['a'])
    expect(cluster.events()).toEqual([])
    expect(logger.lines.filter((line) => /^(?:warn|error)/.test(line))).toEqual([])
  })

  it.each(['SCRAM-SHA-512', 'PLAIN'] as const)(
    'takes a .properties file of Java with %s, as an admin and the commands do',
    async (mechanism) => {
      const cluster = await start()
      const properties = propertiesOf(cluster, mechanism, users.alice)
      const config = fromProperties(properties, { logger: false })
      await producerOf(config).send({ topic: 'orders', value: 'program' })
      const admin = new Admin({ ...config })
      closers.push(() => admin.close())
      expect((await admin.listTopics()).map(({ topic }) => topic)).toEqual(['orders'])
      const folder = await mkdtemp(join(tmpdir(), 'odradek-sasl-ssl-'))
      closers.push(() => rm(folder, { recursive: true }))
      const file = join(folder, 'client.properties')
      await writeFile(file, properties)
      const where = ['--bootstrap-server', cluster.bootstrapServers, '--command-config', file]
      const produced = await runCommandWith('command\n', 'produce', '--topic', 'orders', ...where)
      expect(produced).toMatchObject({ exitCode: 0 })
      expect(valuesOf(cluster)).toEqual(['program', 'command'])
    },
  )

  it.each(logins)('is told of a wrong password with $mechanism', async ({ mechanism }) => {
    const cluster = await start(2)
    const wrong = { mechanism, username: 'alice', password: 'wrong' }
    const fromFile = fromProperties(propertiesOf(cluster, mechanism, 'wrong'), { logger: false })
    for (const config of [secure(cluster, wrong), fromFile]) {
      const error = await failure(config)
      expect(error).toBeInstanceOf(AuthenticationError)
      expect(error).toMatchObject({
        code: 'SASL_AUTHENTICATION_FAILED',
        possiblyPersisted: false,
        message: expect.stringContaining(`SaslAuthenticate: the broker refused the ${mechanism} login`),
      })
    }
    expect(valuesOf(cluster)).toEqual([])
  })

  it.each(logins)('says nothing to a broker of an unknown authority with $mechanism', async (sasl) => {
    const cluster = await start()
    const error = await failure(secure(cluster, sasl, certificateText('other-root.pem')))
    expect(error).toBeInstanceOf(AuthenticationError)
    expect(error).toMatchObject({
      code: 'TLS_AUTHORITY_UNKNOWN',
      message: expect.stringContaining("TLS: the broker's certificate comes from the authority CN=root"),
    })
    expect(cluster.requests()).toEqual([])
  })

  it('asks for the versions before it logs in, and for topics after it', async () => {
    const cluster = await start()
    await producerOf(secure(cluster, { mechanism: 'PLAIN', ...alice })).send({ topic: 'orders', value: 'a' })
    expect(
      cluster
        .requests()
        .slice(0, 4)
        .map(({ api }) => api),
    ).toEqual(['ApiVersions', 'SaslHandshake', 'SaslAuthenticate', 'Metadata'])
  })
})

describe('a listener with TLS and SASL', () => {
  it('gets no password of a client without TLS, which is told to use it', async () => {
    const cluster = await start()
    const { tls: _, ...config } = secure(cluster, { mechanism: 'PLAIN', ...alice })
    const error = await failure({ ...config, securityProtocol: 'SASL_PLAINTEXT', maxBlockMs: 1_000 })
    expect(error).toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining(
        'A listener that expects TLS does not answer a plain connection: check security.protocol',
      ),
    })
    expect(cluster.requests()).toEqual([])
  })

  it('ends the connections of a client without a login, which is told to log in', async () => {
    const cluster = await start()
    const { sasl: _, ...config } = secure(cluster, { mechanism: 'PLAIN', ...alice })
    const error = await failure({ ...config, securityProtocol: 'SSL', maxBlockMs: 1_000 })
    expect(error).toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('the listener may require SASL. Set security.protocol to SASL_SSL'),
    })
  })
})
