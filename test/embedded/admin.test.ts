import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Admin } from '../../src/admin/admin.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { TOPIC_SETTINGS } from '../../src/testing/topic-settings.js'

let cluster: EmbeddedCluster
let admin: Admin

beforeEach(async () => {
  cluster = await EmbeddedCluster.start({ brokers: 3 })
  admin = new Admin({ bootstrapServers: cluster.bootstrapServers, ...backoff })
})

afterEach(async () => {
  await admin.close()
  await cluster.close()
})

const backoff = { retryBackoffMs: 1, retryBackoffMaxMs: 2, reconnectBackoffMs: 1, reconnectBackoffMaxMs: 2 }
const asked = (api: string) => cluster.requests().filter((request) => request.api === api).length

describe('createTopics', () => {
  it('has one outcome per topic, in the order of the argument', async () => {
    cluster.createTopic({ topic: 'there' })
    const outcomes = await admin.createTopics([
      { topic: 'plain' },
      { topic: 'there' },
      { topic: 'shaped', numPartitions: 4, replicationFactor: 2, configs: { 'cleanup.policy': 'compact' } },
      {
        topic: 'placed',
        assignments: [
          [3, 1],
          [2, 3],
        ],
      },
      { topic: 'too-wide', replicationFactor: 9 },
      { topic: 'no-such-setting', configs: { 'cleanup.polcy': 'compact' } },
      { topic: 'not/a/name' },
      { topic: 'none', numPartitions: 0 },
    ])
    expect(outcomes).toMatchObject([
      { topic: 'plain', status: 'fulfilled', numPartitions: 1, replicationFactor: 3 },
      {
        topic: 'there',
        status: 'rejected',
        error: { code: 'TOPIC_ALREADY_EXISTS', possiblyPersisted: false },
      },
      { topic: 'shaped', status: 'fulfilled', numPartitions: 4, replicationFactor: 2 },
      { topic: 'placed', status: 'fulfilled', numPartitions: 2, replicationFactor: 2 },
      { topic: 'too-wide', status: 'rejected', error: { code: 'INVALID_REPLICATION_FACTOR' } },
      { topic: 'no-such-setting', status: 'rejected', error: { code: 'INVALID_CONFIG' } },
      { topic: 'not/a/name', status: 'rejected', error: { name: 'InvalidTopicError' } },
      { topic: 'none', status: 'rejected', error: { code: 'INVALID_REQUEST' } },
    ])
    expect(cluster.leaderOf('placed', 0)).toBe(3)
  })

  it('takes undefined as left out', async () => {
    const configs = { 'cleanup.policy': undefined, 'retention.ms': 5 }
    const [outcome] = await admin.createTopics(
      [
        {
          topic: 'a',
          numPartitions: undefined,
          replicationFactor: undefined,
          assignments: undefined,
          configs,
        },
      ],
      { timeoutMs: undefined, validateOnly: undefined },
    )
    expect(outcome).toMatchObject({ status: 'fulfilled', numPartitions: 1, replicationFactor: 3 })
    expect(await admin.describeTopics(['a'])).toMatchObject([
      {
        configs: expect.arrayContaining([
          expect.objectContaining({ name: 'cleanup.policy', value: 'delete', source: 'default' }),
          expect.objectContaining({ name: 'retention.ms', value: '5', source: 'topic' }),
        ]),
      },
    ])
  })

  it('creates nothing with validateOnly', async () => {
    const outcomes = await admin.createTopics([{ topic: 'a' }], { validateOnly: true })
    expect(outcomes).toMatchObject([{ status: 'fulfilled', topicId: null }])
    expect(await admin.listTopics()).toEqual([])
  })

  it('sends no request without topics, and refuses a topic that is named twice', async () => {
    expect(await admin.createTopics([])).toEqual([])
    expect(cluster.requests()).toEqual([])
    const outcomes = await admin.createTopics([{ topic: 'a' }, { topic: 'a', numPartitions: 2 }])
    expect(outcomes).toMatchObject([
      { error: { code: 'INVALID_REQUEST' } },
      { error: { code: 'INVALID_REQUEST' } },
    ])
    expect(asked('CreateTopics')).toBe(0)
  })

  it('retries topics with a retriable error, and no others', async () => {
    cluster.failRequests({ api: 'CreateTopics', topic: 'a', times: 2 }, 'NOT_CONTROLLER')
    const outcomes = await admin.createTopics([{ topic: 'a' }, { topic: 'b' }])
    expect(outcomes).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }])
    expect(asked('CreateTopics')).toBe(3)
  })

  it('says that its own first attempt may have created the topic when the response was lost', async () => {
    cluster.dropAnswers({ api: 'CreateTopics' })
    const [outcome] = await admin.createTopics([{ topic: 'a' }])
    expect(outcome).toMatchObject({
      status: 'rejected',
      error: { code: 'TOPIC_ALREADY_EXISTS', attempts: 2, possiblyPersisted: true },
    })
  })

  it('gives up at its time limit, with the last error', async () => {
    cluster.failRequests({ api: 'CreateTopics', times: 1_000_000 }, 'NOT_CONTROLLER')
    const [outcome] = await admin.createTopics([{ topic: 'a' }], { timeoutMs: 60 })
    expect(outcome).toMatchObject({ status: 'rejected', error: { name: 'TimeoutError', phase: 'request' } })
    expect(outcome).toHaveProperty('error.message', expect.stringContaining('NOT_CONTROLLER'))
    expect(outcome).toHaveProperty('error.cause.code', 'NOT_CONTROLLER')
  })

  it('goes on with another broker when the controller is down', async () => {
    await admin.describeCluster()
    await cluster.stopBroker(1)
    expect(await admin.createTopics([{ topic: 'a' }])).toMatchObject([{ status: 'fulfilled' }])
  })
})

