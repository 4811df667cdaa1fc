// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { NetworkError } from '../../../../src/errors.js'
import { ErrorCode } from '../../../../src/protocol/error-codes.js'
import { producerWorld, type World } from '../../../support/producer-world.js'
import { SeededRandom } from '../../../support/random.js'
import { turns } from '../../../support/turns.js'

const LAST_EPOCH = 32_767
const OLD = '00000000-0000-0000-0000-00000000000a'
const NEW = '00000000-0000-0000-0000-00000000000b'

/** A producer with an id that the leader knows, and with `a` and `b` in flight in a batch each. */
async function twoInFlight(): Promise<World> {
  const world = await producerWorld(
    { retryBackoffMs: 100, deliveryTimeoutMs: 2_000, requestTimeoutMs: 1_000 },
    { leaders: [] },
  )
  world.cluster.setTopic('t', [[1, 0]], OLD)
  for (const value of ['first', 'a', 'b']) {
    world.send(value)
    await turns()
    if (value === 'first') world.next().answer()
    await turns()
  }
  world.outcomes.length = 0
  return world
}

/** The first batch is to be sent again, and the second one is in the log. */
async function secondAcknowledged(): Promise<World> {
  const world = await twoInFlight()
  world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND, baseOffset: 1n })
  await turns()
  world.next().answerOne({ baseOffset: 2n })
  await turns()
  return world
}

describe('the order in which records of a partition settle', () => {
  it('R13: is that of the sends even if a batch is sent again and the next one is in the log', async () => {
    const world = await secondAcknowledged()
    let isFlushed = false
    void world.producer.flush().then(() => {
      isFlushed = true
    })
    await turns()
    expect(world.told()).toEqual([])
    expect(isFlushed).toBe(false)
    await world.pass(200)
    world.next().answerOne({ baseOffset: 1n })
    await turns()
    expect(world.told()).toEqual(['a: ok', 'b: ok'])
    expect(world.outcomes.map(({ metadata }) => metadata?.offset)).toEqual([1n, 2n])
    expect(isFlushed).toBe(true)
    expect(world.producer.traffic.heldBytes).toBe(0)
  })

  it('is that of the sends even if the next batch is refused for good', async () => {
    const world = await twoInFlight()
    world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.INVALID_RECORD })
    await turns()
    expect(world.told()).toEqual([])
    await world.pass(200)
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['a: ok', 'b: INVALID_RECORD'])
    expect(world.producer.traffic.heldBytes).toBe(0)
  })

  it('R13: delays no outcome beyond delivery.timeout.ms', async () => {
    const world = await secondAcknowledged()
    world.node(1).isThrottled = true
    await world.pass(2_000)
    expect(world.told()).toEqual(['a: TIMEOUT', 'b: ok'])
  })

  it('R13: does not turn an acknowledged record into a failure when the producer is closed', async () => {
    const world = await secondAcknowledged()
    await world.producer.close({ timeoutMs: 0 })
    expect(world.told()).toEqual(['a: PRODUCER_CLOSED', 'b: ok'])
    expect(world.outcomes[0]?.error?.possiblyPersisted).toBe(true)
    await turns()
    expect(world.producer.traffic.heldBytes).toBe(0)
    expect(world.clock.pending).toBe(0)
  })

  it('is that of the sends even if the topic is created again meanwhile', async () => {
    const world = await secondAcknowledged()
    world.cluster.setTopic('t', [[1, 0]], NEW)
    await turns()
    expect(world.told()).toEqual(['a: UNKNOWN_TOPIC_ID', 'b: ok'])
  })

  it('R11: keeps the memory of an acknowledged batch until its outcome is delivered', async () => {
    const world = await twoInFlight()
    const [first, second] = world.cluster.requests
    first?.answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND })
    await turns()
    const { live, bytes } = second?.batch ?? first?.batch ?? world.next().batch
    second?.answer()
    await turns()
    for (let i = 0; i < 50; i++) world.send(`x${i}`, { topic: 'other' })
    world.cluster.setTopic('other', [[1, 0]])
    await turns()
    expect(bytes.equals(live)).toBe(true)
    expect(world.told()).toEqual([])
  })

  it('is that of the sends for a record that is sent again from a callback', async () => {
    const world = await secondAcknowledged()
    world.producer.send({ topic: 't', partition: 0, value: 'c' }, () => world.send('from a callback'))
    await world.pass(200)
    for (let i = 0; i < 4; i++) {
      world.cluster.requests[0]?.answer()
      await turns()
    }
    expect(world.told()).toEqual(['a: ok', 'b: ok', 'from a callback: ok'])
  })

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'is that of the sends for any responses (seed %i)',
    async (seed) => {
      const random = new SeededRandom(seed)
      const world = await producerWorld({
        retryBackoffMs: 20,
        deliveryTimeoutMs: 1_000,
        requestTimeoutMs: 500,
        retries: random.pick([1, 2_147_483_647]),
        enableIdempotence: random.oneIn(4) ? false : undefined,
      })
      let sent = 0
      for (let step = 0; step < 200; step++) {
        world.send(String(sent++))
        await turns(1)
        for (const request of [...world.cluster.requests]) {
          if (random.oneIn(3)) continue
          if (random.oneIn(10)) request.fail(new NetworkError('no', { possiblyPersisted: true }))
          else request.answerOne({ errorCode: random.pick([0, 0, 0, 6, 7, 10, 19, 20, 45, 46, 87]) })
        }
        await world.pass(random.pick([0, 0, 20]))
      }
      const closed = world.producer.close({ timeoutMs: random.pick([0, 500]) })
      await world.pass(1_000)
      await closed
      await turns()
      expect(world.outcomes.map(({ value }) => Number(value))).toEqual(
        Array.from({ length: sent }, (_, i) => i),
      )
    },
  )

  it('R13: is that of the sends if several fail without a producer id after a later one was refused', async () => {
    const world = await producerWorld({ retryBackoffMs: 100 })
    const given = { throttleTimeMs: 0, errorCode: ErrorCode.NONE, producerId: 7n, producerEpoch: LAST_EPOCH }
    world.cluster.answerProducerId = () => given
    for (const value of ['first', 'a', 'b', 'c']) {
      world.send(value)
      await turns()
      if (value === 'first') world.next().answer()
      await turns()
    }
    world.outcomes.length = 0
    const answers = [
      ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
      ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
      ErrorCode.INVALID_RECORD,
    ]
    expect(world.cluster.requests).toHaveLength(answers.length)
    world.cluster.answerProducerId = () => ({ ...given, errorCode: ErrorCode.CLUSTER_AUTHORIZATION_FAILED })
    for (const errorCode of answers) {
      world.next().answerOne({ errorCode })
      await turns()
    }
    await world.pass(1_000)
    const refused = 'CLUSTER_AUTHORIZATION_FAILED'
    expect(world.told()).toEqual([`a: ${refused}`, `b: ${refused}`, 'c: INVALID_RECORD'])
    // They were sent and refused, which is not the same as never sent.
    const known = { topic: 't', partition: 0, attempts: 1, possiblyPersisted: false }
    expect(world.outcomes.slice(0, 2).map(({ error }) => error)).toMatchObject([known, known])
  })
})
