import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AuthenticationError, fromProperties, type SaslConfig } from '../../../src/index.js'
import { describeWithOwnKafka } from '../../support/kafka/describe-kafka.js'
import { runKafkaTool } from '../../support/kafka/kafka-tool.js'
import { saslKafka, saslUsers } from '../../support/kafka/sasl-listener.js'
import { readRecords } from '../../support/kafka/tools.js'
import { uniqueTopic, withProducer } from '../../support/kafka/with-producer.js'

/** A delegation token as Kafka's tool prints it. */
interface Token {
  readonly id: string
  readonly hmac: string
}

const mechanisms = ['SCRAM-SHA-256', 'SCRAM-SHA-512'] as const
const withTokens = { 'delegation.token.secret.key': 'a-secret-that-only-the-brokers-know' }

await describeWithOwnKafka('a delegation token', saslKafka(withTokens), (kafka) => {
  let folder: string
  let token: Token
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'odradek-delegation-'))
    await writeFile(
      join(folder, 'alice.properties'),
      `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-256\nsasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="alice" password="${saslUsers.alice}";\n`,
    )
    token = await created()
  }, 120_000)
  afterAll(() => rm(folder, { recursive: true }))

  /** Runs Java's tool as alice. */
  async function delegationTokens(...args: string[]): Promise<string> {
    const where = ['--bootstrap-server', kafka().secureBootstrapServers.join(',')]
    const login = ['--command-config', join(folder, 'alice.properties')]
    const { stdout } = await runKafkaTool('org.apache.kafka.tools.DelegationTokenCommand', [
      ...where,
      ...login,
      ...args,
    ])
    return stdout.toString()
  }

  async function created(): Promise<Token> {
    const printed = await delegationTokens('--create', '--max-life-time-period', '-1')
    const row = printed.split('\n').find((line) => line.includes('User:alice'))
    const [id = '', hmac = ''] = row?.trim().split(/\s+/) ?? []
    if (id === '' || hmac === '') throw new Error(`the tool printed no token: ${printed}`)
    await brokerHas(id, true)
    return { id, hmac }
  }

  /** The controller answers the tool before the broker has heard of the change. */
  async function brokerHas(id: string, wanted: boolean): Promise<void> {
    const known = () => delegationTokens('--describe', '--owner-principal', 'User:alice')
    while ((await known()).includes(id) !== wanted);
  }

  const connection = () => ({
    bootstrapServers: kafka().secureBootstrapServers,
    securityProtocol: 'SASL_PLAINTEXT' as const,
    logger: false as const,
  })
  const login = (mechanism: (typeof mechanisms)[number], { id, hmac }: Token): SaslConfig => ({
    mechanism,
    username: id,
    password: hmac,
    delegationToken: true,
  })
  const file = (mechanism: string, { id, hmac }: Token, rest = ' tokenauth="true"'): string =>
    `bootstrap.servers=${kafka().secureBootstrapServers.join(',')}
security.protocol=SASL_PLAINTEXT
sasl.mechanism=${mechanism}
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\
  username="${id}" \\
  password="${hmac}"${rest};
`

  test.each(mechanisms)('logs in with %s, by sasl', async (mechanism) => {
    const topic = uniqueTopic('delegation')
    const config = { ...connection(), sasl: login(mechanism, token) }
    await withProducer(config, (producer) => producer.send({ topic, value: 'a' }))
    expect(await readRecords(kafka().bootstrapServers, { topic })).toHaveLength(1)
  })

  test.each(mechanisms)('logs in with %s, by the file of a Java client', async (mechanism) => {
    const topic = uniqueTopic('delegation-file')
    const config = fromProperties(file(mechanism, token), { logger: false })
    await withProducer(config, (producer) => producer.send({ topic, value: 'a' }))
    expect(await readRecords(kafka().bootstrapServers, { topic })).toHaveLength(1)
  })

  test('is refused if it is not said to be one', async () => {
    const config = fromProperties(file('SCRAM-SHA-256', token, ''), { logger: false })
    await withProducer(config, async (producer) => {
      const refused = producer.send({ topic: 'any', value: 'a' })
      await expect(refused).rejects.toMatchObject({
        name: 'AuthenticationError',
        code: 'SASL_AUTHENTICATION_FAILED',
      })
    })
  })

  test('that has expired is refused with a message, and a new one from the function is taken', async () => {
    const topic = uniqueTopic('delegation-expired')
    let current = await created()
    await delegationTokens('--expire', '--expiry-time-period', '-1', '--hmac', current.hmac)
    await brokerHas(current.id, false)
    const credentials = () => ({ username: current.id, password: current.hmac, delegationToken: true })
    const sasl: SaslConfig = { mechanism: 'SCRAM-SHA-512', credentials }
    await withProducer({ ...connection(), sasl }, async (producer) => {
      const refused = producer.send({ topic, value: 'a' })
      await expect(refused).rejects.toBeInstanceOf(AuthenticationError)
      await expect(refused).rejects.toMatchObject({ fatal: true, possiblyPersisted: false })
      await expect(refused).rejects.toThrow(
        'the broker refused the SCRAM-SHA-512 login: Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512',
      )
      current = token
      await producer.send({ topic, value: 'b' })
    })
    expect(await readRecords(kafka().bootstrapServers, { topic })).toHaveLength(1)
  })
})
