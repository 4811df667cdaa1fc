import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ApiVersions, decodeApiVersionsResponse } from '../../src/protocol/api-versions.js'
import {
  AclOperation,
  CLUSTER_OPERATIONS,
  TOPIC_OPERATIONS,
} from '../../src/protocol/authorized-operations.js'
import { DescribeCluster } from '../../src/protocol/describe-cluster.js'
import { BROKER_RESOURCE, DescribeConfigs } from '../../src/protocol/describe-configs.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { FindCoordinator } from '../../src/protocol/find-coordinator.js'
import { encodeRequest } from '../../src/protocol/frame.js'
import { InitProducerId } from '../../src/protocol/init-producer-id.js'
import { Metadata, type MetadataRequest } from '../../src/protocol/metadata.js'
import { Produce } from '../../src/protocol/produce.js'
import { ZERO_UUID } from '../../src/protocol/uuid.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { produceOne, produceRequest } from '../support/produce-request.js'
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

describe('Metadata', () => {
  test.each([4, 5, 6, 7, 8, 9, 10, 11, 12, 13])(
    'v%i tells brokers, topics and partitions',
    async (version) => {
      const answer = await connection.request(Metadata, version, about(['orders']))
      expect(answer.brokers.map(({ nodeId, host }) => [nodeId, host])).toEqual([
        [1, '127.0.0.1'],
        [2, '127.0.0.1'],
        [3, '127.0.0.1'],
      ])
      expect(answer.brokers.map(({ port }) => `127.0.0.1:${port}`).join(',')).toBe(cluster.bootstrapServers)
      expect(answer.controllerId).toBe(1)
      expect(answer.topics[0]).toMatchObject({
        errorCode: ErrorCode.NONE,
        name: 'orders',
        partitions: [
          {
            errorCode: ErrorCode.NONE,
            partitionIndex: 0,
            leaderId: 1,
            replicaNodes: [1, 2, 3],
            isrNodes: [1, 2, 3],
          },
          { errorCode: ErrorCode.NONE, partitionIndex: 1, leaderId: 2, replicaNodes: [2, 3, 1] },
        ],
      })
    },
  )

  test('tells of all topics, of none, and of one by its id', async () => {
    cluster.createTopic({ topic: 'payments' })
    const all = await connection.request(Metadata, 12, about(null))
    expect(all.topics.map(({ name }) => name)).toEqual(['orders', 'payments'])
    expect((await connection.request(Metadata, 12, about([]))).topics).toEqual([])
    const topicId = all.topics[0]?.topicId ?? ''
    const byId = await connection.request(Metadata, 12, { ...about([]), topics: [{ name: null, topicId }] })
    expect(byId.topics[0]).toMatchObject({ errorCode: ErrorCode.NONE, name: 'orders', topicId })
    const unknown = { name: null, topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' }
    const nobody = await connection.request(Metadata, 12, { ...about([]), topics: [unknown] })
    expect(nobody.topics[0]).toMatchObject({ errorCode: ErrorCode.UNKNOWN_TOPIC_ID, name: null })
  })

  test.each(['', '.', '..', 'a b', 'ü', 'x'.repeat(250)])('refuses the name %j', async (name) => {
    const { topics } = await connection.request(Metadata, 9, about([name], true))
    expect(topics[0]?.errorCode).toBe(ErrorCode.INVALID_TOPIC_EXCEPTION)
  })

  test('leaves out a broker that is down and tells who leads instead', async () => {
    await cluster.stopBroker(2)
    const { brokers, topics } = await connection.request(Metadata, 9, about(['orders']))
    expect(brokers.map(({ nodeId }) => nodeId)).toEqual([1, 3])
    expect(topics[0]?.partitions[1]).toMatchObject({
      leaderId: 3,
      leaderEpoch: 1,
      isrNodes: [3, 1],
      offlineReplicas: [2],
    })
    await cluster.startBroker(2)
    const later = await connection.request(Metadata, 9, about(['orders']))
    expect(later.brokers).toHaveLength(3)
    expect(later.topics[0]?.partitions[1]).toMatchObject({ leaderId: 3, isrNodes: [3, 1, 2] })
  })

  test('tells of a partition without leader', async () => {
    cluster.createTopic({ topic: 'alone', assignments: [[2]] })
    await cluster.stopBroker(2)
    const { topics } = await connection.request(Metadata, 9, about(['alone']))
    expect(topics[0]?.partitions[0]).toMatchObject({
      errorCode: ErrorCode.LEADER_NOT_AVAILABLE,
      leaderId: -1,
      isrNodes: [2],
    })
    await cluster.startBroker(2)
    const later = await connection.request(Metadata, 9, about(['alone']))
    expect(later.topics[0]?.partitions[0]).toMatchObject({
      errorCode: ErrorCode.NONE,
      leaderId: 2,
      leaderEpoch: 2,
    })
  })
})

describe('ApiVersions', () => {
  const software = {
    clientSoftwareName: 'odradek',
    clientSoftwareVersion: '1.0',
    clusterId: null,
    nodeId: -1,
  }

  test.each([0, 1, 2, 3, 4, 5])('v%i tells what is served', async (version) => {
    const { errorCode, apiKeys } = await connection.request(ApiVersions, version, software)
    expect(errorCode).toBe(ErrorCode.NONE)
    expect(apiKeys).toContainEqual({ apiKey: 0, minVersion: 0, maxVersion: 13 })
    expect(apiKeys).toContainEqual({ apiKey: 3, minVersion: 4, maxVersion: 13 })
    expect(apiKeys.map(({ apiKey }) => apiKey)).toEqual(
      apiKeys.map(({ apiKey }) => apiKey).sort((a, b) => a - b),
    )
  })

  test('answers a version of the future in v0', async () => {
    const [bytes] = [Buffer.concat(encodeRequest(ApiVersions, 4, 77, 'test', software))]
    bytes.writeInt16BE(9, 6)
    connection.write(bytes)
    const frame = await connection.nextFrame()
    const answer = decodeApiVersionsResponse(9, frame ?? Buffer.alloc(0))
    expect(answer.errorCode).toBe(ErrorCode.UNSUPPORTED_VERSION)
    expect(answer.apiKeys).toEqual([{ apiKey: 18, minVersion: 0, maxVersion: 5 }])
    expect((await connection.request(ApiVersions, 4, software)).errorCode).toBe(ErrorCode.NONE)
  })

  test('v5 refuses a client that expects another broker or another cluster', async () => {
    const { clusterId } = await connection.request(Metadata, 9, about([]))
    const errorFor = async (expected: object, version = 5) =>
      (await connection.request(ApiVersions, version, { ...software, ...expected })).errorCode
    expect(await errorFor({ clusterId, nodeId: 1 })).toBe(ErrorCode.NONE)
    expect(await errorFor({ clusterId, nodeId: 2 })).toBe(ErrorCode.REBOOTSTRAP_REQUIRED)
    expect(await errorFor({ clusterId: 'another', nodeId: 1 })).toBe(ErrorCode.REBOOTSTRAP_REQUIRED)
    expect(await errorFor({ clusterId, nodeId: -1 })).toBe(ErrorCode.INVALID_REQUEST)
    expect(await errorFor({ clusterId: null, nodeId: 1 })).toBe(ErrorCode.INVALID_REQUEST)
    expect(await errorFor({ clusterId: 'another', nodeId: 2 }, 4)).toBe(ErrorCode.NONE)
  })

  test('refuses a client name that Kafka refuses', async () => {
    const answer = await connection.request(ApiVersions, 3, { ...software, clientSoftwareName: 'a b' })
    expect(answer.errorCode).toBe(ErrorCode.INVALID_REQUEST)
  })

  test('tells the limits that were set, and other versions end the connection', async () => {
    cluster.limitVersions('Produce', [3, 7])
    const { apiKeys } = await connection.request(ApiVersions, 3, software)
    expect(apiKeys).toContainEqual({ apiKey: 0, minVersion: 3, maxVersion: 7 })
    const batch = recordBatch(numbered(1))
    expect(await produceOne(connection, batch, { version: 7 })).toMatchObject({ errorCode: ErrorCode.NONE })
    connection.send(Produce, 8, produceRequest(batch))
    expect(await connection.nextFrame()).toBeNull()
    expect(cluster.events().at(-1)?.message).toMatch(/Produce request of version 8/)
  })
})

describe('what cannot be read ends the connection', () => {
  const cases: readonly (readonly [string, Buffer, RegExp])[] = [
    ['a size of 0', Buffer.from([0, 0, 0, 0]), /request of 0 bytes/],
    ['a negative size', Buffer.from([255, 255, 255, 255]), /request of -1 bytes/],
    ['a size beyond the limit', Buffer.from([127, 0, 0, 0]), /request of \d+ bytes/],
    ['an unknown API', Buffer.from([0, 0, 0, 10, 0, 99, 0, 0, 0, 0, 0, 1, 255, 255]), /API key 99/],
    ['a header cut off', Buffer.from([0, 0, 0, 4, 0, 3, 0, 9]), /int32/],
    ['a body cut off', Buffer.from([0, 0, 0, 10, 0, 3, 0, 4, 0, 0, 0, 1, 255, 255]), /Metadata v4/],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), /request of \d+ bytes/],
  ]
  test.each(cases)('%s', async (_, bytes, event) => {
    connection.write(bytes)
    expect(await connection.nextFrame()).toBeNull()
    expect(cluster.events().at(-1)?.message).toMatch(event)
  })
})

