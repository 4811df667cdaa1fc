// The rules R1 to R16 are in docs/rules.md.

import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { codecs } from '../../../../src/environment/codecs.js'
import type { Batch } from '../../../../src/producer/accumulator/batch.js'
import type { DrainedBatch, Partition } from '../../../../src/producer/accumulator/partition.js'
import { ProduceExchange } from '../../../../src/producer/sender/produce-exchange.js'
import { ErrorCode } from '../../../../src/protocol/error-codes.js'
import type { ProducePartitionResult, ProduceResponse } from '../../../../src/protocol/produce.js'
import { ZERO_UUID } from '../../../../src/protocol/uuid.js'

const ID_A = '00000000-0000-0000-0000-00000000000a'
const ID_B = '00000000-0000-0000-0000-00000000000b'

interface Topic {
  readonly name: string
  metadata: { topicId: string }
}

function drained(topic: Topic, index: number): DrainedBatch {
  const wire = Buffer.from(`${topic.name}-${index}`)
  const partition = { topic, index } as unknown as Partition
  return { partition, batch: { state: { kind: 'in flight', wire, nodeId: 1 } } as unknown as Batch }
}

function result(index: number, baseOffset: bigint): ProducePartitionResult {
  return {
    index,
    errorCode: ErrorCode.NONE,
    baseOffset,
    logAppendTimeMs: -1n,
    logStartOffset: -1n,
    recordErrors: [],
    errorMessage: null,
    currentLeader: null,
  }
}

function response(
  ...topics: (readonly [name: string, topicId: string, ...ProducePartitionResult[]])[]
): ProduceResponse {
  return {
    topics: topics.map(([name, topicId, ...partitions]) => ({ name, topicId, partitions })),
    throttleTimeMs: 0,
    nodeEndpoints: [],
  }
}

function exchange(topicIdOfB: string = ID_B): { exchange: ProduceExchange; a: Topic; b: Topic } {
  const a = { name: 'a', metadata: { topicId: ID_A } }
  const b = { name: 'b', metadata: { topicId: topicIdOfB } }
  const batches = [drained(a, 0), drained(b, 0), drained(a, 2)]
  return {
    exchange: new ProduceExchange(batches, {
      acks: -1,
      requestTimeoutMs: 30_000,
      transactionalId: null,
      codec: codecs.none,
    }),
    a,
    b,
  }
}

const offsets = (results: (ProducePartitionResult | undefined)[]): (bigint | undefined)[] =>
  results.map((one) => one?.baseOffset)

describe('ProduceExchange', () => {
  it('groups the batches by topic, each by reference', () => {
    const { exchange: made } = exchange()
    expect(made.request).toMatchObject({ transactionalId: null, acks: -1, timeoutMs: 30_000 })
    expect(
      made.request.topics.map(({ name, topicId, partitions }) => [
        name,
        topicId,
        partitions.map(({ index }) => index),
      ]),
    ).toEqual([
      ['a', ID_A, [0, 2]],
      ['b', ID_B, [0]],
    ])
    expect(made.request.topics[0]?.partitions[1]?.records?.toString()).toBe('a-2')
    expect(made.requestOptions).toEqual({ atLeast: 0 })
  })

  it('needs a version that has its codec', () => {
    const options = { acks: -1, requestTimeoutMs: 30_000, transactionalId: null, codec: codecs.zstd }
    expect(new ProduceExchange([], options).requestOptions).toEqual({ atLeast: 7 })
  })

  it('needs a version with topic names when one topic has no id', () => {
    expect(exchange(ZERO_UUID).exchange.requestOptions).toEqual({ atLeast: 0, atMost: 12 })
  })

  it('finds each result by name, in any order', () => {
    const { exchange: made } = exchange()
    const answer = response(['b', ZERO_UUID, result(0, 3n)], ['a', ZERO_UUID, result(2, 2n), result(0, 1n)])
    expect(offsets(made.match(answer))).toEqual([1n, 3n, 2n])
  })

  it('finds each result by the topic id that the request had', () => {
    const { exchange: made, a } = exchange()
    a.metadata = { topicId: '00000000-0000-0000-0000-00000000000c' }
    const answer = response(
      ['', ID_A, result(0, 1n), result(2, 2n)],
      ['', a.metadata.topicId, result(0, 9n)],
      ['', ID_B, result(0, 3n)],
    )
    expect(offsets(made.match(answer))).toEqual([1n, 3n, 2n])
  })

  it('R16: accepts missing partitions, takes the first of two results, and ignores those of other partitions', () => {
    const { exchange: made } = exchange()
    const answer = response(
      ['a', ZERO_UUID, result(0, 1n), result(0, 7n), result(-1, 8n), result(9, 9n)],
      ['a', ZERO_UUID, result(0, 6n)],
      ['elsewhere', ZERO_UUID, result(0, 5n)],
      ['', ZERO_UUID, result(2, 4n)],
    )
    expect(offsets(made.match(answer))).toEqual([1n, undefined, undefined])
  })

  it('R16: tells partitions of two topics apart, whatever the names of the topics', () => {
    const topic = { name: 'a-', metadata: { topicId: ID_A } }
    const made = new ProduceExchange([drained(topic, 2)], {
      acks: -1,
      requestTimeoutMs: 30_000,
      transactionalId: null,
      codec: codecs.none,
    })
    const answer = response(['a', ZERO_UUID, result(-2, 9n)], ['a-', ZERO_UUID, result(2, 1n)])
    expect(offsets(made.match(answer))).toEqual([1n])
  })
})
