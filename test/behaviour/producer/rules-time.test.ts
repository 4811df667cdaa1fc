// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { confirmedBefore, lost } from '../../support/producer-scenes.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

const quick = { deliveryTimeoutMs: 1_000, requestTimeoutMs: 500 }

describe('a batch that is out of time', () => {
  it('R6: may be in the log if it is in flight, and no new batch is sent until its request is settled', async () => {
    const world = await producerWorld(quick)
    await confirmedBefore(world)
    world.send('a')
    await turns()
    await world.pass(1_000)
    expect(world.outcomes[0]?.error).toMatchObject({
      code: 'TIMEOUT',
      phase: 'in-flight',
      possiblyPersisted: true,
    })
    expect(world.outcomes[0]?.error?.message).toContain('delivery.timeout.ms=1000')
    world.send('b')
    await turns()
    expect(world.cluster.requests.map(({ values }) => values)).toEqual([['a']])
    world.next().fail(lost())
    await turns()
    expect([world.next().values, world.next().epoch, world.next().sequence]).toEqual([['b'], 1, 0])
  })

  it('R6: needs no new epoch if a late success shows that no sequence is missing', async () => {
    const world = await producerWorld(quick)
    await confirmedBefore(world)
    world.send('a')
    await turns()
    await world.pass(1_000)
    world.send('b')
    await turns()
    world.next().answer()
    await turns()
    expect([world.next().values, world.next().epoch, world.next().sequence]).toEqual([['b'], 0, 2])
    expect(world.told()).toEqual(['a: TIMEOUT'])
  })

  it('R6: needs no new epoch if the next batch succeeds', async () => {
    const world = await producerWorld(quick)
    await confirmedBefore(world)
    world.send('a')
    await turns()
    await world.pass(600)
    world.send('b')
    await turns()
    await world.pass(400)
    expect(world.told()).toEqual(['a: TIMEOUT'])
    world.next().fail(lost())
    await turns()
    world.next().answer()
    await turns()
    world.send('c')
    await turns()
    expect([world.next().values, world.next().epoch, world.next().sequence]).toEqual([['c'], 0, 3])
  })

  it('R6: leaves a gap if it is certainly not in the log, which needs a new epoch', async () => {
    const world = await producerWorld({ ...quick, retryBackoffMs: 400, retryBackoffMaxMs: 400 })
    await confirmedBefore(world)
    world.send('a')
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER })
    world.node(1).isThrottled = true
    await world.pass(1_000)
    expect(world.outcomes[0]?.error).toMatchObject({
      code: 'TIMEOUT',
      phase: 'queue',
      possiblyPersisted: false,
    })
    world.node(1).throttle(false)
    world.send('b')
    await turns()
    expect([world.next().epoch, world.next().sequence]).toEqual([1, 0])
  })

  it('leaves no gap if it was never sent', async () => {
    const world = await producerWorld(quick)
    await confirmedBefore(world)
    world.node(1).isThrottled = true
    world.send('a')
    await world.pass(1_000)
    expect(world.outcomes[0]?.error).toMatchObject({ code: 'TIMEOUT', attempts: 0, possiblyPersisted: false })
    world.node(1).throttle(false)
    world.send('b')
    await turns()
    expect([world.next().epoch, world.next().sequence]).toEqual([0, 1])
  })

  it('R11: keeps its bytes unchanged until its request is settled', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await turns()
    const { live, bytes } = world.next().batch
    await world.pass(1_000)
    expect(world.told()).toEqual(['a: TIMEOUT'])
    for (let i = 0; i < 50; i++) world.send(`x${i}`, { topic: 'other' })
    world.cluster.setTopic('other', [[1, 0]])
    await turns()
    expect(bytes.equals(live)).toBe(true)
    world.cluster.requests[0]?.answer()
    await turns()
    expect(world.told()[0]).toBe('a: TIMEOUT')
  })

  it('R15: is judged without the wall clock and the timestamps of records', async () => {
    const world = await producerWorld(quick)
    world.node(1).isThrottled = true
    world.send('a', { timestamp: 1 })
    await turns()
    world.clock.setWallTime(9_000_000_000_000)
    await world.pass(900)
    expect(world.told()).toEqual([])
    await world.pass(100)
    expect(world.told()).toEqual(['a: TIMEOUT'])
  })

  it('is judged after a blocked event loop has read the responses that have arrived', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await turns()
    world.clock.block(60_000)
    // The timer is late, and the response arrives in the same round of the event loop.
    world.clock.advance(0)
    await turns(1)
    world.next().answer()
    await world.pass(100)
    expect(world.told()).toEqual(['a: ok'])
  })

  it('does not stop the sending if the event loop is always late', async () => {
    const world = await producerWorld({ ...quick, lingerMs: 10 })
    world.send('a')
    await turns()
    for (let i = 0; i < 20; i++) {
      world.clock.block(100)
      world.clock.advance(0)
      await turns(1)
    }
    expect(world.cluster.sent.length + world.outcomes.length).toBeGreaterThan(0)
  })
})
