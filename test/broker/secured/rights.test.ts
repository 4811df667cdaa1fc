import { beforeAll, describe, expect, test } from 'vitest'
import { Admin, type KafkaError, type Producer, type ProducerConfig } from '../../../src/index.js'
import { commandsOf } from '../../support/documented-programs.js'
import { describeWithOwnKafka } from '../../support/kafka/describe-kafka.js'
import { isAtLeast, runKafkaTool } from '../../support/kafka/kafka-tool.js'
import { saslKafka, saslUsers } from '../../support/kafka/sasl-listener.js'
import { withProducer } from '../../support/kafka/with-producer.js'
import { read } from '../../unit/project/tree.js'

const authorized = saslKafka({
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'super.users': 'User:ANONYMOUS',
  'allow.everyone.if.no.acl.found': 'false',
  'auto.create.topics.enable': 'false',
})

const aclCommand = (version: string): string =>
  isAtLeast(version, '4.0') ? 'org.apache.kafka.tools.AclCommand' : 'kafka.admin.AclCommand'

await describeWithOwnKafka('the rights that the page about security names', authorized, (kafka) => {
  const config = (user: keyof typeof saslUsers, given: Partial<ProducerConfig> = {}): ProducerConfig => ({
    bootstrapServers: kafka().secureBootstrapServers,
    securityProtocol: 'SASL_PLAINTEXT',
    sasl: { mechanism: 'SCRAM-SHA-256', username: user, password: saslUsers[user] },
    logger: false,
    ...given,
  })
  const failure = (producer: Producer, topic: string): Promise<KafkaError> =>
    producer.send({ topic, value: 'a' }).then(
      () => Promise.reject(new Error('the record was sent')),
      (error) => error,
    )

  async function acls(...args: string[]): Promise<void> {
    await runKafkaTool(aclCommand, ['--bootstrap-server', kafka().bootstrapServers.join(','), ...args])
  }

  beforeAll(async () => {
    const admin = new Admin({ bootstrapServers: kafka().bootstrapServers, logger: false })
    await admin.createTopics([{ topic: 'orders' }, { topic: 'seen' }, { topic: 'hidden' }])
    await admin.close()
    // The command of the page, for its own server.
    const [command] = commandsOf(read('docs/security.md')).filter(([name]) => name === 'kafka-acls.sh')
    await acls(...(command?.slice(3) ?? []))
    await acls('--add', '--allow-principal', 'User:bob', '--operation', 'Describe', '--topic', 'seen')
  })

  test('let a producer write idempotently with Write on the topic alone', async () => {
    await withProducer(config('alice'), async (producer) => {
      expect(await producer.send({ topic: 'orders', value: 'a' })).toMatchObject({ topic: 'orders' })
    })
  })

  describe('are missing:', () => {
    test('Write on one topic fails the records of that topic, and no others', async () => {
      await withProducer(config('alice'), async (producer) => {
        await producer.send({ topic: 'orders', value: 'a' })
        expect(await failure(producer, 'hidden')).toMatchObject({ code: 'TOPIC_AUTHORIZATION_FAILED' })
        await producer.send({ topic: 'orders', value: 'b' })
      })
    })

    test('Write on every topic fails an idempotent producer, and the error says what it needs', async () => {
      await withProducer(config('bob'), async (producer) => {
        const { code, message } = await failure(producer, 'seen')
        expect(code).toBe('CLUSTER_AUTHORIZATION_FAILED')
        expect(message).toContain('an idempotent producer needs WRITE on a topic')
      })
    })

    test('Write fails the record of a producer that is not idempotent', async () => {
      await withProducer(config('bob', { enableIdempotence: false }), async (producer) => {
        expect(await failure(producer, 'seen')).toMatchObject({
          code: 'TOPIC_AUTHORIZATION_FAILED',
          topic: 'seen',
        })
      })
    })
  })
})