describe('deleteTopics and createPartitions', () => {
  it.each([[[1, 3]], [[6, 6]]] as const)('delete by name with versions %j', async (versions) => {
    cluster.limitVersions('DeleteTopics', versions)
    cluster.createTopic({ topic: 'a' })
    cluster.createTopic({ topic: 'c' })
    const outcomes = await admin.deleteTopics(['a', 'b', 'c'])
    expect(outcomes).toMatchObject([
      { topic: 'a', status: 'fulfilled' },
      { topic: 'b', status: 'rejected', error: { code: 'UNKNOWN_TOPIC_OR_PARTITION' } },
      { topic: 'c', status: 'fulfilled' },
    ])
    expect(await admin.listTopics()).toEqual([])
  })

  it('raise the number of partitions', async () => {
    cluster.createTopic({ topic: 'a', numPartitions: 2, replicationFactor: 1 })
    const outcomes = await admin.createPartitions([
      { topic: 'a', totalCount: 4, assignments: [[3], [1]] },
      { topic: 'b', totalCount: 4 },
    ])
    expect(outcomes).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', error: { code: 'UNKNOWN_TOPIC_OR_PARTITION' } },
    ])
    expect(cluster.leaderOf('a', 2)).toBe(3)
    expect(await admin.createPartitions([{ topic: 'a', totalCount: 4 }])).toMatchObject([
      { status: 'rejected', error: { code: 'INVALID_PARTITIONS' } },
    ])
  })
})

