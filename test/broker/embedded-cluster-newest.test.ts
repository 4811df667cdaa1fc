import { randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ApiVersions } from '../../src/protocol/api-versions.js'
import { CreateTopics } from '../../src/protocol/create-topics.js'
import { DescribeCluster } from '../../src/protocol/describe-cluster.js'
import { DescribeConfigs, TOPIC_RESOURCE } from '../../src/protocol/describe-configs.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { Metadata } from '../../src/protocol/metadata.js'
import { RECORD_BATCH_OVERHEAD } from '../../src/protocol/record-batch.js'
import { ZERO_UUID } from '../../src/protocol/uuid.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { TOPIC_SETTINGS } from '../../src/testing/topic-settings.js'
import { describeWithKafka } from '../support/kafka/describe-kafka.js'
import { isAtLeast } from '../support/kafka/tools.js'
import { connectToLeader } from '../support/leader-connection.js'
import { produceOne } from '../support/produce-request.js'
import { RawConnection } from '../support/raw-connection.js'
import { numbered, recordBatch } from '../support/record-batches.js'
import { settingValues } from '../support/setting-values.js'

const TOPICS_PER_REQUEST = 100

/** A topic setting to create a topic with. */
interface Attempt {
  readonly name: string
  readonly value: string
}

const attempts: readonly Attempt[] = [
  ...[...TOPIC_SETTINGS].flatMap(([name, { rule, default: byDefault }]) =>
    [byDefault, ...settingValues(rule)].map((value) => ({ name, value })),
  ),
  { name: 'retention.mss', value: '5' },
  { name: 'message.format.version', value: '2.8' },
  { name: '', value: '' },
]

async function errorsOf(connection: RawConnection, given: readonly Attempt[]): Promise<string[]> {
  const answers: string[] = []
  for (let start = 0; start < given.length; start += TOPICS_PER_REQUEST) {
    const some = given.slice(start, start + TOPICS_PER_REQUEST)
    const { topics } = await connection.request(CreateTopics, 5, {
      topics: some.map((config, i) => ({
        name: `setting-${i}`,
        numPartitions: 1,
        replicationFactor: 1,
        assignments: [],
        configs: [config],
      })),
      timeoutMs: 30_000,
      validateOnly: true,
    })
    const codes = new Map(topics.map(({ name, errorCode }) => [name, errorCode]))
    answers.push(
      ...some.map(({ name, value }, i) => `${name}=${JSON.stringify(value)}: ${codes.get(`setting-${i}`)}`),
    )
  }
  return answers
}

