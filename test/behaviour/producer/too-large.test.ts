import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

describe('a batch that is too large for the broker', () => {
  it('is split down to single records, of which only those that are too large fail', async () => {
    const world = await producerWorld()
    const values = ['a', 'b', 'LARGE', 'c']
    for (const value of values) world.send(value)
    await turns()
    for (let i = 0; i < 20 && world.cluster.requests.length > 0; i++) {
      const request = world.next()
      const isTooLarge = request.values.length > 1 || request.values.includes('LARGE')
      request.answerOne(isTooLarge ? { errorCode: ErrorCode.MESSAGE_TOO_LARGE } : { baseOffset: BigInt(i) })
      await turns()
    }
    expect(world.told().sort()).toEqual(['LARGE: RECORD_TOO_LARGE', 'a: ok', 'b: ok', 'c: ok'])
    await world.producer.close()
    expect(world.producer.traffic.heldBytes).toBe(0)
  })

  it('is not reported as never sent if its pieces time out', async () => {
    const world = await producerWorld({ deliveryTimeoutMs: 1_000, requestTimeoutMs: 500 })
    for (const value of ['a', 'b']) world.send(value)
    await turns()
    world.node(1).isThrottled = true
    world.next().answerOne({ errorCode: ErrorCode.MESSAGE_TOO_LARGE })
    await world.pass(1_000)
    expect(world.told()).toEqual(['a: TIMEOUT', 'b: TIMEOUT'])
    expect(world.outcomes[0]?.error?.message).toContain('MESSAGE_TOO_LARGE')
    expect(world.outcomes[0]?.error).toMatchObject({ possiblyPersisted: false })
    expect(world.producer.traffic.heldBytes).toBe(0)
  })

  it('keeps its sequences, and later batches come after its pieces', async () => {
    const world = await producerWorld({ retryBackoffMs: 10 })
    world.send('first')
    await turns()
    world.next().answer()
    await turns()
    world.send('a')
    world.send('b')
    await turns()
    world.send('c')
    await turns()
    const [whole, follower] = world.cluster.requests
    whole?.answerOne({ errorCode: ErrorCode.MESSAGE_TOO_LARGE })
    follower?.answerOne({ errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER })
    for (let i = 0; i < 4; i++) {
      await turns()
      world.cluster.requests[0]?.answer()
    }
    await turns()
    expect(world.cluster.sent.slice(3).map(({ values, sequence }) => [values, sequence])).toEqual([
      [['a'], 1],
      [['b'], 2],
      [['c'], 3],
    ])
    expect(world.told()).toEqual(['first: ok', 'a: ok', 'b: ok', 'c: ok'])
  })
})
