import { describe, expect, it, vi } from 'vitest'
import { NetworkError, ProtocolError, TimeoutError } from '../../../src/errors.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import type { PartitionAnswer } from '../../support/scripted-produce.js'
import { turns } from '../../support/turns.js'

vi.mock('../../../src/network/cluster.js', async () => ({
  Cluster: (await import('../../support/scripted-cluster.js')).ScriptedCluster,
}))

const UNKNOWN_SERVER_ERROR = -1
const NOT_LEADER = 6
const REQUEST_TIMED_OUT = 7
const MESSAGE_TOO_LARGE = 10
const AFTER_APPEND = 20
const OUT_OF_ORDER = 45
const DUPLICATE = 46
const UNKNOWN_PRODUCER_ID = 59
const INVALID_RECORD = 87
const lost = (): NetworkError => new NetworkError('the connection was lost', { possiblyPersisted: true })
const unansweredInTime = (): TimeoutError =>
  new TimeoutError('no answer within 500 ms', 'request', { possiblyPersisted: true })
const quick = { deliveryTimeoutMs: 1_000, requestTimeoutMs: 500 }

async function confirmed(world: World): Promise<void> {
  world.send('first')
  await turns()
  world.next().answer()
  await turns()
  world.outcomes.length = 0
}

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
    await confirmed(world)
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
    await confirmed(world)
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

describe('a batch that is out of time', () => {
  it('R6: in flight it may be in the log; nothing new is sent until its request is settled', async () => {
    const world = await producerWorld(quick)
    await confirmed(world)
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
    await confirmed(world)
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
    await confirmed(world)
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
    await confirmed(world)
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
    await confirmed(world)
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

describe('answers that no honest broker gives', () => {
  it('R16: a partition that the answer leaves out is sent again', async () => {
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
    world.next().answerOne({ errorCode: DUPLICATE })
    await turns()
    expect(world.told()).toEqual(['a: ok', 'b: ok'])
    expect(world.outcomes[1]?.metadata?.offset).toBe(-1n)
  })

  it('R16: results nobody asked for, and second results, are ignored', async () => {
    const world = await producerWorld()
    world.send('a')
    await turns()
    const result = (index: number, answer: PartitionAnswer) => ({
      index,
      errorCode: 0,
      baseOffset: 5n,
      logAppendTimeMs: -1n,
      logStartOffset: 0n,
      recordErrors: [],
      errorMessage: null,
      currentLeader: null,
      ...answer,
    })
    const { topicId } = world.next().batch
    world.next().respond({
      topics: [
        { name: 'elsewhere', topicId, partitions: [result(0, { errorCode: 1 })] },
        {
          name: 't',
          topicId,
          partitions: [result(9, { errorCode: 1 }), result(0, {}), result(0, { baseOffset: 8n })],
        },
      ],
      throttleTimeMs: 0,
      nodeEndpoints: [],
    })
    await turns()
    expect(world.outcomes.map(({ metadata }) => metadata?.offset)).toEqual([5n])
  })

  it('a code that nobody knows fails the batch with the code kept, and the next one starts an epoch', async () => {
    const world = await producerWorld()
    await confirmed(world)
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

  it('OUT_OF_ORDER for ever ends with the time of the batch, with a pause before each attempt', async () => {
    const world = await producerWorld(quick)
    world.send('a')
    await turns()
    for (let i = 0; i < 200 && world.outcomes.length === 0; i++) {
      world.cluster.requests[0]?.answerOne({ errorCode: OUT_OF_ORDER })
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
    world.next().answerOne({ errorCode: MESSAGE_TOO_LARGE })
    await turns()
    expect(world.told()).toEqual(['a: RECORD_TOO_LARGE', 'b: RECORD_TOO_LARGE'])
    expect(world.outcomes[0]?.error?.possiblyPersisted).toBe(true)
    expect(world.outcomes[0]?.error?.message).toContain('a batch of 2 record(s)')
  })

  it('KIP-467: the records at fault get their reason, the others are told to come again', async () => {
    const world = await producerWorld()
    for (const value of ['a', 'b', 'c']) world.send(value)
    await turns()
    const recordErrors = [{ batchIndex: 1, message: 'no key' }]
    world.next().answerOne({ errorCode: INVALID_RECORD, recordErrors, errorMessage: 'bad records' })
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
