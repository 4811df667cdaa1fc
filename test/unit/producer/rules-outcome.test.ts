import { describe, expect, it, vi } from 'vitest'
import { ProtocolError, TimeoutError } from '../../../src/errors.js'
import { confirmedBefore, lost } from '../../support/producer-scenes.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

vi.mock('../../../src/network/cluster.js', async () => ({
  Cluster: (await import('../../support/scripted-cluster.js')).ScriptedCluster,
}))

const UNKNOWN_SERVER_ERROR = -1
const NOT_LEADER = 6
const REQUEST_TIMED_OUT = 7
const AFTER_APPEND = 20
const UNKNOWN_PRODUCER_ID = 59
const unansweredInTime = (): TimeoutError =>
  new TimeoutError('no answer within 500 ms', 'request', { possiblyPersisted: true })

describe('what is known of a record that failed', () => {
  const maybe: readonly (readonly [string, (world: World) => void])[] = [
    ['a lost connection', (world) => world.next().fail(lost())],
    ['a request timeout', (world) => world.next().fail(unansweredInTime())],
    ['REQUEST_TIMED_OUT', (world) => world.next().answerOne({ errorCode: REQUEST_TIMED_OUT })],
    ['NOT_ENOUGH_REPLICAS_AFTER_APPEND', (world) => world.next().answerOne({ errorCode: AFTER_APPEND })],
    [
      'an offset beside an error',
      (world) => world.next().answerOne({ errorCode: NOT_LEADER, baseOffset: 7n }),
    ],
    ['an answer without the partition', (world) => world.next().answer({ 't-0': null })],
  ]
  it.each(maybe)('R5: after %s a clean refusal does not make it certain', async (_what, doubt) => {
    const world = await producerWorld({ retries: 1, retryBackoffMs: 10 })
    world.send('a')
    await turns()
    doubt(world)
    await world.pass(500)
    world.next().answerOne({ errorCode: NOT_LEADER })
    await turns()
    expect(world.outcomes[0]?.error).toMatchObject({
      code: 'NOT_LEADER_OR_FOLLOWER',
      possiblyPersisted: true,
      attempts: 2,
      topic: 't',
      partition: 0,
    })
  })

  it('R5: nor does an error that no connection was needed for', async () => {
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

  it('R5: UNKNOWN_SERVER_ERROR is not tried again, and leaves open whether it is in the log', async () => {
    const world = await producerWorld({ retryBackoffMs: 10 })
    await confirmedBefore(world)
    world.send('a')
    await turns()
    world.next().answerOne({ errorCode: UNKNOWN_SERVER_ERROR })
    await world.pass(500)
    expect(world.cluster.requests).toHaveLength(0)
    expect(world.outcomes[0]?.error).toMatchObject({
      code: 'UNKNOWN_SERVER_ERROR',
      possiblyPersisted: true,
      attempts: 1,
      topic: 't',
      partition: 0,
    })
    // Whether the log goes on behind it nobody knows, so what follows begins a new row.
    world.send('b')
    await turns()
    expect([world.next().values, world.next().epoch, world.next().sequence]).toEqual([['b'], 1, 0])
  })

  it('R5: clean refusals alone leave it certain', async () => {
    const world = await producerWorld({ retries: 1, retryBackoffMs: 10 })
    world.send('a')
    await turns()
    world.next().answerOne({ errorCode: NOT_LEADER })
    await world.pass(500)
    world.next().answerOne({ errorCode: NOT_LEADER })
    await turns()
    expect(world.outcomes[0]?.error).toMatchObject({ possiblyPersisted: false, attempts: 2 })
  })

  it('R5: a broker that forgot the producer proves nothing before the first acknowledgement', async () => {
    const world = await producerWorld({ retryBackoffMs: 10 })
    world.send('a')
    await turns()
    world.next().fail(lost())
    await world.pass(500)
    // The log begins at 10 because of what others wrote; where ours may be, nobody knows.
    world.next().answerOne({ errorCode: UNKNOWN_PRODUCER_ID, logStartOffset: 10n })
    await world.pass(500)
    expect(world.cluster.requests).toHaveLength(0)
    expect(world.outcomes[0]?.error).toMatchObject({ possiblyPersisted: true })
  })

  it('a broker that forgot the producer with all its records is asked again in a new epoch', async () => {
    const world = await producerWorld({ retryBackoffMs: 10 })
    await confirmedBefore(world)
    world.send('a')
    await turns()
    world.next().answerOne({ errorCode: UNKNOWN_PRODUCER_ID, logStartOffset: 10n })
    await world.pass(500)
    expect([world.next().epoch, world.next().sequence]).toEqual([1, 0])
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['a: ok'])
  })
})
