// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { NetworkError } from '../../../src/errors.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

/** Memory for 16 batches of one record each, and for 5 more records that wait. */
const narrow = { batchSize: 512, bufferMemory: 8_192, maxBlockMs: 1_000 }
const large = 'x'.repeat(400)

describe('a topic that was deleted and created again', () => {
  const OLD = '00000000-0000-0000-0000-00000000000a'
  const NEW = '00000000-0000-0000-0000-00000000000b'

  it('R9: gets no record that was meant for the old one, and has a new epoch', async () => {
    const world = await producerWorld({}, { leaders: [] })
    world.cluster.setTopic('t', [[1, 0]], OLD)
    world.send('a')
    await turns()
    const old = world.next()
    world.send('b')
    await turns()
    world.cluster.setTopic('t', [[1, 0]], NEW)
    await turns()
    world.send('c')
    await turns()
    expect([world.cluster.requests[1]?.epoch, world.cluster.requests[1]?.sequence]).toEqual([1, 0])
    expect(world.cluster.requests[1]?.batch.topicId).toBe(NEW)
    old.answerOne({ errorCode: ErrorCode.UNKNOWN_TOPIC_ID })
    await world.pass(2_000)
    expect(world.told()).toEqual(['a: UNKNOWN_TOPIC_ID', 'b: UNKNOWN_TOPIC_ID'])
    expect(world.cluster.requests.map(({ values }) => values)).toEqual([['c']])
  })

  it.each([10, 45, 47])('gets no record of the old one when that answers %i', async (errorCode) => {
    const world = await producerWorld({}, { leaders: [] })
    world.cluster.setTopic('t', [[1, 0]], OLD)
    world.send('a')
    world.send('b')
    await turns()
    world.cluster.setTopic('t', [[1, 0]], NEW)
    world.next().answerOne({ errorCode })
    await world.pass(2_000)
    expect(world.cluster.requests).toHaveLength(0)
    expect(world.outcomes.map(({ error }) => error === null)).toEqual([false, false])
  })

  it.each([
    ['NOT_LEADER_OR_FOLLOWER', 'NOT_LEADER_OR_FOLLOWER', 'they belong there', false],
    ['MESSAGE_TOO_LARGE', 'RECORD_TOO_LARGE', 'they belong there', false],
    ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'OUT_OF_ORDER_SEQUENCE_NUMBER', 'they belong there', false],
    ['INVALID_PRODUCER_EPOCH', 'INVALID_PRODUCER_EPOCH', 'they belong there', false],
    ['REQUEST_TIMED_OUT', 'REQUEST_TIMED_OUT', 'may have reached the log of either', true],
  ] as const)(
    'is the reason of what the old one answers with %s later',
    async (answer, code, advice, possiblyPersisted) => {
      const world = await producerWorld({}, { leaders: [] })
      world.cluster.setTopic('t', [[1, 0]], OLD)
      world.send('a')
      world.send('b')
      await turns()
      const request = world.next()
      world.cluster.setTopic('t', [[1, 0]], NEW)
      await turns()
      request.answerOne({ errorCode: ErrorCode[answer] })
      await turns()
      const recreated = { code: 'UNKNOWN_TOPIC_ID', retriable: false, possiblyPersisted, cause: { code } }
      expect(world.outcomes.map(({ error }) => error)).toMatchObject([recreated, recreated])
      expect(world.outcomes[0]?.error?.message).toContain(advice)
    },
  )

  it('is the reason of what the old one does not answer any more', async () => {
    const world = await producerWorld({}, { leaders: [] })
    world.cluster.setTopic('t', [[1, 0]], OLD)
    world.send('a')
    await turns()
    const request = world.next()
    world.cluster.setTopic('t', [[1, 0]], NEW)
    await turns()
    request.fail(new NetworkError('the connection was lost', { possiblyPersisted: true }))
    await turns()
    expect(world.outcomes[0]?.error).toMatchObject({
      code: 'UNKNOWN_TOPIC_ID',
      possiblyPersisted: true,
      cause: { code: 'NETWORK' },
    })
  })

  it('does not change the reason of what no retry would mend', async () => {
    const world = await producerWorld({}, { leaders: [] })
    world.cluster.setTopic('t', [[1, 0]], OLD)
    world.send('a')
    await turns()
    const request = world.next()
    world.cluster.setTopic('t', [[1, 0]], NEW)
    await turns()
    request.answerOne({ errorCode: ErrorCode.TOPIC_AUTHORIZATION_FAILED })
    await turns()
    expect(world.told()).toEqual(['a: TOPIC_AUTHORIZATION_FAILED'])
  })

  it('gets no record that waited for memory of the old ones', async () => {
    const world = await producerWorld(narrow, { leaders: [] })
    world.cluster.setTopic('t', [[1, 0]], OLD)
    world.node(1).isThrottled = true
    for (let i = 0; i < 18; i++) world.send(`${i}${large}`)
    await turns()
    world.cluster.setTopic('t', [[1, 0]], NEW)
    world.node(1).throttle(false)
    await turns()
    expect(world.cluster.requests).toHaveLength(0)
    expect(world.told()).toEqual(Array.from({ length: 18 }, (_, i) => `${i}${large}: UNKNOWN_TOPIC_ID`))
    expect(world.producer.traffic.heldBytes).toBe(0)
  })

  it('fails a record as possibly persisted if it may be in the old one', async () => {
    const world = await producerWorld({ retryBackoffMs: 1_000 }, { leaders: [] })
    world.cluster.setTopic('t', [[1, 0]], OLD)
    world.send('a')
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.KAFKA_STORAGE_ERROR, baseOffset: 0n })
    await turns()
    world.cluster.setTopic('t', [[1, 0]], NEW)
    await turns()
    const [{ error } = { error: null }] = world.outcomes
    expect(error).toMatchObject({ code: 'UNKNOWN_TOPIC_ID', possiblyPersisted: true })
    expect(error?.message).toContain('may have reached the log of either')
    expect(error?.message).not.toContain('send them again')
  })

  it('gets records that a callback sends after the failure', async () => {
    const world = await producerWorld({ maxBlockMs: 1_000 }, { leaders: [] })
    world.cluster.setTopic('t', [[1, 0]], OLD)
    world.node(1).isThrottled = true
    world.producer.send({ topic: 't', value: 'a' }, (error) => {
      if (error !== null) world.producer.send({ topic: 't', value: 'again' }, () => {})
    })
    await turns()
    world.cluster.setTopic('t', [[1, 0]], NEW)
    world.node(1).throttle(false)
    await turns()
    expect(world.next().values).toEqual(['again'])
    expect(world.next().batch.topicId).toBe(NEW)
  })
})
