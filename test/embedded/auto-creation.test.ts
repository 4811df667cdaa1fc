import { afterEach, describe, expect, test } from 'vitest'
import { Producer } from '../../src/index.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { Metadata } from '../../src/protocol/metadata.js'
import { ZERO_UUID } from '../../src/protocol/uuid.js'
import { type AutoCreation, EmbeddedCluster } from '../../src/testing/index.js'
import { RawConnection } from '../support/raw-connection.js'

let cluster: EmbeddedCluster

async function start(autoCreation?: AutoCreation, config: Record<string, boolean> = {}): Promise<void> {
  cluster = await EmbeddedCluster.start({ brokers: 3, config, autoCreation })
}

afterEach(() => cluster.close())

/** Error code and number of partitions in the first two Metadata responses about a new topic. */
async function answersAbout(topic: string, allowAutoTopicCreation = true): Promise<[number, number][]> {
  const connection = await RawConnection.openAt(cluster.bootstrapServers)
  const answers: [number, number][] = []
  for (let i = 0; i < 2; i++) {
    const { topics } = await connection.request(Metadata, 12, {
      topics: [{ name: topic, topicId: ZERO_UUID }],
      allowAutoTopicCreation,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    })
    for (const { errorCode, partitions } of topics) answers.push([errorCode, partitions.length])
  }
  await connection.close()
  return answers
}

/** The Metadata and Produce requests of a producer that sends one record to a new topic. */
async function requestsOfFirstSend(): Promise<string[]> {
  const producer = new Producer({ bootstrapServers: cluster.bootstrapServers, retryBackoffMs: 1 })
  await producer.send({ topic: 'fresh', value: 'first' })
  await producer.close()
  return cluster
    .requests()
    .map(({ api }) => api)
    .filter((api) => api === 'Metadata' || api === 'Produce')
}

const UNKNOWN = [ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, 0]

describe('an automatically created topic', () => {
  test('is in the Metadata response that creates it', async () => {
    await start()
    expect(await answersAbout('fresh')).toEqual([
      [ErrorCode.NONE, 1],
      [ErrorCode.NONE, 1],
    ])
  })

  test('costs a producer one Metadata request, and no backoff', async () => {
    await start()
    expect(await requestsOfFirstSend()).toEqual(['Metadata', 'Produce'])
    expect(cluster.records('fresh').map(({ value }) => value?.toString())).toEqual(['first'])
  })

  test('is not in the first response as-kafka', async () => {
    await start('as-kafka')
    expect(await answersAbout('fresh')).toEqual([UNKNOWN, [ErrorCode.NONE, 1]])
  })

  test('costs a producer two Metadata requests as-kafka', async () => {
    await start('as-kafka')
    expect(await requestsOfFirstSend()).toEqual(['Metadata', 'Metadata', 'Produce'])
  })

  test.each<AutoCreation>(['immediate', 'as-kafka'])(
    'is not created if the client or the brokers forbid it: %s',
    async (autoCreation) => {
      await start(autoCreation)
      expect(await answersAbout('fresh', false)).toEqual([UNKNOWN, UNKNOWN])
      await cluster.close()
      await start(autoCreation, { 'auto.create.topics.enable': false })
      expect(await answersAbout('fresh')).toEqual([UNKNOWN, UNKNOWN])
    },
  )

  test.each<AutoCreation>(['immediate', 'as-kafka'])(
    'is refused for an invalid or colliding name: %s',
    async (autoCreation) => {
      await start(autoCreation)
      cluster.createTopic('a.b')
      for (const name of ['a b', '..', 'a_b']) {
        expect((await answersAbout(name))[0]).toEqual([ErrorCode.INVALID_TOPIC_EXCEPTION, 0])
      }
    },
  )
})
