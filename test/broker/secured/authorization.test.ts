import { beforeAll, expect, it } from 'vitest'
import {
  Admin,
  AuthorizationError,
  type KafkaError,
  type ProducerConfig,
  type ProducerRecord,
} from '../../../src/index.js'
import { aclsRequired, kafkaAcls } from '../../support/kafka/acls.js'
import { describeWithOwnKafka } from '../../support/kafka/describe-kafka.js'
import { hasScram, saslKafka, saslUsers } from '../../support/kafka/sasl-listener.js'
import { configCommand, runKafkaTool } from '../../support/kafka/tools.js'
import { uniqueTopic, withProducer } from '../../support/kafka/with-producer.js'

/** Of the topics that alice and carol may write. */
const PREFIX = 'allowed-'
const atMost = { timeout: 30_000 }

const failure = (send: Promise<unknown>): Promise<KafkaError> =>
  send.then(
    () => {
      throw new Error('the record was sent')
    },
    (error: KafkaError) => error,
  )

await describeWithOwnKafka('the right to write', saslKafka(aclsRequired), (kafka) => {
  beforeAll(async () => {
    const { bootstrapServers } = kafka()
    await using admin = new Admin({ bootstrapServers })
    await admin.createTopics([{ topic: 'denied', numPartitions: 1 }])
    const writers = ['alice', 'carol'].flatMap((name) => ['--allow-principal', `User:${name}`])
    const prefixed = ['--resource-pattern-type', 'prefixed', '--topic', PREFIX]
    await kafkaAcls(bootstrapServers, '--add', ...writers, '--producer', ...prefixed)
    await changeRight('--add', 'Describe')
  })

  const changeRight = (change: '--add' | '--remove', operation: 'Describe' | 'Write') =>
    kafkaAcls(
      kafka().bootstrapServers,
      ...[change, '--allow-principal', 'User:bob', '--operation', operation, '--topic', 'denied'],
    )

  const loggedIn = (
    username: string,
    password: string,
    config: Partial<ProducerConfig> = {},
  ): ProducerConfig => ({
    bootstrapServers: kafka().secureBootstrapServers,
    logger: false,
    securityProtocol: 'SASL_PLAINTEXT',
    sasl: { mechanism: 'PLAIN', username, password },
    ...config,
  })
  const bob = (config: Partial<ProducerConfig> = {}) => loggedIn('bob', saslUsers.bob, config)
  const record: ProducerRecord = { topic: 'denied', value: 'v' }

  it('is missed by the records of one topic, and the others are sent', async () => {
    const topic = uniqueTopic(`${PREFIX}beside`)
    await withProducer(loggedIn('alice', saslUsers.alice), async (producer) => {
      const [denied, allowed] = await Promise.all([
        failure(producer.send(record)),
        producer.send({ topic, value: 'v' }),
      ])
      expect(denied).toBeInstanceOf(AuthorizationError)
      expect(denied).toMatchObject({
        code: 'TOPIC_AUTHORIZATION_FAILED',
        topic: 'denied',
        fatal: false,
        retriable: false,
        possiblyPersisted: false,
      })
      expect(denied.message).toContain('a producer needs WRITE and DESCRIBE')
      expect(allowed.offset).toBe(0n)
      const created = await failure(producer.send({ topic: uniqueTopic('new'), value: 'v' }))
      expect(created).toMatchObject({ code: 'TOPIC_AUTHORIZATION_FAILED', fatal: false })
      expect((await producer.send({ topic, value: 'v' })).topic).toBe(topic)
    })
    await using admin = new Admin({ ...loggedIn('alice', saslUsers.alice) })
    expect(await admin.describeTopics(['denied', topic])).toMatchObject([
      { status: 'rejected', error: { code: 'TOPIC_AUTHORIZATION_FAILED' } },
      { status: 'fulfilled' },
    ])
  })

  it('is missed by an idempotent producer as a right on the cluster, and comes while it waits', async () => {
    await withProducer(bob(), async (producer) => {
      const refused = await failure(producer.send(record))
      expect(refused).toBeInstanceOf(AuthorizationError)
      expect(refused).toMatchObject({
        code: 'CLUSTER_AUTHORIZATION_FAILED',
        fatal: true,
        retriable: false,
        possiblyPersisted: false,
      })
      expect(refused.message).toContain('an idempotent producer needs WRITE on a topic')
      await withProducer(bob({ enableIdempotence: false }), async (other) => {
        const { code, fatal } = await failure(other.send(record))
        expect({ code, fatal }).toEqual({ code: 'TOPIC_AUTHORIZATION_FAILED', fatal: false })
      })
      const outcome = () =>
        producer.send(record).then(
          () => 'sent',
          ({ code }) => code,
        )
      await changeRight('--add', 'Write')
      await expect.poll(outcome, atMost).toBe('sent')
      await changeRight('--remove', 'Write')
      await expect.poll(outcome, atMost).toBe('TOPIC_AUTHORIZATION_FAILED')
      await changeRight('--add', 'Write')
      await expect.poll(outcome, atMost).toBe('sent')
    })
  })

  it.skipIf(!hasScram)('is used once the user exists (Kafka 3.5 and later)', async () => {
    const topic = uniqueTopic(`${PREFIX}carol`)
    const sasl = { mechanism: 'SCRAM-SHA-256', username: 'carol', password: 'carol-secret' } as const
    await withProducer(loggedIn('carol', 'unused', { sasl }), async (producer) => {
      const error = await failure(producer.send({ topic, value: 'v' }))
      expect(error).toMatchObject({ code: 'SASL_AUTHENTICATION_FAILED', fatal: true, retriable: false })
      const user = ['--alter', '--entity-type', 'users', '--entity-name', 'carol', '--add-config']
      await runKafkaTool(configCommand, [
        ...['--bootstrap-server', kafka().bootstrapServers.join(), ...user],
        'SCRAM-SHA-256=[iterations=4096,password=carol-secret]',
      ])
      const outcome = () =>
        producer.send({ topic, value: 'v' }).then(
          () => 'sent',
          () => 'failed',
        )
      await expect.poll(outcome, atMost).toBe('sent')
    })
  })
})
