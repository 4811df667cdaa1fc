import { describe, expect, it } from 'vitest'
import type { CheckName } from '../../../src/doctor/checks.js'
import type { Finding, Verdict } from '../../../src/doctor/finding.js'
import type { DoctorReport } from '../../../src/doctor/report.js'
import { CLUSTER_OPERATIONS, TOPIC_OPERATIONS } from '../../../src/protocol/authorized-operations.js'
import { BROKER_ENDPOINTS, DescribeCluster } from '../../../src/protocol/describe-cluster.js'
import { BROKER_RESOURCE, DescribeConfigs } from '../../../src/protocol/describe-configs.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { Metadata } from '../../../src/protocol/metadata.js'
import { ZERO_UUID } from '../../../src/protocol/uuid.js'
import { EmbeddedCluster } from '../../../src/testing/index.js'
import { certificateFile } from '../../support/certificates/certificates.js'
import { runCommandWith } from '../../support/command-line.js'
import { describeWithOwnKafka } from '../../support/kafka/describe-kafka.js'
import { isAtLeast, runKafkaTool } from '../../support/kafka/kafka-tool.js'
import { saslKafka, saslUsers } from '../../support/kafka/sasl-listener.js'
import { tlsListener } from '../../support/kafka/tls-listener.js'
import { readRecords } from '../../support/kafka/tools.js'
import { createTopic } from '../../support/kafka/topics.js'
import { kafkaVersionUnderTest } from '../../support/kafka/version-under-test.js'
import { RawConnection } from '../../support/raw-connection.js'

const trust = {
  'ssl.truststore.type': 'PEM',
  'ssl.truststore.location': certificateFile('root.pem'),
}

const loginOf = (user: keyof typeof saslUsers, password: string = saslUsers[user]) => ({
  'security.protocol': 'SASL_SSL',
  'sasl.mechanism': 'SCRAM-SHA-512',
  'sasl.jaas.config': `org.apache.kafka.common.security.scram.ScramLoginModule required username="${user}" password="${password}";`,
  ...trust,
})

