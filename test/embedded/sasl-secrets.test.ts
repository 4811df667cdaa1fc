import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Admin, fromProperties, Producer, type ProducerConfig } from '../../src/index.js'
import { EmbeddedCluster, type EmbeddedSaslOptions } from '../../src/testing/index.js'
import { MARKER, Printed } from '../support/printed.js'

const JAAS = 'org.apache.kafka.common.security'

let cluster: EmbeddedCluster | undefined
/** What the process itself is told, and what is written to its stderr. */
let printed: Printed
const warned = (warning: Error): void => printed.add(warning)

beforeEach(() => {
  printed = new Printed()
  process.on('warning', warned)
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed.add(text)
    return true
  })
})

afterEach(async () => {
  vi.restoreAllMocks()
  process.off('warning', warned)
  await cluster?.close()
})

function token(claims: object): string {
  const encoded = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url')
  return `${encoded({ alg: 'none' })}.${encoded({ ...claims, jti: MARKER })}.`
}

const expired = token({ sub: 'alice', exp: 1 })
const wrong = { username: 'alice', password: MARKER }
const aws = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: MARKER, sessionToken: MARKER }
const java = (module: string, options: string) => `${JAAS}.${module} required ${options};`

/** Configs whose producers fail, each in another place. */
const failing: readonly (readonly [string, Partial<ProducerConfig>, EmbeddedSaslOptions | undefined])[] = [
  ['a wrong password for PLAIN', { sasl: { mechanism: 'PLAIN', ...wrong } }, {}],
  ['a wrong password for SCRAM', { sasl: { mechanism: 'SCRAM-SHA-512', ...wrong } }, {}],
  ['a function', { sasl: { mechanism: 'PLAIN', credentials: async () => wrong } }, {}],
  [
    'a function that gives nonsense',
    { sasl: { mechanism: 'PLAIN', credentials: async () => ({ ...wrong, username: '' }) } },
    {},
  ],
  [
    'a refused token',
    { sasl: { mechanism: 'OAUTHBEARER', token: () => ({ value: expired, expiresAtMs: 9e12 }) } },
    {},
  ],
  ['a malformed token', { sasl: { mechanism: 'OAUTHBEARER', token: () => `${MARKER} ${MARKER}` } }, {}],
  [
    'a malformed extension',
    {
      sasl: {
        mechanism: 'OAUTHBEARER',
        token: () => ({ value: 'a', extensions: { pool: `${MARKER}\u0001` } }),
      },
    },
    {},
  ],
  ['no such mechanism', { sasl: { mechanism: 'PLAIN', ...wrong } }, { mechanisms: ['SCRAM-SHA-256'] }],
  ['no SASL at all', { sasl: { mechanism: 'PLAIN', ...wrong } }, undefined],
  [
    'a refused token of Amazon MSK',
    { sasl: { mechanism: 'AWS_MSK_IAM', credentials: async () => aws, region: 'eu-west-1' } },
    {},
  ],
  [
    'credentials of AWS that are nonsense',
    {
      sasl: {
        mechanism: 'AWS_MSK_IAM',
        credentials: () => ({ ...aws, accessKeyId: '' }),
        region: 'eu-west-1',
      },
    },
    {},
  ],
  [
    'settings of Java',
    {
      saslMechanism: 'SCRAM-SHA-256',
      saslJaasConfig: java('scram.ScramLoginModule', `username="alice" password="${MARKER}"`),
    },
    {},
  ],
]

