import { describe, expect, it, vi } from 'vitest'
import { confirmedBefore, lost } from '../../support/producer-scenes.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

vi.mock('../../../src/network/cluster.js', async () => ({
  Cluster: (await import('../../support/scripted-cluster.js')).ScriptedCluster,
}))

const NOT_LEADER = 6
const quick = { deliveryTimeoutMs: 1_000, requestTimeoutMs: 500 }

describe('a batch that is out of time', () => {
  it('R6: in flight it may be in the log; nothing new is sent until its request is settled', async () => {
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

  it('R6: a late success tells that the row is whole: no new epoch', async () => {
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

  it('R6: a success of what follows it tells the same', async () => {
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

  it('R6: a batch that certainly is not in the log leaves a gap: a new epoch', async () => {
    const world = await producerWorld({ ...quick, retryBackoffMs: 400, retryBackoffMaxMs: 400 })
    await confirmedBefore(world)
    world.send('a')
    await turns()
    world.next().answerOne({ errorCode: NOT_LEADER })
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

  it('a batch that was never sent leaves no gap', async () => {
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

  it('R11: its bytes stay what they are until its request is settled', async () => {
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

  it('R15: the wall clock and the records own timestamps have no say', async () => {
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

  it('what the network holds after a blocked event loop is heard before anything is judged', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await turns()
    world.clock.block(60_000)
    // The timer is late, and in the same round of the event loop the answer arrives.
    world.clock.advance(0)
    await turns(1)
    world.next().answer()
    await world.pass(100)
    expect(world.told()).toEqual(['a: ok'])
  })

  it('an event loop that is always late does not stop the sending', async () => {
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
