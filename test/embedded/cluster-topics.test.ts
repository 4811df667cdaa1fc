import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CreatePartitions } from '../../src/protocol/create-partitions.js'
import { type CreatableTopic, CreateTopics } from '../../src/protocol/create-topics.js'
import { DeleteRecords } from '../../src/protocol/delete-records.js'
import { DeleteTopics } from '../../src/protocol/delete-topics.js'
import { DescribeConfigs, TOPIC_RESOURCE } from '../../src/protocol/describe-configs.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { Metadata, type MetadataRequest } from '../../src/protocol/metadata.js'
import { ZERO_UUID } from '../../src/protocol/uuid.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { produceOne } from '../support/produce-request.js'
import { RawConnection } from '../support/raw-connection.js'
import { numbered, recordBatch } from '../support/record-batches.js'

let cluster: EmbeddedCluster
let connection: RawConnection

beforeEach(async () => {
  cluster = await EmbeddedCluster.start({ brokers: 3, topics: [{ topic: 'orders', numPartitions: 2 }] })
  connection = await RawConnection.openAt(cluster.bootstrapServers)
})

afterEach(async () => {
  await connection.close()
  await cluster.close()
})

function about(topics: readonly string[] | null, allowAutoTopicCreation = false): MetadataRequest {
  return {
    topics: topics?.map((name) => ({ name, topicId: ZERO_UUID })) ?? null,
    allowAutoTopicCreation,
    includeClusterAuthorizedOperations: false,
    includeTopicAuthorizedOperations: false,
  }
}

function creatable(name: string, more: Partial<CreatableTopic> = {}): CreatableTopic {
  return { name, numPartitions: -1, replicationFactor: -1, assignments: [], configs: [], ...more }
}

