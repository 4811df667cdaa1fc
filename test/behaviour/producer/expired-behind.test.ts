import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

const quick = {
  enableIdempotence: false,
  maxInFlightRequestsPerConnection: 1,
  requestTimeoutMs: 1_000,
  deliveryTimeoutMs: 1_000,
}
const leaders: [number, number][] = [
  [1, 0],
  [1, 0],
]

/** The error of the second record if the first one is never answered. */
async function behind(
  world: World,
  partition: number,
  between = (): void => {},
): Promise<string | undefined> {
  world.send('a')
  await world.pass(40)
  between()
  world.send('b', { partition })
  await world.pass(1_100)
  expect(world.told()).toEqual(['a: TIMEOUT', 'b: TIMEOUT'])
  await turns()
  return world.outcomes[1]?.error?.message.replace(/^.*since the first of them\): /, '')
}

describe('a record behind a request without a response fails with the reason', () => {
  it('that the broker is busy', async () => {
    const world = await producerWorld(quick, { leaders })
    expect(await behind(world, 1)).toBe(
      'they were never sent: broker broker:9093 (node 1) is busy with 1 request(s); they are not in the log',
    )
  })

  it('that the request is for its own partition', async () => {
    const world = await producerWorld({ ...quick, maxInFlightRequestsPerConnection: 5 }, { leaders })
    const moved = (): void => world.cluster.setTopic('t', [[2, 1]])
    expect(await behind(world, 0, moved)).toBe(
      'they were never sent: broker 1 has not answered earlier ones for the partition; they are not in the log',
    )
  })

  it('that the outcome of an earlier batch is unknown', async () => {
    const world = await producerWorld({ ...quick, enableIdempotence: true }, { leaders })
    expect(await behind(world, 0)).toBe(
      'they were never sent: they waited behind a batch whose outcome is unknown; they are not in the log',
    )
  })
})

it('a record fails without a reason if none is known', async () => {
  const world = await producerWorld({ ...quick, maxInFlightRequestsPerConnection: 5 }, { leaders })
  world.node(1).throttle(true)
  world.send('a')
  await world.pass(980)
  // The request is over, but the producer has not run since.
  world.node(1).isThrottled = false
  await world.pass(100)
  expect(world.outcomes[0]?.error?.message).toMatch(
    /since the first of them\): they were never sent; they are not in the log$/,
  )
})

it('a record that waits for a retry names the later one that it waits for', async () => {
  const world = await producerWorld({ requestTimeoutMs: 2_000, deliveryTimeoutMs: 2_000, retryBackoffMs: 10 })
  world.send('first')
  await turns()
  world.next().answer()
  await turns()
  for (const value of ['a', 'b']) {
    world.send(value)
    await turns()
  }
  world.next().answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
  await world.pass(2_100)
  const [, a] = world.outcomes
  expect(a?.error?.message).toContain('broker 1 has not answered other ones for the partition')
})
