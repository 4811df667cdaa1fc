import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { PRODUCER_ENDINGS } from '../../support/producer-endings.js'
import { PRODUCER_STATES } from '../../support/producer-states.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

/** A world in the state, with one more record that waits with a signal. */
async function worldIn(
  state: (typeof PRODUCER_STATES)[number],
): Promise<{ world: World; signal: AbortSignal }> {
  const world = await producerWorld(state.config, state.options)
  const { signal } = new AbortController()
  world.producer.send({ topic: 'unknown', value: 'x' }, { signal }).catch(() => {})
  await state.enter(world)
  return { world, signal }
}

describe.each(PRODUCER_STATES)('when $name', (state) => {
  it.each(PRODUCER_ENDINGS)('$name ends within its $timeoutMs ms', async ({ timeoutMs, run }) => {
    const { world, signal } = await worldIn(state)
    let isOver = false
    const end = (): void => {
      isOver = true
    }
    run(world.producer, signal).then(end, end)
    await turns()
    await world.pass(Math.max(timeoutMs, 1))
    await turns()
    expect(isOver).toBe(true)
    await leavesNothing(world, signal)
    expect(world.producer.traffic.heldBytes > 0).toBe(state.isReadForEver === true)
  })
})

/** A closed producer has settled every record once, and leaves no timer, socket or listener. */
async function leavesNothing(world: World, signal: AbortSignal): Promise<void> {
  await world.producer.close({ timeoutMs: 0 })
  await turns()
  expect(world.outcomes.length).toBe(world.sends)
  expect(world.clock.pending).toBe(0)
  expect(world.cluster.isClosed).toBe(true)
  expect(world.cluster.requests).toHaveLength(0)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
}