describe('topics', () => {
  test.each([2, 3, 4, 5, 6, 7])('are created by CreateTopics v%i', async (version) => {
    const { topics } = await connection.request(CreateTopics, version, {
      topics: [creatable('made', { numPartitions: 4, replicationFactor: 2 })],
      timeoutMs: 1_000,
      validateOnly: false,
    })
    expect(topics[0]).toMatchObject({ name: 'made', errorCode: ErrorCode.NONE, errorMessage: null })
    const told = await connection.request(Metadata, 12, about(['made']))
    expect(told.topics[0]?.partitions.map(({ replicaNodes }) => replicaNodes)).toEqual([
      [1, 2],
      [2, 3],
      [3, 1],
      [1, 2],
    ])
    if (version >= 7) expect(topics[0]?.topicId).toBe(told.topics[0]?.topicId)
  })

  test('are refused one by one', async () => {
    const { topics } = await connection.request(CreateTopics, 7, {
      topics: [
        creatable('orders'),
        creatable('a b'),
        creatable('none', { numPartitions: 0 }),
        creatable('many', { replicationFactor: 4 }),
        creatable('odd', { configs: [{ name: 'no.such.config', value: '1' }] }),
        creatable('worse', { configs: [{ name: 'cleanup.policy', value: 'burn' }] }),
        creatable('fine'),
      ],
      timeoutMs: 1_000,
      validateOnly: false,
    })
    expect(topics.map(({ errorCode }) => errorCode)).toEqual([
      ErrorCode.TOPIC_ALREADY_EXISTS,
      ErrorCode.INVALID_TOPIC_EXCEPTION,
      ErrorCode.INVALID_PARTITIONS,
      ErrorCode.INVALID_REPLICATION_FACTOR,
      ErrorCode.INVALID_CONFIG,
      ErrorCode.INVALID_CONFIG,
      0,
    ])
  })

  test('are only checked with validateOnly', async () => {
    const request = { topics: [creatable('made')], timeoutMs: 1_000, validateOnly: true }
    expect((await connection.request(CreateTopics, 7, request)).topics[0]?.errorCode).toBe(ErrorCode.NONE)
    expect((await connection.request(Metadata, 12, about(['made']))).topics[0]?.errorCode).toBe(
      ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
    )
  })

  test('grow, and do not shrink', async () => {
    const grow = (count: number) =>
      connection.request(CreatePartitions, 3, {
        topics: [{ name: 'orders', count, assignments: null }],
        timeoutMs: 1_000,
        validateOnly: false,
      })
    expect((await grow(5)).results[0]).toMatchObject({ errorCode: ErrorCode.NONE, errorMessage: null })
    expect((await connection.request(Metadata, 9, about(['orders']))).topics[0]?.partitions).toHaveLength(5)
    expect((await grow(5)).results[0]).toMatchObject({ errorCode: ErrorCode.INVALID_PARTITIONS })
  })

  test('are all refused if one request asks for more than 10,000 partitions', async () => {
    const create = async (...topics: CreatableTopic[]) => {
      const request = { topics, timeoutMs: 1_000, validateOnly: true }
      return (await connection.request(CreateTopics, 7, request)).topics.map(({ errorCode }) => errorCode)
    }
    const [large, replicas] = [creatable('large', { numPartitions: 9_999 }), [1]]
    expect(await create(large, creatable('small'))).toEqual([ErrorCode.NONE, ErrorCode.NONE])
    const assignments = [0, 1].map((partitionIndex) => ({ partitionIndex, brokerIds: replicas }))
    for (const other of [creatable('two', { numPartitions: 2 }), creatable('two', { assignments })]) {
      expect(await create(large, other)).toEqual([ErrorCode.POLICY_VIOLATION, ErrorCode.POLICY_VIOLATION])
    }
  })

  test.each([
    ['retention.mss', '5', 'Unknown topic config name: retention.mss: did you mean retention.ms?'],
    ['retention.ms', '-2', 'Invalid value -2 for configuration retention.ms: it must be at least -1'],
    ['min.compaction.lag.ms', '9223372036854775807', null],
    ['remote.storage.enable', 'true', 'Tiered Storage functionality is disabled in the broker.'],
  ])('with the setting %s=%s are created, or refused with the reason', async (name, value, message) => {
    const { topics } = await connection.request(CreateTopics, 7, {
      topics: [creatable('made', { configs: [{ name, value }] })],
      timeoutMs: 1_000,
      validateOnly: false,
    })
    expect(topics[0]?.errorCode).toBe(message === null ? ErrorCode.NONE : ErrorCode.INVALID_CONFIG)
    if (message !== null) expect(topics[0]?.errorMessage).toContain(message)
  })

  test('are refused with contradicting settings, those of the brokers included', async () => {
    const most = { 'max.compaction.lag.ms': '5' }
    expect(() =>
      cluster.createTopic({ topic: 'made', configs: { ...most, 'min.compaction.lag.ms': '6' } }),
    ).toThrow('min.compaction.lag.ms (6) > max.compaction.lag.ms (5)')
    await using strict = await EmbeddedCluster.start({ config: { 'log.cleaner.min.compaction.lag.ms': 6 } })
    expect(() => strict.createTopic({ topic: 'made', configs: most })).toThrow(
      'min.compaction.lag.ms (6) > max.compaction.lag.ms (5)',
    )
    strict.createTopic({ topic: 'made', configs: { 'max.compaction.lag.ms': '6' } })
  })

  test('are deleted by name and by id', async () => {
    cluster.createTopic({ topic: 'payments' })
    const told = await connection.request(Metadata, 12, about(['payments']))
    const topicId = told.topics[0]?.topicId ?? ''
    const { responses } = await connection.request(DeleteTopics, 6, {
      topics: [
        { name: 'orders', topicId: ZERO_UUID },
        { name: null, topicId },
        { name: 'nowhere', topicId: ZERO_UUID },
      ],
      topicNames: [],
      timeoutMs: 1_000,
    })
    expect(responses.map(({ name, errorCode }) => [name, errorCode])).toEqual([
      ['orders', 0],
      ['payments', 0],
      ['nowhere', ErrorCode.UNKNOWN_TOPIC_OR_PARTITION],
    ])
    expect((await connection.request(Metadata, 12, about(null))).topics).toEqual([])
  })

  test('show their configuration and where it comes from', async () => {
    cluster.createTopic({ topic: 'compacted', configs: { 'cleanup.policy': 'compact' } })
    const { results } = await connection.request(DescribeConfigs, 4, {
      resources: [
        {
          resourceType: TOPIC_RESOURCE,
          resourceName: 'compacted',
          configurationKeys: ['cleanup.policy', 'retention.ms'],
        },
        { resourceType: TOPIC_RESOURCE, resourceName: 'nowhere', configurationKeys: null },
      ],
      includeSynonyms: false,
      includeDocumentation: false,
    })
    expect(results[0]?.configs.map(({ name, value, configSource }) => [name, value, configSource])).toEqual([
      ['cleanup.policy', 'compact', 1],
      ['retention.ms', '604800000', 5],
    ])
    expect(results[1]).toMatchObject({ errorCode: ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, configs: [] })
  })

  test('lose the records before an offset by DeleteRecords', async () => {
    await produceOne(connection, recordBatch(numbered(4)))
    const { topics } = await connection.request(DeleteRecords, 2, {
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, offset: 3n }] }],
      timeoutMs: 1_000,
    })
    expect(topics[0]?.partitions[0]).toMatchObject({ errorCode: ErrorCode.NONE, lowWatermark: 3n })
    expect(cluster.records('orders').map(({ offset }) => offset)).toEqual([3n])
  })
})
