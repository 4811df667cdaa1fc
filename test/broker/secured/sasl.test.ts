import { expect, test } from 'vitest'
import { Admin, AuthenticationError, type SaslConfig, type SaslContext } from '../../../src/index.js'
import { describeWithOwnKafka } from '../../support/kafka/describe-kafka.js'
import { hasScram, offeredMechanisms, saslKafka, saslUsers } from '../../support/kafka/sasl-listener.js'
import { tokenWith, unsecuredToken } from '../../support/kafka/secured-clients.js'
import { readRecords } from '../../support/kafka/tools.js'
import { uniqueTopic, withProducer } from '../../support/kafka/with-producer.js'
import { ownScram } from '../../support/own-scram.js'

const alice = { username: 'alice', password: saslUsers.alice }

const everyLogin = [
  { mechanism: 'PLAIN', ...alice },
  { mechanism: 'SCRAM-SHA-256', ...alice },
  { mechanism: 'SCRAM-SHA-512', ...alice },
  { mechanism: 'OAUTHBEARER', token: () => unsecuredToken('alice', 3_600) },
] satisfies SaslConfig[]

const logins = everyLogin.filter(({ mechanism }) => hasScram || !mechanism.startsWith('SCRAM'))

await describeWithOwnKafka('a listener with SASL', saslKafka(), (kafka) => {
  const config = (sasl: SaslConfig) =>
    ({
      bootstrapServers: kafka().secureBootstrapServers,
      securityProtocol: 'SASL_PLAINTEXT',
      sasl,
      logger: false,
    }) as const

  test.each(logins)('takes records of a producer with $mechanism', async (sasl) => {
    const topic = uniqueTopic('sasl')
    await withProducer(config(sasl), (producer) => producer.send({ topic, value: 'a' }))
    expect(await readRecords(kafka().bootstrapServers, { topic })).toHaveLength(1)
  })

  test.each(logins)('is described by an admin with $mechanism', async (sasl) => {
    const admin = new Admin(config(sasl))
    expect((await admin.describeCluster()).brokers).toHaveLength(1)
    await admin.close()
  })

  test('takes records of a producer with a mechanism of its own', async () => {
    const topic = uniqueTopic('sasl-own')
    const contexts: SaslContext[] = []
    const mechanism = ownScram('alice', saslUsers.alice, contexts)
    await withProducer(
      { ...config({ mechanism }), clientId: 'own', saslKerberosServiceName: 'kafka' },
      (producer) => producer.send({ topic, value: 'a' }),
    )
    expect(await readRecords(kafka().bootstrapServers, { topic })).toHaveLength(1)
    expect(contexts[0]).toMatchObject({ host: '127.0.0.1', clientId: 'own', serviceName: 'kafka' })
  })

  test.each([
    [{ mechanism: 'PLAIN', username: 'alice', password: 'wrong' }, 'Invalid username or password'],
    [{ mechanism: 'PLAIN', username: 'nobody', password: 'wrong' }, 'Invalid username or password'],
    [
      { mechanism: 'SCRAM-SHA-256', username: 'alice', password: 'wrong' },
      hasScram
        ? 'invalid credentials with SASL mechanism SCRAM-SHA-256'
        : 'does not offer the mechanism SCRAM-SHA-256',
    ],
    [
      {
        mechanism: 'OAUTHBEARER',
        token: () => ({ value: tokenWith({ sub: 'alice', exp: 1 }), expiresAtMs: 9e12 }),
      },
      '{"status":"invalid_token"}. The token\'s own claims are issuer (none)',
    ],
    [
      { mechanism: { name: 'GSSAPI', start: () => ({ next: () => new Uint8Array() }) } },
      `does not offer the mechanism GSSAPI; it offers ${offeredMechanisms.toSorted().join(', ')}`,
    ],
  ] satisfies [SaslConfig, string][])('refuses %o', async (sasl, reason) => {
    await withProducer(config(sasl), async (producer) => {
      const refused = producer.send({ topic: 'any', value: 'a' })
      await expect(refused).rejects.toBeInstanceOf(AuthenticationError)
      await expect(refused).rejects.toThrow(reason)
    })
  })

  test('says that the plaintext listener has no SASL', async () => {
    const { bootstrapServers } = kafka()
    await withProducer(
      { ...config({ mechanism: 'PLAIN', ...alice }), bootstrapServers },
      async (producer) => {
        await expect(producer.send({ topic: 'any', value: 'a' })).rejects.toThrow(
          'this listener does not use SASL',
        )
      },
    )
  })

  test('may be guessed by a client without SASL', async () => {
    const { secureBootstrapServers: bootstrapServers } = kafka()
    // The guess needs two connections that the broker has ended, and it ends each after a while.
    const quick = { maxBlockMs: 4_000, reconnectBackoffMs: 10, reconnectBackoffMaxMs: 10 }
    await withProducer({ bootstrapServers, logger: false, ...quick }, async (producer) => {
      await expect(producer.send({ topic: 'any', value: 'a' })).rejects.toThrow(
        'the listener may require SASL',
      )
    })
  })
})
