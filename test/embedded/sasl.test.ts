import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import {
  Admin,
  AuthenticationError,
  Producer,
  type ProducerConfig,
  type SaslConfig,
} from '../../src/index.js'
import { ApiVersions } from '../../src/protocol/api-versions.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { Metadata } from '../../src/protocol/metadata.js'
import { SaslAuthenticate } from '../../src/protocol/sasl-authenticate.js'
import { SaslHandshake } from '../../src/protocol/sasl-handshake.js'
import { EmbeddedCluster, type EmbeddedSaslOptions } from '../../src/testing/index.js'
import { runCommandWith } from '../support/command-line.js'
import { RawConnection } from '../support/raw-connection.js'

const users = { alice: 'alice-secret', 'a,b,c=d=e': 'p,=%ªss' }
const alice = { username: 'alice', password: 'alice-secret' }

let cluster: EmbeddedCluster
let connection: RawConnection | undefined
const producers: Producer[] = []

afterEach(async () => {
  await Promise.all(producers.splice(0).map((producer) => producer.close({ timeoutMs: 0 })))
  await connection?.close()
  connection = undefined
  await cluster.close()
})

async function start(sasl: EmbeddedSaslOptions | undefined = { users }, brokers = 1): Promise<void> {
  cluster = await EmbeddedCluster.start({ brokers, topics: ['orders'], sasl })
}

function producer(sasl: SaslConfig, config: Partial<ProducerConfig> = {}): Producer {
  const { bootstrapServers } = cluster
  const made = new Producer({
    bootstrapServers,
    securityProtocol: 'SASL_PLAINTEXT',
    sasl,
    logger: false,
    ...config,
  })
  producers.push(made)
  return made
}

function token(claims: object): string {
  const encoded = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url')
  return `${encoded({ alg: 'none' })}.${encoded(claims)}.`
}

const inAnHour = (): number => Date.now() / 1_000 + 3_600

describe('a producer logs in', () => {
  test.each([
    [{ mechanism: 'PLAIN', ...alice }],
    [{ mechanism: 'SCRAM-SHA-256', ...alice }],
    [{ mechanism: 'SCRAM-SHA-512', ...alice }],
    [{ mechanism: 'SCRAM-SHA-256', username: 'a,b,c=d=e', password: 'p,=%ªss' }],
    [{ mechanism: 'OAUTHBEARER', token: () => token({ sub: 'alice', exp: inAnHour() }) }],
  ] satisfies [SaslConfig][])('with %o', async (sasl) => {
    await start()
    await producer(sasl).send({ topic: 'orders', value: 'a' })
    expect(cluster.records('orders')).toHaveLength(1)
    expect(cluster.events()).toEqual([])
  })

  test('with a mechanism of its own, whose server speaks first', async () => {
    await start({ users, mechanisms: ['PLAIN'] })
    const sasl: SaslConfig = {
      mechanism: {
        name: 'PLAIN',
        start: ({ host, port, clientId }) => {
          expect([host, port > 0, clientId]).toEqual(['127.0.0.1', true, 'own'])
          return { next: async (last) => (last === null ? Buffer.from('\0alice\0alice-secret') : null) }
        },
      },
    }
    await producer(sasl, { clientId: 'own' }).send({ topic: 'orders', value: 'a' })
    expect(cluster.records('orders')).toHaveLength(1)
  })

  test('and so does an admin', async () => {
    await start()
    const admin = new Admin({
      bootstrapServers: cluster.bootstrapServers,
      securityProtocol: 'SASL_PLAINTEXT',
      sasl: { mechanism: 'SCRAM-SHA-512', ...alice },
      logger: false,
    })
    expect((await admin.listTopics()).map(({ topic }) => topic)).toEqual(['orders'])
    await admin.close()
  })

  test('and so do the commands, with the file of --command-config', async () => {
    await start()
    const folder = mkdtempSync(join(tmpdir(), 'odradek-sasl-'))
    const file = join(folder, 'client.properties')
    const jaas = 'org.apache.kafka.common.security.scram.ScramLoginModule'
    writeFileSync(
      file,
      `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-256\nsasl.jaas.config=${jaas} required username="alice" password="alice-secret";\n`,
    )
    const args = ['--bootstrap-server', cluster.bootstrapServers, '--command-config', file]
    const produced = await runCommandWith('a\n', 'produce', '--topic', 'orders', ...args)
    expect(produced).toMatchObject({ exitCode: 0 })
    const listed = await runCommandWith('', 'topics', '--list', ...args)
    expect(listed).toMatchObject({ exitCode: 0, stdout: 'orders\n' })
    rmSync(folder, { recursive: true })
    expect(cluster.records('orders')).toHaveLength(1)
  })

  test('with one ApiVersions request on each connection', async () => {
    await start()
    await producer({ mechanism: 'PLAIN', ...alice }).send({ topic: 'orders', value: 'a' })
    const first = cluster.requests().filter(({ connectionId }) => connectionId === 1)
    expect(first.slice(0, 3).map(({ api }) => api)).toEqual([
      'ApiVersions',
      'SaslHandshake',
      'SaslAuthenticate',
    ])
    expect(first.filter(({ api }) => api === 'ApiVersions')).toHaveLength(1)
  })
})