describe('InitProducerId', () => {
  const nobody = { transactionalId: null, transactionTimeoutMs: 60_000, producerId: -1n, producerEpoch: -1 }

  test.each([0, 1, 2, 3, 4, 5])('v%i gives a new id each time', async (version) => {
    const first = await connection.request(InitProducerId, version, nobody)
    const second = await connection.request(InitProducerId, version, nobody)
    expect(first).toMatchObject({ errorCode: ErrorCode.NONE, producerEpoch: 0 })
    expect(second.producerId).toBeGreaterThan(first.producerId)
  })

  test('gives a new id to an idempotent producer that names its own', async () => {
    const first = await connection.request(InitProducerId, 4, nobody)
    const again = { ...nobody, producerId: first.producerId, producerEpoch: 3 }
    const second = await connection.request(InitProducerId, 4, again)
    expect(second).toMatchObject({ errorCode: ErrorCode.NONE, producerEpoch: 0 })
    expect(second.producerId).not.toBe(first.producerId)
  })

  test('refuses half an identity, and starts at another epoch when told to', async () => {
    const half = await connection.request(InitProducerId, 4, { ...nobody, producerId: 4n })
    expect(half).toMatchObject({ errorCode: ErrorCode.INVALID_REQUEST, producerId: -1n })
    cluster.startProducerEpochsAt(32_766)
    expect((await connection.request(InitProducerId, 4, nobody)).producerEpoch).toBe(32_766)
  })
})