describeWithKafka('the embedded cluster answers as the newest Kafka does', (kafka) => {
  const suffix = randomBytes(4).toString('hex')
  const servers = kafka.bootstrapServers[0] ?? ''
  let embedded: EmbeddedCluster
  let ours: RawConnection
  let theirs: RawConnection

  beforeAll(async () => {
    embedded = await EmbeddedCluster.start()
    ours = await RawConnection.openAt(embedded.bootstrapServers)
    theirs = await RawConnection.openAt(servers)
  })
  afterAll(async () => {
    await Promise.all([ours.close(), theirs.close()])
    await embedded.close()
  })

  async function createTopic(
    connection: RawConnection,
    name: string,
    config: Record<string, string>,
  ): Promise<void> {
    const configs = Object.entries(config).map(([key, value]) => ({ name: key, value }))
    const { topics } = await connection.request(CreateTopics, 5, {
      topics: [{ name, numPartitions: 1, replicationFactor: 1, assignments: [], configs }],
      timeoutMs: 30_000,
      validateOnly: false,
    })
    expect(topics[0]).toMatchObject({ errorCode: ErrorCode.NONE })
  }

  // Kafka 4.4 has brought some of the settings and checks, and ApiVersions v5 (KIP-1242).
  describe.skipIf(!isAtLeast(kafka.version, '4.4'))('from Kafka 4.4 on', () => {
    test('to ApiVersions from a client that expects a broker', async () => {
      const ask = async (connection: RawConnection, port: number) => {
        const { clusterId, brokers } = await connection.request(DescribeCluster, 0, {
          includeClusterAuthorizedOperations: false,
          endpointType: 1,
          includeFencedBrokers: false,
        })
        const own = brokers.find((broker) => broker.port === port)?.brokerId ?? -2
        const software = { clientSoftwareName: 'odradek', clientSoftwareVersion: '1' }
        const answers: unknown[] = []
        for (const expected of [
          { clusterId: null, nodeId: -1 },
          { clusterId, nodeId: own },
          { clusterId, nodeId: own + 1_000 },
          { clusterId: 'another', nodeId: own },
          { clusterId, nodeId: -1 },
          { clusterId: null, nodeId: own },
          { clusterId: '', nodeId: own },
        ]) {
          const { errorCode, apiKeys } = await connection.request(ApiVersions, 5, {
            ...software,
            ...expected,
          })
          answers.push([errorCode, apiKeys.length > 0])
        }
        return answers
      }
      const answers = await ask(theirs, portOf(servers))
      expect(answers[1]).toEqual([ErrorCode.NONE, true])
      expect(await ask(ours, portOf(embedded.bootstrapServers))).toEqual(answers)
    })

    test('to Metadata about topics that it creates', async () => {
      await using cluster = await EmbeddedCluster.start({ autoCreation: 'as-kafka' })
      const connection = await RawConnection.openAt(cluster.bootstrapServers)
      const names = [`fresh-${suffix}`, 'a b', '..', '']
      const ask = async (asked: RawConnection) => {
        const { topics } = await asked.request(Metadata, 12, {
          topics: names.map((name) => ({ name, topicId: ZERO_UUID })),
          allowAutoTopicCreation: true,
          includeClusterAuthorizedOperations: false,
          includeTopicAuthorizedOperations: false,
        })
        return topics.map(({ name, errorCode }) => `${name}: ${errorCode}`).sort()
      }
      expect(await ask(connection)).toEqual(await ask(theirs))
      await connection.close()
    })

    test('to CreateTopics with one setting, right or wrong', async () => {
      expect(attempts.length).toBeGreaterThan(500)
      expect(await errorsOf(ours, attempts)).toEqual(await errorsOf(theirs, attempts))
    })

    test('to DescribeConfigs about a topic that has settings of its own', async () => {
      const topic = `described-${suffix}`
      const given = {
        'cleanup.policy': 'delete , compact,delete',
        'retention.ms': '+5000',
        preallocate: 'TRUE',
        'min.cleanable.dirty.ratio': '0.25',
        'compression.type': ' gzip ',
        'leader.replication.throttled.replicas': '0:1, 0:2,0:1',
      }
      const shown = async (connection: RawConnection) => {
        await createTopic(connection, topic, given)
        const { results } = await connection.request(DescribeConfigs, 4, {
          resources: [{ resourceType: TOPIC_RESOURCE, resourceName: topic, configurationKeys: null }],
          includeSynonyms: false,
          includeDocumentation: false,
        })
        const configs = results[0]?.configs ?? []
        const names = configs.map(({ name }) => name).sort()
        const own = configs
          .filter(({ name }) => Object.hasOwn(given, name))
          .map(({ name, value, configSource, configType }) => [name, value, configSource, configType])
        const types = configs.map(({ name, configType }) => [name, configType])
        return { names, own: own.sort(), types: types.sort() }
      }
      expect(await shown(ours)).toEqual(await shown(theirs))
    })

    test('to gzip batches with wrong record lengths', async () => {
      const topic = `lengths-${suffix}`
      const answers = async (connection: RawConnection) => {
        await createTopic(connection, topic, { 'max.decompressed.message.bytes': '30' })
        const leader = await connectToLeader(connection, topic)
        const codes: number[] = []
        for (const length of [null, -1, -64, 0, 1, 29, 30, 31, 63]) {
          const { errorCode } = await produceOne(leader, withFirstLength(length), { topic })
          codes.push(errorCode)
        }
        await leader.close()
        return codes
      }
      expect(await answers(ours)).toEqual(await answers(theirs))
    })
  })
})

function portOf(server: string): number {
  return Number(server.split(':')[1])
}

/** A gzip batch whose first record claims this length; its own if null. */
function withFirstLength(length: number | null): Buffer {
  const records = recordBatch(numbered(2)).subarray(RECORD_BATCH_OVERHEAD)
  const changed = Buffer.from(records)
  if (length !== null) changed.writeUInt8((length << 1) ^ (length >> 31), 0)
  return recordBatch(numbered(2), { compression: 1, body: gzipSync(changed) })
}
