import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  Admin,
  AuthenticationError,
  fromProperties,
  type KafkaError,
  type ProducerConfig,
  type SaslConfig,
} from '../../../src/index.js'
import { runCommandWith } from '../../support/command-line.js'
import { kafkaAcls } from '../../support/kafka/acls.js'
import { describeWithOwnKafka } from '../../support/kafka/describe-kafka.js'
import { hasScram, saslUsers } from '../../support/kafka/sasl-listener.js'
import {
  propertiesFile,
  type SecuredClient,
  securedClients,
  trustingConfig,
  trustingProperties,
  unsecuredToken,
} from '../../support/kafka/secured-clients.js'
import { renewedMechanisms, securedKafka } from '../../support/kafka/secured-kafka.js'
import { consoleConsumer, kcatRead } from '../../support/kafka/tools.js'
import { uniqueTopic, withProducer } from '../../support/kafka/with-producer.js'

/** Of the topics that alice and the client with a certificate may write. */
const PREFIX = 'allowed-'

await describeWithOwnKafka('a Kafka with listeners of every kind, and ACLs', securedKafka, (kafka) => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'odradek-secured-'))
    const { bootstrapServers } = kafka()
    const writers = ['alice', 'CN=client1'].flatMap((name) => ['--allow-principal', `User:${name}`])
    const prefixed = [
      '--resource-pattern-type',
      'prefixed',
      '--topic',
      PREFIX,
      '--group',
      'console-consumer-',
    ]
    await kafkaAcls(bootstrapServers, '--add', ...writers, '--producer', '--consumer', ...prefixed)
  })
  afterAll(() => rm(folder, { recursive: true }))

  function serversOf(listener: string): string {
    const [broker] = kafka().brokers
    if (broker === undefined) throw new Error('there is no broker')
    return `127.0.0.1:${listener === 'PLAINTEXT' ? broker.port : broker.portOf(listener)}`
  }

  const configOf = (listener: string, config: Partial<ProducerConfig>): ProducerConfig => ({
    bootstrapServers: serversOf(listener),
    logger: false,
    ...config,
  })

  async function fileOf(listener: string, properties: Readonly<Record<string, string>>): Promise<string> {
    const file = join(folder, `${uniqueTopic(listener)}.properties`)
    await writeFile(file, propertiesFile({ 'bootstrap.servers': serversOf(listener), ...properties }))
    return file
  }

  /** The values of a topic, as other clients read them. */
  async function readBack(client: SecuredClient, topic: string, file: string): Promise<string[]> {
    if (client.readByJava) {
      const options = { topic, configFile: file, maxMessages: 4 }
      return (await consoleConsumer([serversOf(client.listener)], options)).map(({ value }) => value)
    }
    return (await kcatRead(kafka().bootstrapServers, { topic })).map(({ value }) => `${value}`)
  }

  describe.each(securedClients)('$listener, by $by', (client) => {
    it('takes records from programs and commands, and describes the topic to them', async () => {
      const topic = uniqueTopic(`${PREFIX}${client.listener.toLowerCase()}`)
      const file = await fileOf(client.listener, client.properties)
      const text = propertiesFile({ 'bootstrap.servers': serversOf(client.listener), ...client.properties })
      const programs: [string, ProducerConfig][] = [
        ['program', configOf(client.listener, client.config)],
        ['program with a file', fromProperties(text, { logger: false })],
      ]
      for (const [value, config] of programs) {
        await withProducer(config, (producer) => producer.send({ topic, value }))
        await using admin = new Admin({ ...config })
        expect(await admin.describeTopics([topic])).toMatchObject([{ status: 'fulfilled' }])
      }
      const settings = Object.entries(client.properties).flatMap(([key, value]) => [
        '--command-property',
        `${key}=${value}`,
      ])
      const ways = { command: settings, 'command with a file': ['--command-config', file] }
      for (const [value, way] of Object.entries(ways)) {
        const where = ['--bootstrap-server', serversOf(client.listener), ...way, '--topic', topic]
        expect(await runCommandWith(`${value}\n`, 'produce', ...where)).toMatchObject({ exitCode: 0 })
        const described = await runCommandWith('', 'topics', '--describe', ...where)
        expect(described).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(`Topic: ${topic}`) })
      }
      const values = await readBack(client, topic, file)
      expect(values.sort()).toEqual(['command', 'command with a file', 'program', 'program with a file'])
    })
  })

  const failure = (send: Promise<unknown>): Promise<KafkaError> =>
    send.then(
      () => {
        throw new Error('the record was sent')
      },
      (error: KafkaError) => error,
    )

  describe.each([
    [
      'BADHOST',
      'TLS_HOST_MISMATCH',
      /certificate is for DNS:other\.example, IP Address:192\.0\.2\.1, and not for 127\.0\.0\.1: connect to a name/,
    ],
    [
      'EXPIRED',
      'TLS_CERTIFICATE_EXPIRED',
      /certificate is valid from \w{3} .* GMT to \w{3} .* GMT, and here it is 20\d\d-\d\d-\d\dT\S+Z \(CERT_HAS_EXPIRED\): renew/,
    ],
  ])('%s', (listener, code, message) => {
    it.each(['program', 'file'])('is refused by a %s, whose records fail at once', async (way) => {
      const config =
        way === 'program'
          ? configOf(listener, trustingConfig)
          : fromProperties(
              { 'bootstrap.servers': serversOf(listener), ...trustingProperties },
              { logger: false },
            )
      const error = await withProducer(config, (producer) =>
        failure(producer.send({ topic: 'a', value: 'a' })),
      )
      expect(error).toBeInstanceOf(AuthenticationError)
      expect(error).toMatchObject({ code, fatal: true, retriable: false, possiblyPersisted: false })
      expect(error.message).toMatch(message)
      await using admin = new Admin({ ...config })
      const refused = await failure(admin.listTopics())
      expect(refused).toMatchObject({ name: 'AuthenticationError', code })
      expect(refused.message).toMatch(message)
    })

    it('is refused by the commands', async () => {
      const file = await fileOf(listener, trustingProperties)
      const where = ['--bootstrap-server', serversOf(listener), '--command-config', file]
      for (const command of [
        ['produce', '--topic', 'a'],
        ['topics', '--list'],
      ]) {
        const { exitCode, stderr } = await runCommandWith('a\n', ...command, ...where)
        expect(exitCode).not.toBe(0)
        expect(stderr).toMatch(message)
      }
    })
  })

  describe('REAUTH', () => {
    async function loadUntilRenewed(sasl: SaslConfig): Promise<void> {
      const topic = uniqueTopic(`${PREFIX}sessions`)
      const failures: string[] = []
      const renewals = { count: 0 }
      const logger = {
        debug: (message: string) => void (message.endsWith('renewing -> ready') && renewals.count++),
        info: () => {},
        warn: () => {},
        error: () => {},
      }
      const ends = new Map<number, number>()
      let count = 0
      const config = configOf('REAUTH', { securityProtocol: 'SASL_PLAINTEXT', sasl, logger })
      await withProducer(config, async (producer) => {
        producer.on('disconnect', ({ error }) => void (error !== undefined && failures.push(error.message)))
        while (renewals.count < 4) {
          const value = 'x'.repeat(100)
          const sent = Array.from({ length: 500 }, () => producer.send({ topic, value }))
          for (const { partition, offset } of await Promise.all(sent))
            ends.set(partition, Math.max(ends.get(partition) ?? 0, Number(offset) + 1))
          count += 500
        }
      })
      expect(failures).toEqual([])
      // The log of each partition is as long as its records: nothing was sent twice.
      expect([...ends.values()].reduce((sum, end) => sum + end, 0)).toBe(count)
    }

    it('has its sessions renewed under load, by SCRAM and with tokens', async () => {
      const credentials = { username: 'alice', password: saslUsers.alice }
      await Promise.all([
        loadUntilRenewed({ mechanism: hasScram ? 'SCRAM-SHA-256' : 'PLAIN', ...credentials }),
        loadUntilRenewed({ mechanism: 'OAUTHBEARER', token: () => unsecuredToken('alice', 4) }),
      ])
    })

    it('names the mechanisms that it offers', async () => {
      const sasl = { mechanism: 'SCRAM-SHA-512', username: 'alice', password: saslUsers.alice } as const
      const config = configOf('REAUTH', { securityProtocol: 'SASL_PLAINTEXT', sasl })
      const error = await withProducer(config, (producer) =>
        failure(producer.send({ topic: 'a', value: 'a' })),
      )
      expect(error).toMatchObject({ code: 'UNSUPPORTED_SASL_MECHANISM', fatal: true, retriable: false })
      expect(error.message).toContain(
        `does not offer the mechanism SCRAM-SHA-512; it offers ${renewedMechanisms.toSorted().join(', ')}: choose`,
      )
    })
  })
})
