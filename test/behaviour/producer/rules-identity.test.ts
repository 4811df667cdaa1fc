// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { confirmed, lost, sendEach } from '../../support/producer-scenes.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

describe('a partition that leaves its producer epoch', () => {
  it('R7: raises the epoch, which other partitions take over only when they are idle', async () => {
    const world = await producerWorld(
      {},
      {
        leaders: [
          [1, 0],
          [1, 0],
        ],
      },
    )
    await confirmed(world)
    world.send('other', { partition: 1 })
    await turns()
    const other = world.next()
    // A refusal for good leaves a gap in partition 0, which needs a new epoch.
    world.send('refused')
    await turns()
    world.cluster.requests[1]?.answerOne({ errorCode: ErrorCode.INVALID_RECORD })
    await turns()
    world.send('later', { partition: 1 })
    world.send('again')
    await turns()
    expect(
      world.cluster.requests.map(({ partitions, epoch, sequence }) => [partitions, epoch, sequence]),
    ).toEqual([
      [['t-1'], 0, 0],
      [['t-0'], 1, 0],
    ])
    other.answer()
    await turns()
    expect(
      world.cluster.requests.map(({ partitions, epoch, sequence }) => [partitions, epoch, sequence]),
    ).toEqual([
      [['t-0'], 1, 0],
      [['t-1'], 1, 0],
    ])
  })

  it('R7: leaves the epoch of batches that other partitions retry', async () => {
    const world = await producerWorld(
      {},
      {
        leaders: [
          [1, 0],
          [1, 0],
        ],
      },
    )
    world.send('other', { partition: 1 })
    await turns()
    world.send('refused')
    await turns()
    world.cluster.requests[1]?.answerOne({ errorCode: ErrorCode.INVALID_RECORD })
    world.cluster.requests[0]?.answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
    await world.pass(2_000)
    expect(world.next().partitions).toEqual(['t-1'])
    expect([world.next().epoch, world.next().sequence]).toEqual([0, 0])
  })

  it('R7: raises the epoch once even if another partition leaves it, too', async () => {
    const world = await producerWorld(
      {},
      {
        leaders: [
          [1, 0],
          [1, 0],
        ],
      },
    )
    world.send('x')
    world.send('y', { partition: 1 })
    await turns()
    world.next().answer({
      't-0': { errorCode: ErrorCode.INVALID_RECORD },
      't-1': { errorCode: ErrorCode.INVALID_RECORD },
    })
    await turns()
    world.send('x2')
    world.send('y2', { partition: 1 })
    await turns()
    expect(world.next().batches.map(({ header }) => [header.producerEpoch, header.baseSequence])).toEqual([
      [1, 0],
      [1, 0],
    ])
  })

  it('R8: stays in its epoch if a batch is out of order behind one without an outcome, and retries it', async () => {
    const world = await producerWorld()
    await confirmed(world)
    await sendEach(world, 'a', 'b')
    world.next().fail(lost())
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER })
    await world.pass(2_000)
    world.next().answer()
    await turns()
    expect([world.next().values, world.next().epoch, world.next().sequence]).toEqual([['b'], 0, 2])
  })

  it('R8: retries an out-of-order batch at the head in a new epoch if it is certainly not in the log', async () => {
    const world = await producerWorld()
    await confirmed(world)
    await sendEach(world, 'a')
    world.next().answerOne({ errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER })
    await world.pass(2_000)
    expect([world.next().values, world.next().epoch, world.next().sequence]).toEqual([['a'], 1, 0])
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['first: ok', 'a: ok'])
  })

  it('R8: fails an out-of-order batch at the head if it may be in the log, so that the caller decides', async () => {
    const world = await producerWorld()
    await confirmed(world)
    await sendEach(world, 'a')
    world.next().fail(lost())
    await world.pass(2_000)
    world.next().answerOne({ errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER })
    await turns()
    expect(world.told()).toEqual(['first: ok', 'a: OUT_OF_ORDER_SEQUENCE_NUMBER'])
    expect(world.outcomes[1]?.error?.possiblyPersisted).toBe(true)
    await sendEach(world, 'b')
    expect([world.next().epoch, world.next().sequence]).toEqual([1, 0])
  })

  it('R9: keeps its sequence if metadata omits it once', async () => {
    const world = await producerWorld(
      {},
      {
        leaders: [
          [1, 0],
          [1, 0],
        ],
      },
    )
    world.send('a', { partition: 1 })
    await turns()
    world.next().answer()
    await turns()
    world.cluster.setTopic('t', [[1, 0]])
    world.cluster.setTopic('t', [
      [1, 0],
      [1, 0],
    ])
    world.send('b', { partition: 1 })
    await turns()
    expect([world.next().sequence, world.next().epoch]).toEqual([1, 0])
  })
})