describe('a producer with credentials that nobody accepts', () => {
  test.each([
    [{ mechanism: 'PLAIN', username: 'alice', password: 'wrong' }, 'Invalid username or password'],
    [
      { mechanism: 'SCRAM-SHA-256', username: 'alice', password: 'wrong' },
      'invalid credentials with SASL mechanism SCRAM-SHA-256',
    ],
    [{ mechanism: 'OAUTHBEARER', token: () => token({ sub: 'alice' }) }, '{"status":"invalid_token"}'],
  ] satisfies [SaslConfig, string][])('fails at once: %o', async (sasl, reason) => {
    await start({ users }, 3)
    const refused = producer(sasl).send({ topic: 'orders', value: 'a' })
    await expect(refused).rejects.toBeInstanceOf(AuthenticationError)
    await expect(refused).rejects.toMatchObject({
      code: 'SASL_AUTHENTICATION_FAILED',
      fatal: true,
      retriable: false,
      possiblyPersisted: false,
      message: expect.stringContaining(reason),
    })
  })

  test('is usable again when the credentials are', async () => {
    await start()
    let password = 'wrong'
    const rotating = producer({ mechanism: 'PLAIN', credentials: () => ({ username: 'alice', password }) })
    await expect(rotating.send({ topic: 'orders', value: 'a' })).rejects.toThrow(AuthenticationError)
    password = 'alice-secret'
    await rotating.send({ topic: 'orders', value: 'b' })
    cluster.sasl?.setUser('alice', 'rotated')
    cluster.closeConnections()
    password = 'rotated'
    await rotating.send({ topic: 'orders', value: 'c' })
    expect(cluster.records('orders').map(({ value }) => String(value))).toEqual(['b', 'c'])
  })

  test('fails records that wait in its queue, too', async () => {
    await start({ users }, 2)
    const waiting = producer({ mechanism: 'PLAIN', ...alice }, { lingerMs: 0 })
    await waiting.send({ topic: 'orders', value: 'a' })
    cluster.sasl?.removeUser('alice')
    const lost = new Promise((resolve) => waiting.once('disconnect', resolve))
    cluster.closeConnections()
    await lost
    const sends = ['b', 'c'].map((value) => waiting.send({ topic: 'orders', value }))
    for (const outcome of await Promise.allSettled(sends))
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { name: 'AuthenticationError', code: 'SASL_AUTHENTICATION_FAILED', possiblyPersisted: false },
      })
    cluster.sasl?.setUser('alice', 'alice-secret')
    await waiting.send({ topic: 'orders', value: 'd' })
    expect(cluster.records('orders').map(({ value }) => String(value))).toEqual(['a', 'd'])
  })

  test('does not fail while another broker accepts them', async () => {
    await start({ users }, 3)
    const fault = cluster.failRequests({ api: 'SaslAuthenticate', times: 2 }, 'SASL_AUTHENTICATION_FAILED')
    await producer({ mechanism: 'PLAIN', ...alice }).send({ topic: 'orders', value: 'a' })
    expect(fault.hits).toBe(2)
  })
})

describe('a listener of the wrong kind', () => {
  test('without SASL is named as such', async () => {
    await start(undefined)
    cluster = await EmbeddedCluster.start({ topics: ['orders'] })
    const refused = producer({ mechanism: 'PLAIN', ...alice }).send({ topic: 'orders', value: 'a' })
    await expect(refused).rejects.toMatchObject({
      name: 'AuthenticationError',
      code: 'ILLEGAL_SASL_STATE',
      message: expect.stringContaining('this listener does not use SASL'),
    })
  })

  test('with other mechanisms is named with them, and gets no password', async () => {
    await start({ users, mechanisms: ['PLAIN'] })
    const refused = producer({ mechanism: 'SCRAM-SHA-256', ...alice }).send({ topic: 'orders', value: 'a' })
    await expect(refused).rejects.toMatchObject({
      code: 'UNSUPPORTED_SASL_MECHANISM',
      message: expect.stringContaining('does not offer the mechanism SCRAM-SHA-256; it offers PLAIN'),
    })
    expect(cluster.requests().map(({ api }) => api)).not.toContain('SaslAuthenticate')
  })

  test('that demands SASL of a client without it is guessed after it has closed twice', async () => {
    await start()
    const { bootstrapServers } = cluster
    const plain = new Producer({ bootstrapServers, logger: false, maxBlockMs: 1_000 })
    producers.push(plain)
    const refused = plain.send({ topic: 'orders', value: 'a' })
    await expect(refused).rejects.toMatchObject({
      code: 'TIMEOUT',
      retriable: true,
      message: expect.stringContaining(
        'It closes each connection at the first request after ApiVersions: the listener may require SASL',
      ),
    })
  })

  test('that demands SASL is guessed by every call of a client without it', async () => {
    await start()
    const { bootstrapServers } = cluster
    const plain = new Producer({ bootstrapServers, logger: false, maxBlockMs: 1_000 })
    producers.push(plain)
    const admin = new Admin({ bootstrapServers, logger: false, defaultApiTimeoutMs: 1_000 })
    const outcomes = await Promise.allSettled([
      plain.connect(),
      plain.partitionsFor('orders'),
      admin.listTopics(),
      admin.describeCluster(),
      admin.createTopics([{ topic: 'orders' }]).then(([orders]) => {
        throw orders?.status === 'rejected' ? orders.error : new Error('the topic was created')
      }),
    ])
    await admin.close()
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { message: expect.stringContaining('the listener may require SASL') },
      })
  })
})