test.each(failing)('no secret is printed when there is %s', async (_name, config, sasl) => {
  const options = sasl === undefined ? undefined : { users: { alice: 'right' }, ...sasl }
  cluster = await EmbeddedCluster.start({ topics: ['orders'], sasl: options })
  const log = (...line: unknown[]): void => printed.add(line)
  const { bootstrapServers } = cluster
  const common = { bootstrapServers, securityProtocol: 'SASL_PLAINTEXT', ...config } as const
  // With a logger of its own, and with the one that writes to stderr.
  for (const logger of [{ debug: log, info: log, warn: log, error: log }, undefined]) {
    const producer = new Producer({ ...common, maxBlockMs: 500, logger })
    for (const event of ['connect', 'disconnect', 'throttle', 'fatal', 'deliveryError'] as const)
      producer.on(event, (...args: unknown[]) => printed.add(args))
    producer.produce({ topic: 'orders', value: 'a' })
    const outcome = await Promise.allSettled([producer.send({ topic: 'orders', value: 'a' })])
    expect(outcome[0]?.status).toBe('rejected')
    printed.add(outcome)
    printed.add(producer)
    await producer.close({ timeoutMs: 0 })
  }
  const said = printed.length
  const admin = new Admin({ ...common, logger: false, defaultApiTimeoutMs: 500 })
  printed.add(await Promise.allSettled([admin.listTopics()]))
  printed.add(admin)
  await admin.close()
  printed.add(cluster.requests())
  printed.add(cluster.events())
  expect(said).toBeGreaterThan(20)
  expect(printed.leaks([MARKER, expired, `\0alice\0${MARKER}`])).toEqual([])
})

test('no secret is printed of a session that ends, and of clients that work', async () => {
  cluster = await EmbeddedCluster.start({
    topics: ['orders'],
    sasl: { users: { alice: MARKER }, sessionLifetimeMs: 60_000 },
  })
  const log = (...line: unknown[]): void => printed.add(line)
  const config = {
    bootstrapServers: cluster.bootstrapServers,
    securityProtocol: 'SASL_PLAINTEXT',
    sasl: { mechanism: 'SCRAM-SHA-256', username: 'alice', password: MARKER },
    logger: { debug: log, info: log, warn: log, error: log },
  } as const
  const producer = new Producer(config)
  printed.add(await producer.send({ topic: 'orders', value: 'a' }))
  const admin = new Admin(config)
  printed.add(await admin.describeCluster())
  printed.add([producer, admin, cluster.requests()])
  await Promise.all([producer.close(), admin.close()])
  printed.add([producer, admin])
  expect(printed.leaks([MARKER])).toEqual([])
})

test.each([
  ['sasl.jaas.config', `x required password=${MARKER}`],
  ['sasl.jaas.config', java('plain.PlainLoginModule', `username="a" password=${MARKER}!${MARKER}`)],
  ['sasl.jaas.config', java('plain.PlainLoginModule', `${MARKER}="a" password`)],
  ['sasl.jaas.config', `${MARKER}`],
  ['sasl.jaas.config', java('oauthbearer.OAuthBearerLoginModule', `clientId="a" clientSecret="${MARKER}"`)],
])('no secret is printed of the setting %s that cannot be used (%#)', async (key, value) => {
  cluster = await EmbeddedCluster.start()
  for (const mechanism of ['PLAIN', 'OAUTHBEARER', 'plain']) {
    const properties = {
      'bootstrap.servers': 'a:1',
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': mechanism,
      [key]: value,
    }
    for (const logger of [false, undefined] as const) {
      try {
        const config = fromProperties(properties, { logger })
        printed.add(config)
        new Producer(config)
        throw new Error('the setting was taken')
      } catch (error) {
        printed.add(error)
      }
    }
  }
  expect(printed.leaks([MARKER])).toEqual([])
})

test('the search would find a secret in each of its forms', () => {
  for (const leak of [
    MARKER,
    { password: MARKER },
    new Error(`wrong: ${MARKER}`),
    new Error('x', { cause: { password: MARKER } }),
    Buffer.from(MARKER),
    Buffer.from(MARKER).toString('base64'),
    Buffer.from(`a${MARKER}b`).toString('base64'),
    Buffer.from(`\0alice\0${MARKER}`).toString('base64url'),
    Buffer.from(MARKER).toString('hex'),
    [...Buffer.from(MARKER)],
  ]) {
    const searched = new Printed()
    searched.add(leak)
    expect(searched.leaks([MARKER]), inspect(leak)).not.toEqual([])
  }
})

test('the search sees what the process is warned of, and its stderr', async () => {
  const warning = new Promise((resolve) => process.once('warning', resolve))
  process.emitWarning(`warned of ${MARKER}`)
  await warning
  expect(printed.leaks([MARKER])).not.toEqual([])
  printed = new Printed()
  process.stderr.write(`written with ${MARKER}`)
  expect(printed.leaks([MARKER])).not.toEqual([])
})
