import { describe, expect, it } from 'vitest'
import type { TopicPartitions } from '../../../../src/config/partitioner-function.js'
import { StickyPartitioner } from '../../../../src/producer/partitioner/sticky-partitioner.js'
import { seededRandom } from '../../../support/seeded-random.js'

const BATCH = 1000

/** A topic whose partitions have these leaders, in order. */
function topic(...leaderIds: number[]): TopicPartitions {
  return { partitions: leaderIds.map((leaderId, partition) => ({ partition, leaderId })) }
}

/** The partitions of `count` choices in a row, each followed by a full batch. */
function choices(partitioner: StickyPartitioner, metadata: TopicPartitions, count: number): number[] {
  return Array.from({ length: count }, () => {
    const partition = partitioner.peek(metadata)
    partitioner.update(BATCH, true)
    return partition
  })
}

function frequencies(partitions: readonly number[], partitionCount: number): number[] {
  return Array.from({ length: partitionCount }, (_, number) => partitions.filter((p) => p === number).length)
}

/** A source of randomness that goes from 0 to 1 in `steps` equal steps, again and again. */
function sweep(steps: number): () => number {
  let step = 0
  return () => (step++ % steps) / steps
}

describe('the sticky partitioner without loads', () => {
  it('chooses every partition equally often', () => {
    const rounds = 12_000
    const found = frequencies(
      choices(new StickyPartitioner(BATCH, seededRandom(7)), topic(1, 2, 3, 1, 2, 3), rounds),
      6,
    )
    const expected = rounds / 6
    const chiSquare = found.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
    expect(chiSquare).toBeLessThan(20.5) // 5 degrees of freedom, p = 0.001
  })

  it('leaves out partitions without a leader', () => {
    const partitioner = new StickyPartitioner(BATCH, sweep(2))
    expect(frequencies(choices(partitioner, topic(-1, 4, -1, 0), 10), 4)).toEqual([0, 5, 0, 5])
  })

  it('takes any partition when none has a leader', () => {
    const partitioner = new StickyPartitioner(BATCH, sweep(3))
    expect(frequencies(choices(partitioner, topic(-1, -1, -1), 9), 3)).toEqual([3, 3, 3])
  })

  it('notices a leader that appears or disappears', () => {
    const partitioner = new StickyPartitioner(BATCH, sweep(2))
    expect(choices(partitioner, topic(-1, 1), 4)).toEqual([1, 1, 1, 1])
    expect(choices(partitioner, topic(1, -1), 4)).toEqual([0, 0, 0, 0])
  })
})

describe('the sticky partitioner stays', () => {
  const metadata = topic(1, 1, 1)

  function produced(...updates: readonly (readonly [bytes: number, isSwitchEnabled: boolean])[]): boolean {
    const partitioner = new StickyPartitioner(BATCH, sweep(3))
    const before = partitioner.peek(metadata)
    for (const [bytes, isSwitchEnabled] of updates) partitioner.update(bytes, isSwitchEnabled)
    return partitioner.peek(metadata) === before
  }

  it('until batch.size bytes have been produced', () => {
    expect(produced([BATCH - 1, true])).toBe(true)
    expect(produced([BATCH - 1, true], [1, true])).toBe(false)
  })

  it('beyond batch.size while the last batch has room, up to twice batch.size', () => {
    expect(produced([BATCH, false])).toBe(true)
    expect(produced([BATCH, false], [BATCH - 1, false])).toBe(true)
    expect(produced([BATCH, false], [BATCH, false])).toBe(false)
  })

  it('until a suppressed switch can be done, without another byte', () => {
    expect(produced([BATCH + 1, false], [0, false])).toBe(true)
    expect(produced([BATCH + 1, false], [0, true])).toBe(false)
  })

  it('for one record at a batch.size of 0', () => {
    const partitioner = new StickyPartitioner(0, sweep(3))
    expect(partitioner.peek(metadata)).toBe(0)
    partitioner.update(70, true)
    expect(partitioner.peek(metadata)).toBe(1)
  })

  it('for batch.size bytes again after a switch', () => {
    const partitioner = new StickyPartitioner(BATCH, sweep(3))
    expect(partitioner.peek(metadata)).toBe(0)
    partitioner.update(BATCH * 5, true)
    expect(partitioner.peek(metadata)).toBe(1)
    partitioner.update(BATCH - 1, true)
    expect(partitioner.peek(metadata)).toBe(1)
  })

  it('not on a partition that the topic no longer has', () => {
    const partitioner = new StickyPartitioner(BATCH, () => 0.99)
    expect(partitioner.peek(metadata)).toBe(2)
    expect(partitioner.peek(topic(1, 1))).toBe(1)
  })
})

describe('the sticky partitioner with loads', () => {
  const metadata = topic(1, 1, 1, 1, 1)
  const loads = (queueSizes: readonly number[], partitions: readonly number[], partitionCount = 5) => ({
    queueSizes,
    partitions,
    partitionCount,
  })

  it('chooses partitions with shorter queues more often', () => {
    // The weight is the longest queue + 1 - the partition's own queue.
    const weights = [1, 6, 3, 6, 5]
    const partitioner = new StickyPartitioner(BATCH, sweep(21))
    partitioner.updateQueueSizes(loads([5, 0, 3, 0, 1], [0, 1, 2, 3, 4]))
    expect(frequencies(choices(partitioner, metadata, 42), 5)).toEqual(weights.map((weight) => weight * 2))
  })

  it('never chooses a partition that was left out, even if all others have equal queues', () => {
    const partitioner = new StickyPartitioner(BATCH, sweep(4))
    partitioner.updateQueueSizes(loads([2, 2, 2, 2], [0, 1, 3, 4]))
    expect(frequencies(choices(partitioner, metadata, 8), 5)).toEqual([2, 2, 0, 2, 2])
  })

  it('takes the only partition left', () => {
    const partitioner = new StickyPartitioner(BATCH, seededRandom(3))
    partitioner.updateQueueSizes(loads([9], [3]))
    expect(choices(partitioner, metadata, 5)).toEqual([3, 3, 3, 3, 3])
  })

  it.each([
    ['are alike', loads([4, 4, 4, 4, 4], [0, 1, 2, 3, 4])],
    ['are of no partition', loads([], [])],
    ['are of the only partition', loads([8], [0], 1)],
    ['are taken back', null],
  ])('is uniform when they %s', (_, next) => {
    const partitioner = new StickyPartitioner(BATCH, sweep(5))
    partitioner.updateQueueSizes(loads([9], [2]))
    partitioner.updateQueueSizes(next)
    expect(frequencies(choices(partitioner, metadata, 10), 5)).toEqual([2, 2, 2, 2, 2])
  })

  it('keeps no reference to the given arrays', () => {
    const partitions = [0, 3]
    const queueSizes = [0, 1]
    const partitioner = new StickyPartitioner(BATCH, sweep(3))
    partitioner.updateQueueSizes(loads(queueSizes, partitions))
    partitions.fill(1)
    queueSizes.fill(7)
    expect(choices(partitioner, metadata, 3)).toEqual([0, 0, 3])
  })

  it('does not use the loads of partitions that the topic no longer has', () => {
    const partitioner = new StickyPartitioner(BATCH, sweep(2))
    partitioner.updateQueueSizes(loads([9], [4]))
    expect(choices(partitioner, topic(1, 1), 4)).toEqual([0, 1, 0, 1])
  })
})