async function examined(
  server: string,
  settings: Readonly<Record<string, string>> = {},
  ...args: string[]
): Promise<DoctorReport> {
  const properties = Object.entries(settings).flatMap(([name, value]) => [
    '--command-property',
    `${name}=${value}`,
  ])
  const { stdout, stderr } = await runCommandWith(
    '',
    'doctor',
    '--json',
    '-b',
    server,
    ...properties,
    ...args,
  )
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

const found = ({ findings }: DoctorReport, check: CheckName): Finding[] =>
  findings.filter((finding) => finding.check === check)

const withVerdict = ({ findings }: DoctorReport, verdict: Verdict) =>
  findings.filter((finding) => finding.verdict === verdict).map(({ check }) => check)

/** The release as the doctor names it. */
const release = isAtLeast(kafkaVersionUnderTest(), '4.4')
  ? '4.4 or later'
  : isAtLeast(kafkaVersionUnderTest(), '4.1')
    ? '4.1 to 4.3'
    : '3.9'

const secured = saslKafka(
  {
    ...tlsListener('secure', 'broker'),
    ...tlsListener('tls', 'broker'),
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'super.users': 'User:ANONYMOUS',
    'auto.create.topics.enable': 'false',
  },
  'SASL_SSL',
)

await describeWithOwnKafka(
  'odradek doctor on Kafka',
  // The proxied listener advertises a port at which nobody listens.
  { ...secured, listeners: { TLS: 'SSL' }, advertisedPorts: [1] },
  (kafka) => {
    const [plain, secure] = [
      () => kafka().bootstrapServers.join(','),
      () => kafka().secureBootstrapServers.join(','),
    ]
    const broker = () => {
      const [first] = kafka().brokers
      if (first === undefined) throw new Error('there is no broker')
      return first
    }

    async function allow(user: string, operation: string, topic: string): Promise<void> {
      await runKafkaTool(
        (version) =>
          isAtLeast(version, '4.1') ? 'org.apache.kafka.tools.AclCommand' : 'kafka.admin.AclCommand',
        [
          '--bootstrap-server',
          plain(),
          '--add',
          '--allow-principal',
          `User:${user}`,
          '--operation',
          operation,
          '--topic',
          topic,
        ],
      )
    }

    it('finds nothing wrong for somebody who may do everything, and writes nothing', async () => {
      await createTopic(kafka().bootstrapServers, { topic: 'healthy', partitions: 3 })
      const report = await examined(plain(), {}, '--topic', 'healthy')
      expect(withVerdict(report, 'wrong')).toEqual([])
      expect(withVerdict(report, 'unknown')).toEqual(['clock'])
      expect(withVerdict(report, 'warning')).toEqual([])
      expect(found(report, 'versions')[0]?.message).toBe(`a broker with the requests of Kafka ${release}`)
      expect(await readRecords(kafka().bootstrapServers, { topic: 'healthy' })).toEqual([])
    })

    it('judges as on the embedded cluster', async () => {
      const embedded = await EmbeddedCluster.start({
        topics: [{ topic: 'healthy', numPartitions: 3 }],
        config: { 'auto.create.topics.enable': false },
      })
      try {
        for (const topic of ['healthy', 'missing']) {
          const [theirs, ours] = await Promise.all(
            [plain(), embedded.bootstrapServers].map((server) => examined(server, {}, '--topic', topic)),
          )
          const judged = (report: DoctorReport | undefined) =>
            report?.findings.map(({ check, verdict, fixes }) => ({
              check,
              verdict,
              settings: fixes.map(({ setting }) => setting),
            }))
          expect(judged(ours)).toEqual(judged(theirs))
        }
      } finally {
        await embedded.close()
      }
    })

    it('tells the writer from somebody who may only look', async () => {
      await createTopic(kafka().bootstrapServers, { topic: 'guarded', partitions: 1 })
      await allow('alice', 'Write', 'guarded')
      await allow('bob', 'Describe', 'guarded')
      const alice = await examined(secure(), loginOf('alice'), '--topic', 'guarded')
      expect(withVerdict(alice, 'wrong')).toEqual([])
      expect(found(alice, 'write-right')).toMatchObject([{ verdict: 'ok' }])
      expect(found(alice, 'producer-id')).toMatchObject([{ verdict: 'ok' }])
      expect(withVerdict(alice, 'unknown')).toEqual(['min-isr', 'record-size', 'timestamps', 'clock'])
      expect(found(alice, 'min-isr')[0]?.fixes[0]?.lines?.[0]).toContain(
        '--operation DescribeConfigs --topic guarded',
      )
      expect(found(alice, 'tls')[0]?.message).toMatch(
        /^TLSv1\.3 with TLS_\w+; certificate CN=.* days are left/,
      )
      expect(found(alice, 'sasl-mechanism')[0]?.message).toBe(
        'SCRAM-SHA-512; the broker offers OAUTHBEARER, PLAIN, SCRAM-SHA-256, SCRAM-SHA-512',
      )

      const bob = await examined(secure(), loginOf('bob'), '--topic', 'guarded')
      expect(withVerdict(bob, 'wrong')).toEqual(['producer-id', 'write-right'])
      expect(found(bob, 'write-right')[0]?.fixes[0]?.lines?.[0]).toContain(
        '--operation Write --topic guarded',
      )
      const hidden = await examined(secure(), loginOf('bob'), '--topic', 'healthy')
      expect(found(hidden, 'topic')[0]?.message).toBe(
        'the principal may not see the topic (TOPIC_AUTHORIZATION_FAILED)',
      )
    })

    it.each([
      [
        'a wrong password',
        () => secure(),
        loginOf('alice', 'wrong'),
        'sasl-login',
        ['sasl.jaas.config', 'sasl.mechanism'],
      ],
      [
        'no login',
        () => secure(),
        { 'security.protocol': 'SSL', ...trust },
        'cluster',
        ['security.protocol', 'sasl.mechanism', 'sasl.jaas.config'],
      ],
      [
        'plaintext on a TLS port',
        () => `127.0.0.1:${broker().portOf('TLS')}`,
        {},
        'versions',
        ['security.protocol'],
      ],
      [
        'TLS on a plaintext port',
        () => plain(),
        { 'security.protocol': 'SSL', ...trust },
        'tls',
        ['security.protocol'],
      ],
      [
        'a login where there is none',
        () => `127.0.0.1:${broker().portOf('TLS')}`,
        loginOf('alice'),
        'sasl-mechanism',
        ['security.protocol'],
      ],
      [
        'a mechanism that is not offered',
        () => plain(),
        {
          'security.protocol': 'SASL_PLAINTEXT',
          'sasl.mechanism': 'SCRAM-SHA-256',
          'sasl.jaas.config': loginOf('alice')['sasl.jaas.config'],
        },
        'sasl-mechanism',
        ['security.protocol'],
      ],
      ['a controller', () => `127.0.0.1:${broker().controllerPort}`, {}, 'versions', ['bootstrap.servers']],
      [
        'an advertised port that is closed',
        () => `127.0.0.1:${broker().proxiedPort}`,
        {},
        'tcp',
        ['advertised.listeners'],
      ],
    ] as const)('knows %s', async (_, server, settings, check, changes) => {
      const report = await examined(server(), settings)
      expect(withVerdict(report, 'wrong')).toEqual([check])
      const [wrong] = report.findings.filter(({ verdict }) => verdict === 'wrong')
      expect(wrong?.fixes.map(({ setting }) => setting)).toEqual(changes)
    })

    it('writes the value of advertised.listeners out, with the other listeners as they are', async () => {
      const report = await examined(`127.0.0.1:${broker().proxiedPort}`)
      const [line = ''] =
        found(report, 'tcp').find(({ verdict }) => verdict === 'wrong')?.fixes[0]?.lines ?? []
      expect(line).toMatch(/^advertised\.listeners=PLAINTEXT:\/\/127\.0\.0\.1:\d+,/)
      expect(line).toContain(`PROXIED://127.0.0.1:${broker().proxiedPort}`)
      expect(line).toContain(`TLS://127.0.0.1:${broker().portOf('TLS')}`)
    })

    describe('the answers that it reads', () => {
      it('are the same on the embedded cluster', async () => {
        const embedded = await EmbeddedCluster.start({ topics: ['healthy'] })
        const answers = async (server: string) => {
          const connection = await RawConnection.openAt(server)
          const metadata = await connection.request(Metadata, 12, {
            topics: [{ name: 'healthy', topicId: ZERO_UUID }],
            allowAutoTopicCreation: false,
            includeClusterAuthorizedOperations: false,
            includeTopicAuthorizedOperations: true,
          })
          const cluster = await connection.request(DescribeCluster, 0, {
            includeClusterAuthorizedOperations: true,
            endpointType: BROKER_ENDPOINTS,
            includeFencedBrokers: false,
          })
          const configs = await connection.request(DescribeConfigs, 4, {
            resources: ['1', '99'].map((resourceName) => ({
              resourceType: BROKER_RESOURCE,
              resourceName,
              configurationKeys: ['auto.create.topics.enable', 'advertised.listeners'],
            })),
            includeSynonyms: false,
            includeDocumentation: false,
          })
          await connection.close()
          return {
            topic: metadata.topics[0]?.topicAuthorizedOperations,
            cluster: cluster.clusterAuthorizedOperations,
            brokers: configs.results.map(({ errorCode, configs: shown }) => [
              errorCode,
              shown.map(({ name }) => name).sort(),
            ]),
          }
        }
        try {
          const expected = {
            topic: TOPIC_OPERATIONS,
            cluster: CLUSTER_OPERATIONS,
            brokers: [
              [ErrorCode.NONE, ['advertised.listeners', 'auto.create.topics.enable']],
              [ErrorCode.INVALID_REQUEST, []],
            ],
          }
          expect(await answers(plain())).toEqual(expected)
          expect(await answers(embedded.bootstrapServers)).toEqual(expected)
        } finally {
          await embedded.close()
        }
      })
    })
  },
)
