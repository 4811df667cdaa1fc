// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it, vi } from 'vitest'
import type { KafkaError } from '../../../src/errors.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

describe('flush', () => {
  it('ends lingering, and ends with the last record sent before it', async () => {
    const world = await producerWorld({ lingerMs: 1_000 })
    world.send('a')
    await turns()
    expect(world.cluster.requests).toHaveLength(0)
    const flushed = world.producer.flush().then(() => 'flushed')
    await turns()
    world.send('b')
    world.next().answer()
    expect(await flushed).toBe('flushed')
    expect(world.told()).toEqual(['a: ok'])
    expect(world.cluster.requests).toHaveLength(0)
  })

  it('ends at once without open records', async () => {
    const world = await producerWorld()
    await world.producer.flush({ timeoutMs: 0 })
    expect(world.clock.pending).toBe(0)
  })

  it('covers records that wait for metadata and for memory', async () => {
    const world = await producerWorld({ batchSize: 1_024, bufferMemory: 2_048 }, { leaders: [] })
    let isOver = false
    world.send('x'.repeat(200))
    world.send('y'.repeat(200))
    void world.producer.flush().then(() => {
      isOver = true
    })
    world.cluster.setTopic('t', [[1, 0]])
    await turns()
    expect(isOver).toBe(false)
    world.next().answer()
    await turns()
    expect(isOver).toBe(true)
    expect(world.told()).toHaveLength(2)
  })

  it('R13: waits for the pieces of a batch that is split', async () => {
    const world = await producerWorld()
    let isOver = false
    world.send('a')
    world.send('b')
    void world.producer.flush().then(() => {
      isOver = true
    })
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.MESSAGE_TOO_LARGE })
    await turns()
    expect(world.next().values).toEqual(['a'])
    world.next().answer()
    await turns()
    expect(isOver).toBe(false)
    expect([world.next().values, world.next().sequence]).toEqual([['b'], 1])
    world.next().answer()
    await turns()
    expect(isOver).toBe(true)
    expect(world.told()).toEqual(['a: ok', 'b: ok'])
  })

  it('leaves no timer and no listener behind in any case', async () => {
    const world = await producerWorld({ deliveryTimeoutMs: 2_000, requestTimeoutMs: 1_000 })
    const controller = new AbortController()
    const remove = vi.spyOn(controller.signal, 'removeEventListener')
    world.send('a')
    await turns()
    const before = world.clock.pending
    const timedOut = world.producer.flush({ timeoutMs: 100 }).catch((error: KafkaError) => error)
    const aborted = world.producer
      .flush({ timeoutMs: 500, signal: controller.signal })
      .catch((error: KafkaError) => error)
    controller.abort('enough')
    expect(await aborted).toMatchObject({ code: 'ABORTED', cause: 'enough' })
    await world.pass(100)
    expect(await timedOut).toMatchObject({ code: 'TIMEOUT', phase: 'flush' })
    expect(world.clock.pending).toBe(before)
    expect(remove).toHaveBeenCalledOnce()
    world.next().answer()
    await turns()
    expect(world.clock.pending).toBe(0)
  })
})
