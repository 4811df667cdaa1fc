// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { mergeTopic, UnusableTopic } from '../../../../src/network/metadata/topic-merge.js'
import type { TopicMetadata } from '../../../../src/network/metadata/topic-metadata.js'
import type { MetadataTopic } from '../../../../src/protocol/metadata.js'
import { ZERO_UUID } from '../../../../src/protocol/uuid.js'
import { metadataTopic } from '../../../support/fake-broker.js'

const idA = 'AAAAAAAAAAAAAAAAAAAAAA'.replace(/A$/, 'Q')
const idB = 'AAAAAAAAAAAAAAAAAAAAAA'.replace(/A$/, 'g')

function merge(known: TopicMetadata | undefined, received: MetadataTopic): TopicMetadata {
  const merged = mergeTopic(known, 't', received)
  if (merged instanceof UnusableTopic) throw new Error(merged.reason)
  return merged
}

function only(topic: MetadataTopic, ...indexes: number[]): MetadataTopic {
  return { ...topic, partitions: topic.partitions.filter((_, i) => indexes.includes(i)) }
}

const leaders = (topic: TopicMetadata): number[] => topic.partitions.map(({ leaderId }) => leaderId)

describe('mergeTopic', () => {
  it('keeps every object that did not change, the topic included', () => {
    const known = merge(undefined, metadataTopic('t', idA, [1, 2, 3], 5))
    expect(merge(known, metadataTopic('t', idA, [1, 2, 3], 5))).toBe(known)
    const moved = merge(known, metadataTopic('t', idA, [1, 9, 3], 5))
    expect(moved).not.toBe(known)
    expect(leaders(moved)).toEqual([1, 9, 3])
    expect(moved.partitions[0]).toBe(known.partitions[0])
    expect(moved.partitions[2]).toBe(known.partitions[2])
  })

  it('ignores an older epoch, except of a topic that was created again', () => {
    const known = merge(undefined, metadataTopic('t', idA, [1], 5))
    expect(merge(known, metadataTopic('t', idA, [2], 4))).toBe(known)
    expect(leaders(merge(known, metadataTopic('t', idB, [2], 0)))).toEqual([2])
    expect(leaders(merge(known, metadataTopic('t', idA, [2], 5)))).toEqual([2])
  })

  it('takes any response of a broker that has no epochs', () => {
    const known = merge(undefined, metadataTopic('t', idA, [1], 5))
    expect(leaders(merge(known, metadataTopic('t', idA, [2], -1)))).toEqual([2])
  })

  it('R9: keeps partitions that the response leaves out', () => {
    const known = merge(undefined, metadataTopic('t', idA, [1, 2, 3], 5))
    expect(leaders(merge(known, only(metadataTopic('t', idA, [7, 8, 9], 6), 1)))).toEqual([1, 8, 3])
  })

  it('adds partitions, and removes them only under another topic id', () => {
    const known = merge(undefined, metadataTopic('t', idA, [1, 2], 5))
    expect(merge(known, metadataTopic('t', idA, [1, 2, 3, 4], 5)).partitions).toHaveLength(4)
    expect(merge(known, metadataTopic('t', idA, [1], 5)).partitions).toHaveLength(2)
    expect(merge(known, metadataTopic('t', idB, [1], 0)).partitions).toHaveLength(1)
  })

  it('takes older epochs together with the first id, because the topic may have been created again', () => {
    const known = merge(undefined, metadataTopic('t', ZERO_UUID, [1, 2], 5))
    const learned = merge(known, metadataTopic('t', idA, [2, 1], 0))
    expect(learned.topicId).toBe(idA)
    expect(leaders(learned)).toEqual([2, 1])
    expect(leaders(merge(learned, metadataTopic('t', idA, [1, 1], 1)))).toEqual([1, 1])
  })

  it('takes the first id only from a response with all known partitions', () => {
    const known = merge(undefined, metadataTopic('t', ZERO_UUID, [1, 2], 5))
    const partial = merge(known, metadataTopic('t', idA, [3], 6))
    expect(partial.topicId).toBe(ZERO_UUID)
    expect(leaders(partial)).toEqual([3, 2])
  })

  it('keeps the id when a broker without ids answers', () => {
    const known = merge(undefined, metadataTopic('t', idA, [1], 5))
    expect(merge(known, metadataTopic('t', ZERO_UUID, [2], 6)).topicId).toBe(idA)
  })

  const whole = metadataTopic('t', idA, [1, 2, 3])
  const [first] = whole.partitions
  it.each<[string, MetadataTopic]>([
    ['a gap', only(whole, 0, 2)],
    ['no partition', only(whole)],
    ['a partition that comes twice', { ...whole, partitions: [...whole.partitions, ...whole.partitions] }],
    [
      'a negative partition',
      { ...whole, partitions: whole.partitions.map((partition) => ({ ...partition, partitionIndex: -1 })) },
    ],
    [
      'a partition far beyond the others',
      {
        ...whole,
        partitions: whole.partitions.map((partition) =>
          partition === first ? { ...partition, partitionIndex: 0x7fffffff } : partition,
        ),
      },
    ],
  ])('refuses %s', (_, received) => {
    expect(mergeTopic(undefined, 't', received)).toBeInstanceOf(UnusableTopic)
  })
})
