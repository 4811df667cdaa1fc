// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { lost } from '../../support/producer-scenes.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

/** A producer with an id that the leader knows, and with a batch in flight for each value. */
async function inFlight(...values: string[]): Promise<World> {
  const world = await producerWorld({ retryBackoffMs: 10 })
  for (const value of ['first', ...values]) {
    world.send(value)
    await turns()
    if (value === 'first') world.next().answer()
    await turns()
  }
  return world
}

const stampOf = (world: World) => [world.next().values, world.next().epoch, world.next().sequence]

describe('a batch that may be in the log, ahead of one that certainly is not', () => {
  it('R5: is sent again unchanged, and later batches start a new epoch', async () => {
    const world = await inFlight('a', 'b')
    world.next().answerOne({ errorCode: ErrorCode.REQUEST_TIMED_OUT })
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.INVALID_RECORD })
    world.send('c')
    await world.pass(500)
    expect(stampOf(world)).toEqual([['a'], 0, 1])
    world.next().answer()
    await turns()
    expect(stampOf(world)).toEqual([['c'], 1, 0])
    world.next().answer()
    await turns()
    expect(world.told().toSorted()).toEqual(['a: ok', 'b: INVALID_RECORD', 'c: ok', 'first: ok'])
  })

  it('R5: is sent again before the batches behind the gap, which follow in a new epoch', async () => {
    const world = await inFlight('a', 'b', 'c')
    world.next().answerOne({ errorCode: ErrorCode.REQUEST_TIMED_OUT })
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.INVALID_RECORD })
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER })
    await world.pass(500)
    expect(stampOf(world)).toEqual([['a'], 0, 1])
    world.next().answer()
    await world.pass(500)
    expect(stampOf(world)).toEqual([['c'], 1, 0])
  })

  it('R8: fails as possibly persisted when the broker finds it out of order', async () => {
    const world = await inFlight('a', 'b')
    world.next().answerOne({ errorCode: ErrorCode.REQUEST_TIMED_OUT })
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.INVALID_RECORD })
    await world.pass(500)
    world.next().answerOne({ errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER })
    await turns()
    const a = world.outcomes.find(({ value }) => value === 'a')
    expect(a?.error).toMatchObject({ code: 'OUT_OF_ORDER_SEQUENCE_NUMBER', possiblyPersisted: true })
    world.send('c')
    await turns()
    expect(stampOf(world)).toEqual([['c'], 1, 0])
  })

  it('R5: fails as possibly persisted when the broker does not accept its epoch any more', async () => {
    const world = await inFlight('a', 'b')
    world.next().answerOne({ errorCode: ErrorCode.REQUEST_TIMED_OUT })
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.INVALID_PRODUCER_EPOCH })
    await world.pass(500)
    world.next().answerOne({ errorCode: ErrorCode.INVALID_PRODUCER_EPOCH })
    await world.pass(500)
    const a = world.outcomes.find(({ value }) => value === 'a')
    expect(a?.error).toMatchObject({ code: 'INVALID_PRODUCER_EPOCH', possiblyPersisted: true })
    expect([world.next().values, world.next().sequence]).toEqual([['b'], 0])
  })
})

describe('a batch behind one that certainly is not in the log', () => {
  it('R8: fails as possibly persisted when its own response was lost, and gets no new sequence', async () => {
    const world = await inFlight('a', 'b')
    world.next().answerOne({ errorCode: ErrorCode.INVALID_RECORD })
    await turns()
    world.next().fail(lost())
    await world.pass(500)
    expect(world.cluster.requests).toHaveLength(0)
    expect(world.told()).toEqual(['first: ok', 'a: INVALID_RECORD', 'b: OUT_OF_ORDER_SEQUENCE_NUMBER'])
    expect(world.outcomes[2]?.error?.possiblyPersisted).toBe(true)
  })

  it('R7: follows in a new epoch, in the order of the sends, when its refusal was clean', async () => {
    const world = await inFlight('a', 'b', 'c')
    world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.INVALID_RECORD })
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER })
    await world.pass(500)
    expect(stampOf(world)).toEqual([['a'], 1, 0])
    world.next().answer()
    await world.pass(500)
    expect(stampOf(world)).toEqual([['c'], 1, 1])
  })
})
