// The rules R1 to R16 are in docs/rules.md.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PartitionSequence } from '../../../src/producer/idempotence/partition-sequence.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { lost } from '../../support/producer-scenes.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

const LAST = 0x7fffffff

beforeEach(() => {
  const { assign } = PartitionSequence.prototype
  vi.spyOn(PartitionSequence.prototype, 'assign').mockImplementation(function (
    this: PartitionSequence,
    identity,
  ) {
    assign.call(this, identity)
    // Makes the partition behave as after two thousand million records.
    if (identity.epoch === 0) this.take(LAST - 1)
  })
})

afterEach(() => {
  vi.restoreAllMocks()
})

async function sendEach(world: World, ...values: string[]): Promise<void> {
  for (const value of values) {
    world.send(value)
    await turns()
  }
}

/** A leader that knows the producer up to the last sequence but one. */
async function nearTheWrap(config = {}): Promise<World> {
  const world = await producerWorld({ retryBackoffMs: 10, ...config })
  await sendEach(world, 'first')
  world.next().answer()
  await turns()
  return world
}

describe('R10: sequence 0 follows 2147483647', () => {
  it('between batches, and within one', async () => {
    const world = await nearTheWrap()
    await sendEach(world, 'a', 'b')
    for (const value of ['c', 'd']) world.send(value)
    await turns()
    await sendEach(world, 'e')
    expect(world.cluster.sent.map(({ sequence, values }) => [sequence, values.length])).toEqual([
      [LAST - 1, 1],
      [LAST, 1],
      [0, 1],
      [1, 2],
      [3, 1],
    ])
  })

  it('for a batch that holds the last sequence and the first', async () => {
    const world = await nearTheWrap()
    for (const value of ['a', 'b', 'c']) world.send(value)
    await turns()
    await sendEach(world, 'd')
    expect(world.cluster.requests.map(({ sequence }) => sequence)).toEqual([LAST, 2])
  })

  it('in retries, in the order of the sends', async () => {
    const world = await nearTheWrap()
    await sendEach(world, 'a', 'b', 'c')
    world.next().fail(lost())
    await turns()
    for (let left = world.cluster.requests.length; left > 0; left--) {
      world.next().answerOne({ errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER })
      await turns()
    }
    for (let i = 0; i < 3; i++) {
      await world.pass(100)
      world.next().answer()
    }
    await turns()
    expect(world.cluster.sent.map(({ sequence }) => sequence)).toEqual([LAST - 1, LAST, 0, 1, LAST, 0, 1])
    expect(new Set(world.cluster.sent.map(({ epoch }) => epoch))).toEqual(new Set([0]))
    expect(world.told()).toEqual(['first: ok', 'a: ok', 'b: ok', 'c: ok'])
  })

  it('when the success of a later batch shows that one given up before the wrap is in the log', async () => {
    const world = await nearTheWrap({ deliveryTimeoutMs: 1_000, requestTimeoutMs: 500 })
    await sendEach(world, 'a')
    await world.pass(600)
    await sendEach(world, 'b')
    await world.pass(400)
    expect(world.told()).toEqual(['first: ok', 'a: TIMEOUT'])
    world.next().fail(lost())
    await turns()
    world.next().answer()
    await turns()
    await sendEach(world, 'c')
    expect([world.next().epoch, world.next().sequence]).toEqual([0, 1])
  })
})
