// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it, vi } from 'vitest'
import { silentLogger } from '../../../src/logger.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { confirmedBefore, lost } from '../../support/producer-scenes.js'
import { producerWorld } from '../../support/producer-world.js'
import { type PartitionAnswer, resultOf } from '../../support/scripted-produce.js'
import { turns } from '../../support/turns.js'

const quick = { deliveryTimeoutMs: 1_000, requestTimeoutMs: 500 }

describe('responses that no correct broker sends', () => {
  it('R16: a partition that is missing in the response is sent again', async () => {
    const world = await producerWorld(
      { retryBackoffMs: 10 },
      {
        leaders: [
          [1, 0],
          [1, 0],
        ],
      },
    )
    world.send('a')
    world.send('b', { partition: 1 })
    await turns()
    world.next().answer({ 't-1': null })
    await turns()
    expect(world.told()).toEqual(['a: ok'])
    await world.pass(500)
    expect([world.next().partitions, world.next().sequence]).toEqual([['t-1'], 0])
    world.next().answerOne({ errorCode: ErrorCode.DUPLICATE_SEQUENCE_NUMBER })
    await turns()
    expect(world.told()).toEqual(['a: ok', 'b: ok'])
    expect(world.outcomes[1]?.metadata?.offset).toBe(-1n)
  })

  it('R16: results for other partitions, and second results, are logged and ignored', async () => {
    const debug = vi.fn()
    const world = await producerWorld({ logger: { ...silentLogger, debug } })
    world.send('a')
    await turns()
    const result = (index: number, answer: PartitionAnswer) => resultOf(index, { baseOffset: 5n, ...answer })
    const { topicId } = world.next().batch
    world.next().respond({
      topics: [
        { name: 'elsewhere', topicId, partitions: [result(0, { errorCode: ErrorCode.OFFSET_OUT_OF_RANGE })] },
        {
          name: 't',
          topicId,
          partitions: [
            result(9, { errorCode: ErrorCode.OFFSET_OUT_OF_RANGE }),
            result(0, {}),
            result(0, { baseOffset: 8n }),
          ],
        },
      ],
      throttleTimeMs: 0,
      nodeEndpoints: [],
    })
    await turns()
    expect(world.outcomes.map(({ metadata }) => metadata?.offset)).toEqual([5n])
    expect(debug.mock.calls).toEqual([
      [expect.stringContaining('answered Produce with 3 result(s) that were not asked for')],
    ])
    world.send('b')
    await turns()
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['a: ok', 'b: ok'])
    expect(debug).toHaveBeenCalledTimes(1)
  })

  it('an unknown code fails the batch with that code, and the next batch starts an epoch', async () => {
    const world = await producerWorld()
    await confirmedBefore(world)
    world.send('a')
    await turns()
    world.next().answerOne({ errorCode: 9_999 })
    await turns()
    expect(world.outcomes[0]?.error).toMatchObject({
      code: 'UNKNOWN_9999',
      errorCode: 9_999,
      possiblyPersisted: true,
    })
    world.send('b')
    await turns()
    expect([world.next().epoch, world.next().sequence]).toEqual([1, 0])
  })

  it('OUT_OF_ORDER without end is retried with pauses until the batch times out', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await turns()
    for (let i = 0; i < 200 && world.outcomes.length === 0; i++) {
      world.cluster.requests[0]?.answerOne({ errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER })
      await world.pass(20)
    }
    expect(world.told()).toEqual(['a: TIMEOUT'])
    expect(world.cluster.sent.length).toBeLessThan(12)
  })

  it('a batch that may be in the log is not split', async () => {
    const world = await producerWorld({ retryBackoffMs: 10 })
    world.send('a')
    world.send('b')
    await turns()
    world.next().fail(lost())
    await world.pass(500)
    world.next().answerOne({ errorCode: ErrorCode.MESSAGE_TOO_LARGE })
    await turns()
    expect(world.told()).toEqual(['a: RECORD_TOO_LARGE', 'b: RECORD_TOO_LARGE'])
    expect(world.outcomes[0]?.error?.possiblyPersisted).toBe(true)
    expect(world.outcomes[0]?.error?.message).toContain('a batch of 2 record(s)')
  })

  it('KIP-467: the refused records fail with their reason, and the others with a retriable error', async () => {
    const world = await producerWorld()
    for (const value of ['a', 'b', 'c']) world.send(value)
    await turns()
    const recordErrors = [{ batchIndex: 1, message: 'no key' }]
    world.next().answerOne({ errorCode: ErrorCode.INVALID_RECORD, recordErrors, errorMessage: 'bad records' })
    await turns()
    expect(world.outcomes.map(({ error }) => [error?.retriable, error?.possiblyPersisted])).toEqual([
      [true, false],
      [false, false],
      [true, false],
    ])
    expect(world.outcomes[1]?.error?.message).toContain('no key')
    expect(world.outcomes[0]?.error?.message).toContain('send it again')
  })
})
