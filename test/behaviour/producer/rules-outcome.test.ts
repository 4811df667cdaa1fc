// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { ProtocolError, TimeoutError } from '../../../src/errors.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { confirmedBefore, lost } from '../../support/producer-scenes.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

const unansweredInTime = (): TimeoutError =>
  new TimeoutError('no answer within 500 ms', 'request', { possiblyPersisted: true })

describe('the possiblyPersisted flag of a record that failed', () => {
  const maybe: readonly (readonly [string, (world: World) => void])[] = [
    ['a lost connection', (world) => world.next().fail(lost())],
    ['a request timeout', (world) => world.next().fail(unansweredInTime())],
    ['REQUEST_TIMED_OUT', (world) => world.next().answerOne({ errorCode: ErrorCode.REQUEST_TIMED_OUT })],
    [
      'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
      (world) => world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND }),
    ],
    [
      'an offset beside an error',
      (world) => world.next().answerOne({ errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER, baseOffset: 7n }),
    ],
    ['an answer without the partition', (world) => world.next().answer({ 't-0': null })],
  ]
  it.each(maybe)('R5: stays true for a clean refusal after %s', async (_what, doubt) => {
    const world = await producerWorld({ retries: 1, retryBackoffMs: 10 })
    world.send('a')
    await turns()
    doubt(world)
    await world.pass(500)
    world.next().answerOne({ errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER })
    await turns()
    expect(world.outcomes[0]?.error).toMatchObject({
      code: 'NOT_LEADER_OR_FOLLOWER',
      possiblyPersisted: true,
      attempts: 2,
      topic: 't',
      partition: 0,
    })
  })

  it('R5: stays true for a later error without a request', async () => {
    const world = await producerWorld({ retryBackoffMs: 10 })
    world.send('a')
    await turns()
    world.next().fail(lost())
    await world.pass(500)
    world.next().fail(new ProtocolError('no common version', { code: 'UNSUPPORTED_VERSION' }))
    await turns()
    expect(world.outcomes[0]?.error).toMatchObject({
      name: 'ProtocolError',
      code: 'UNSUPPORTED_VERSION',
      possiblyPersisted: true,
      topic: 't',
      partition: 0,
    })
  })

  it('R5: is true for UNKNOWN_SERVER_ERROR, which is not retried', async () => {
    const world = await producerWorld({ retryBackoffMs: 10 })
    await confirmedBefore(world)
    world.send('a')
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.UNKNOWN_SERVER_ERROR })
    await world.pass(500)
    expect(world.cluster.requests).toHaveLength(0)
    expect(world.outcomes[0]?.error).toMatchObject({
      code: 'UNKNOWN_SERVER_ERROR',
      possiblyPersisted: true,
      attempts: 1,
      topic: 't',
      partition: 0,
    })
    // The end of the log is unknown, so later batches start a new epoch.
    world.send('b')
    await turns()
    expect([world.next().values, world.next().epoch, world.next().sequence]).toEqual([['b'], 1, 0])
  })

  it('R5: is false after clean refusals alone', async () => {
    const world = await producerWorld({ retries: 1, retryBackoffMs: 10 })
    world.send('a')
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER })
    await world.pass(500)
    world.next().answerOne({ errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER })
    await turns()
    expect(world.outcomes[0]?.error).toMatchObject({ possiblyPersisted: false, attempts: 2 })
  })

  it('R5: is true if the broker forgot the producer before the first acknowledgement', async () => {
    const world = await producerWorld({ retryBackoffMs: 10 })
    world.send('a')
    await turns()
    world.next().fail(lost())
    await world.pass(500)
    // Other producers wrote the records up to offset 10; the place of this record is unknown.
    world.next().answerOne({ errorCode: ErrorCode.UNKNOWN_PRODUCER_ID, logStartOffset: 10n })
    await world.pass(500)
    expect(world.cluster.requests).toHaveLength(0)
    expect(world.outcomes[0]?.error).toMatchObject({ possiblyPersisted: true })
  })

  it('is false if the broker forgot the producer with all its records, and a new epoch begins', async () => {
    const world = await producerWorld({ retryBackoffMs: 10 })
    await confirmedBefore(world)
    world.send('a')
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.UNKNOWN_PRODUCER_ID, logStartOffset: 10n })
    await world.pass(500)
    expect([world.next().epoch, world.next().sequence]).toEqual([1, 0])
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['a: ok'])
  })
})