test('Metadata, DescribeCluster and DescribeConfigs tell rights and settings as Kafka does', async () => {
  const ask = async () => {
    const request = { ...about(['orders']), includeTopicAuthorizedOperations: true }
    const [topic] = (await connection.request(Metadata, 12, request)).topics
    const { clusterAuthorizedOperations } = await connection.request(DescribeCluster, 2, {
      includeClusterAuthorizedOperations: true,
      endpointType: 1,
      includeFencedBrokers: false,
    })
    return [topic?.topicAuthorizedOperations, clusterAuthorizedOperations]
  }
  expect(await ask()).toEqual([TOPIC_OPERATIONS, CLUSTER_OPERATIONS])
  const [write, create] = [1 << AclOperation.WRITE, 1 << AclOperation.CREATE]
  cluster.intercept({ deniedOperations: (_, topic) => (topic === 'orders' ? write : create) })
  cluster.intercept({ deniedOperations: () => undefined })
  expect(await ask()).toEqual([TOPIC_OPERATIONS - write, CLUSTER_OPERATIONS - create])

  const { results } = await connection.request(DescribeConfigs, 4, {
    resources: ['1', '2'].map((resourceName) => ({
      resourceType: BROKER_RESOURCE,
      resourceName,
      configurationKeys: ['advertised.listeners'],
    })),
    includeSynonyms: false,
    includeDocumentation: false,
  })
  const address = cluster.bootstrapServers.split(',')[0]
  expect(results.map(({ errorCode, configs }) => [errorCode, configs.map(({ value }) => value)])).toEqual([
    [ErrorCode.NONE, [`EXTERNAL://${address}`]],
    [ErrorCode.INVALID_REQUEST, []],
  ])
})

test('DescribeCluster and FindCoordinator name the brokers', async () => {
  const described = await connection.request(DescribeCluster, 2, {
    includeClusterAuthorizedOperations: false,
    endpointType: 1,
    includeFencedBrokers: false,
  })
  expect(described.brokers.map(({ brokerId }) => brokerId)).toEqual([1, 2, 3])
  const found = await connection.request(FindCoordinator, 4, {
    key: '',
    keyType: 0,
    coordinatorKeys: ['group'],
  })
  expect(found.coordinators[0]).toMatchObject({ key: 'group', nodeId: 1, errorCode: ErrorCode.NONE })
})

describe('start', () => {
  test('refuses what it does not know, by name', async () => {
    await expect(EmbeddedCluster.start({ config: { 'num.partition': 1 } })).rejects.toThrow(/num\.partition /)
    await expect(EmbeddedCluster.start({ config: { 'num.partitions': 'x' } })).rejects.toThrow(/whole number/)
    await expect(EmbeddedCluster.start({ brokers: 0 })).rejects.toThrow(/brokers is 0/)
    await expect(EmbeddedCluster.start({ topics: ['a b'] })).rejects.toMatchObject({
      code: 'INVALID_TOPIC_EXCEPTION',
    })
  })

  test('takes consecutive ports from the one it is given', async () => {
    const free = await EmbeddedCluster.start()
    const port = Number(free.bootstrapServers.split(':')[1])
    await free.close()
    const fixed = await EmbeddedCluster.start({ port })
    expect(fixed.bootstrapServers).toBe(`127.0.0.1:${port}`)
    await expect(EmbeddedCluster.start({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await fixed.close()
  })

  test('is ended by `await using`, and close may be called again', async () => {
    let kept: EmbeddedCluster
    {
      await using own = await EmbeddedCluster.start()
      kept = own
      const there = await RawConnection.openAt(own.bootstrapServers)
      await there.close()
    }
    await expect(RawConnection.openAt(kept.bootstrapServers)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    await kept.close()
  })
})
