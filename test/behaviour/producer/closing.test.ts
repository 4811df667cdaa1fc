// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

describe('close', () => {
  it('sends lingering batches, waits for requests in flight and for retries, and leaves no timer', async () => {
    const world = await producerWorld({ lingerMs: 60_000 })
    world.send('a')
    await turns()
    const closed = world.producer.close()
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
    await world.pass(2_000)
    world.next().answer()
    await closed
    await turns()
    expect(world.told()).toEqual(['a: ok'])
    expect(world.cluster.isClosed).toBe(true)
    expect(world.clock.pending).toBe(0)
  })

  it('refuses later records, and a second close waits for the same end', async () => {
    const world = await producerWorld()
    world.send('a')
    await turns()
    const closed = world.producer.close()
    world.send('b')
    const again = world.producer.close()
    await expect(world.producer.send({ topic: 't', value: 'c' })).rejects.toMatchObject({
      code: 'PRODUCER_CLOSED',
    })
    await turns()
    expect(world.told()).toEqual(['b: PRODUCER_CLOSED'])
    world.next().answer()
    await Promise.all([closed, again])
    expect(world.told()).toEqual(['b: PRODUCER_CLOSED', 'a: ok'])
    await expect(world.producer.partitionsFor('t')).rejects.toMatchObject({ code: 'PRODUCER_CLOSED' })
    await expect(world.producer.connect()).rejects.toMatchObject({ code: 'PRODUCER_CLOSED' })
    await world.producer.close()
  })

  it('fails the remaining records after its timeout, each with whether it may be in the log', async () => {
    const world = await producerWorld(
      { lingerMs: 0, deliveryTimeoutMs: 60_000 },
      {
        leaders: [
          [1, 0],
          [2, 0],
        ],
      },
    )
    world.node(2).isReady = false
    world.send('out')
    world.send('in', { partition: 1 })
    world.send('unknown', { topic: 'unknown' })
    await turns()
    const closed = world.producer.close({ timeoutMs: 500 })
    await turns()
    await world.pass(500)
    await closed
    const known = world.outcomes.map(({ value, error }) => [value, error?.code, error?.possiblyPersisted])
    expect(known.sort()).toEqual([
      ['in', 'PRODUCER_CLOSED', false],
      ['out', 'PRODUCER_CLOSED', true],
      ['unknown', 'PRODUCER_CLOSED', false],
    ])
    const errorOf = (record: string) => world.outcomes.find(({ value }) => value === record)?.error
    expect(errorOf('out')?.message).toContain('may be in the log')
    expect(errorOf('out')).toMatchObject({ topic: 't', partition: 0, attempts: 1 })
    expect(errorOf('in')).toMatchObject({ topic: 't', partition: 1, attempts: 0 })
    expect(errorOf('unknown')).toMatchObject({ topic: 'unknown' })
    expect(errorOf('unknown')).not.toHaveProperty('attempts')
    await turns()
    expect(world.clock.pending).toBe(0)
  })

  it('with a timeout of 0 sends nothing more', async () => {
    const world = await producerWorld({ lingerMs: 100 })
    world.send('a')
    await world.producer.close({ timeoutMs: 0 })
    expect(world.told()).toEqual(['a: PRODUCER_CLOSED'])
    expect(world.outcomes[0]?.error?.possiblyPersisted).toBe(false)
    expect(world.cluster.sent).toHaveLength(0)
    await turns()
    expect(world.clock.pending).toBe(0)
  })

  it('R13: refuses records that a callback sends to a partition that is closed already', async () => {
    const world = await producerWorld(
      {},
      {
        leaders: [
          [1, 0],
          [1, 0],
        ],
      },
    )
    world.node(1).isThrottled = true
    world.send('a')
    world.producer.send({ topic: 't', value: 'b', partition: 1 }, () => world.send('late'))
    await turns()
    await world.producer.close({ timeoutMs: 0 })
    await turns()
    expect(world.told()).toEqual(['a: PRODUCER_CLOSED', 'late: PRODUCER_CLOSED'])
  })

  it('R13: refuses records that a callback sends meanwhile, and forgets none', async () => {
    const world = await producerWorld(
      {},
      {
        leaders: [
          [1, 0],
          [1, 0],
        ],
      },
    )
    const codes: (string | undefined)[] = []
    world.node(1).isThrottled = true
    for (const partition of [0, 1]) {
      world.producer.send({ topic: 't', value: 'x', partition }, (error) => {
        codes.push(error?.code)
        world.producer.send({ topic: 't', value: 'y', partition: 0 }, (again) => codes.push(again?.code))
        void world.producer.close({ timeoutMs: 0 })
      })
    }
    await turns()
    await world.producer.close({ timeoutMs: 0 })
    await turns()
    expect(codes).toEqual(Array.from({ length: 4 }, () => 'PRODUCER_CLOSED'))
    await world.producer.flush()
  })

  it('R13: settles every record once, even from a callback in the middle of a batch', async () => {
    const world = await producerWorld({ deliveryTimeoutMs: 1_000, requestTimeoutMs: 500 })
    world.node(1).isThrottled = true
    world.producer.send({ topic: 't', value: 'first' }, () => void world.producer.close({ timeoutMs: 0 }))
    for (const value of ['a', 'b']) world.send(value)
    await world.pass(1_000)
    world.node(1).throttle(false)
    await turns()
    expect(world.told()).toEqual(['a: TIMEOUT', 'b: TIMEOUT'])
    expect(world.clock.pending).toBe(0)
  })

  it('ignores a response that comes after its end', async () => {
    const world = await producerWorld()
    world.send('a')
    await turns()
    const request = world.next()
    await world.producer.close({ timeoutMs: 0 })
    expect(world.told()).toEqual(['a: PRODUCER_CLOSED'])
    request.answer()
    await turns()
    expect(world.told()).toEqual(['a: PRODUCER_CLOSED'])
  })
})