describe('a broker, as in Kafka,', () => {
  const handshake = (mechanism: string) => connection?.request(SaslHandshake, 1, { mechanism })
  const authenticate = (authBytes: Uint8Array) => connection?.request(SaslAuthenticate, 2, { authBytes })
  const versions = () =>
    connection?.request(ApiVersions, 3, {
      clientSoftwareName: 'test',
      clientSoftwareVersion: '1',
      clusterId: null,
      nodeId: -1,
    })
  const metadata = () =>
    connection?.request(Metadata, 12, {
      topics: [],
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    })

  async function open(sasl?: EmbeddedSaslOptions): Promise<void> {
    await start(sasl)
    connection = await RawConnection.openAt(cluster.bootstrapServers)
  }

  test('closes a connection for a request before the login', async () => {
    await open()
    await expect(metadata()).rejects.toThrow('the connection ended without an answer')
  })

  test('answers one ApiVersions before the login, and closes at the second', async () => {
    await open()
    await expect(versions()).resolves.toMatchObject({ errorCode: ErrorCode.NONE })
    await expect(versions()).rejects.toThrow('the connection ended without an answer')
  })

  test('answers a refusal and ends the connection behind it', async () => {
    await open()
    await handshake('PLAIN')
    await expect(authenticate(Buffer.from('\0alice\0wrong'))).resolves.toMatchObject({
      errorCode: ErrorCode.SASL_AUTHENTICATION_FAILED,
      errorMessage: 'Authentication failed: Invalid username or password',
    })
    await connection?.ended
  })

  test.each([
    ['\0alice\0', 'Authentication failed: password not specified'],
    ['\0\0x', 'Authentication failed: username not specified'],
    [
      'bob\0alice\0alice-secret',
      'Authentication failed: Client requested an authorization id that is different from username',
    ],
    ['alice', 'Invalid SASL/PLAIN response: expected 3 tokens'],
  ])('refuses the PLAIN message %j', async (message, errorMessage) => {
    await open()
    await handshake('PLAIN')
    await expect(authenticate(Buffer.from(message))).resolves.toMatchObject({
      errorCode: ErrorCode.SASL_AUTHENTICATION_FAILED,
      errorMessage,
    })
  })

  test.each([['y,,n=alice,r=abc'], ['p=tls-unique,,n=alice,r=abc'], ['n,,n=nobody,r=abc'], ['n,,r=abc']])(
    'refuses the SCRAM message %s',
    async (message) => {
      await open()
      await handshake('SCRAM-SHA-256')
      await expect(authenticate(Buffer.from(message))).resolves.toMatchObject({
        errorCode: ErrorCode.SASL_AUTHENTICATION_FAILED,
      })
    },
  )

  test('refuses a handshake on a connection whose session has no end, which goes on', async () => {
    await open()
    await handshake('PLAIN')
    await authenticate(Buffer.from('\0alice\0alice-secret'))
    await expect(handshake('PLAIN')).resolves.toEqual({
      errorCode: ErrorCode.ILLEGAL_SASL_STATE,
      mechanisms: [],
    })
    await expect(metadata()).resolves.toMatchObject({ controllerId: 1 })
  })

  test('renews a session once a second, and with the same mechanism only', async () => {
    await open({ users, sessionLifetimeMs: 60_000 })
    await handshake('PLAIN')
    await expect(authenticate(Buffer.from('\0alice\0alice-secret'))).resolves.toMatchObject({
      sessionLifetimeMs: 60_000n,
    })
    await expect(handshake('PLAIN')).resolves.toMatchObject({ errorCode: ErrorCode.NONE })
    await authenticate(Buffer.from('\0alice\0alice-secret'))
    await expect(handshake('PLAIN')).resolves.toMatchObject({ errorCode: ErrorCode.ILLEGAL_SASL_STATE })
  })

  test('ends a session with its token', async () => {
    await open()
    await handshake('OAUTHBEARER')
    const auth = `n,,\x01auth=Bearer ${token({ sub: 'alice', exp: Date.now() / 1_000 + 60 })}\x01\x01`
    const answer = await authenticate(Buffer.from(auth))
    expect(Number(answer?.sessionLifetimeMs)).toBeGreaterThan(50_000)
    expect(Number(answer?.sessionLifetimeMs)).toBeLessThanOrEqual(60_000)
  })
})