describe('describing', () => {
  it('gives the partitions and settings of each topic, and creates none', async () => {
    cluster.createTopic({
      topic: 'a',
      numPartitions: 3,
      replicationFactor: 2,
      configs: { 'retention.ms': '5' },
    })
    const [a, missing] = await admin.describeTopics(['a', 'missing'])
    expect(a).toMatchObject({
      topic: 'a',
      status: 'fulfilled',
      isInternal: false,
      partitions: [
        { partition: 0, leader: 1, replicas: [1, 2], inSyncReplicas: [1, 2], offlineReplicas: [] },
        { partition: 1, leader: 2 },
        { partition: 2, leader: 3 },
      ],
      configs: expect.arrayContaining([
        { name: 'retention.ms', value: '5', source: 'topic', readOnly: false, isSensitive: false },
        { name: 'cleanup.policy', value: 'delete', source: 'default', readOnly: false, isSensitive: false },
      ]),
    })
    expect(missing).toMatchObject({ topic: 'missing', error: { code: 'UNKNOWN_TOPIC_OR_PARTITION' } })
    expect((await admin.listTopics()).map(({ topic }) => topic)).toEqual(['a'])
  })

  it('leaves out settings that the principal may not see', async () => {
    cluster.createTopic({ topic: 'a' })
    cluster.failRequests({ api: 'DescribeConfigs' }, 'TOPIC_AUTHORIZATION_FAILED')
    expect(await admin.describeTopics(['a'])).toMatchObject([{ status: 'fulfilled', configs: null }])
  })

  it('asks about many topics in pieces, and in smaller pieces if a response is larger than the limit', async () => {
    const topics = Array.from({ length: 60 }, (_, i) => `topic-${i}`)
    for (const topic of topics) cluster.createTopic({ topic, numPartitions: 4 })
    cluster.createTopic({ topic: 'wide', numPartitions: 300 })
    await using small = new Admin({
      bootstrapServers: cluster.bootstrapServers,
      maxResponseBytes: 6_000,
      ...backoff,
    })
    const outcomes = await small.describeTopics([...topics, 'missing', 'wide'])
    expect(outcomes.map(({ topic, status }) => [topic, status])).toEqual([
      ...topics.map((topic) => [topic, 'fulfilled']),
      ['missing', 'rejected'],
      ['wide', 'rejected'],
    ])
    expect(outcomes[7]).toMatchObject({
      topic: 'topic-7',
      partitions: { length: 4 },
      configs: { length: TOPIC_SETTINGS.size },
    })
    expect(outcomes[60]).toHaveProperty('error.code', 'UNKNOWN_TOPIC_OR_PARTITION')
    expect(outcomes[61]).toMatchObject({ error: { name: 'ProtocolError', code: 'RESPONSE_TOO_LARGE' } })
  })

  it('does not repeat a request whose response is larger than the limit', async () => {
    cluster.createTopic({ topic: 'wide', numPartitions: 300 })
    await using small = new Admin({
      bootstrapServers: cluster.bootstrapServers,
      maxResponseBytes: 6_000,
      ...backoff,
    })
    await small.describeCluster()
    cluster.clearRequests()
    await expect(small.listTopics()).rejects.toMatchObject({
      name: 'ProtocolError',
      code: 'RESPONSE_TOO_LARGE',
      retriable: false,
      attempts: 1,
      message: expect.stringMatching(
        /^Metadata did not succeed: broker .* sent a response of \d+ bytes, more than the 6000 of maxResponseBytes: raise it$/,
      ),
    })
    expect(asked('Metadata')).toBe(1)
    // The connection was closed because of it. The next call makes another.
    expect((await small.describeCluster()).brokers).toHaveLength(3)
  })

  it('gives the cluster and its brokers', async () => {
    const { brokers, clusterId, controllerId } = await admin.describeCluster()
    expect(brokers.map(({ nodeId }) => nodeId)).toEqual([1, 2, 3])
    expect(brokers.map(({ host, port }) => `${host}:${port}`).join()).toBe(cluster.bootstrapServers)
    expect(clusterId).toMatch(/^[\w-]{22}$/)
    expect([1, 2, 3]).toContain(controllerId)
  })
})

describe('an admin', () => {
  it('opens no connection before its first call', async () => {
    expect(cluster.requests()).toEqual([])
    await admin.listTopics()
    expect(asked('Metadata')).toBeGreaterThan(0)
  })

  it('reports for each topic that no broker can be reached, and rejects calls without topics', async () => {
    await cluster.close()
    const [outcome] = await admin.createTopics([{ topic: 'a' }], { timeoutMs: 50 })
    expect(outcome).toMatchObject({ status: 'rejected', error: { name: 'TimeoutError' } })
    await expect(admin.listTopics({ timeoutMs: 50 })).rejects.toMatchObject({ name: 'TimeoutError' })
  })

  it('that is closed ends calls in progress and refuses new ones', async () => {
    cluster.ignoreRequests({ api: 'CreateTopics' })
    const call = admin.createTopics([{ topic: 'a' }])
    const refusal = expect(call).rejects.toMatchObject({ code: 'ADMIN_CLOSED' })
    while (asked('CreateTopics') === 0) await new Promise((resolve) => setImmediate(resolve))
    await admin.close()
    await refusal
    await expect(admin.listTopics()).rejects.toMatchObject({ code: 'ADMIN_CLOSED' })
    await expect(admin.deleteTopics(['a'])).rejects.toMatchObject({ code: 'ADMIN_CLOSED' })
    await admin[Symbol.asyncDispose]()
  })
})
