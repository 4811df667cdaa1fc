import { getEventListeners } from 'node:events'
import { describe, expect, it, vi } from 'vitest'
import type { Producer } from '../../../src/producer/producer.js'
import { PRODUCER_STATES } from '../../support/producer-states.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

vi.mock('../../../src/network/cluster.js', async () => ({
  Cluster: (await import('../../support/scripted-cluster.js')).ScriptedCluster,
}))

interface Ending {
  readonly name: string
  readonly timeoutMs: number
  readonly run: (producer: Producer, signal: AbortSignal) => Promise<void>
}

/** Everything that is to be over within its time. */
const ENDINGS: readonly Ending[] = [
  { name: 'flush', timeoutMs: 500, run: (producer) => producer.flush({ timeoutMs: 500 }) },
  { name: 'flush', timeoutMs: 0, run: (producer) => producer.flush({ timeoutMs: 0 }) },
  {
    name: 'flush under a signal',
    timeoutMs: 500,
    run: (producer, signal) => producer.flush({ timeoutMs: 500, signal }),
  },
  {
    name: 'two flushes',
    timeoutMs: 500,
    run: async (producer) => {
      await Promise.allSettled([producer.flush({ timeoutMs: 500 }), producer.flush({ timeoutMs: 200 })])
    },
  },
  { name: 'close', timeoutMs: 500, run: (producer) => producer.close({ timeoutMs: 500 }) },
  { name: 'close', timeoutMs: 0, run: (producer) => producer.close({ timeoutMs: 0 }) },
  {
    name: 'a close that a second one shortens',
    timeoutMs: 500,
    run: async (producer) => {
      await Promise.all([producer.close(), producer.close({ timeoutMs: 500 })])
    },
  },
  {
    name: 'a close that a second one would prolong',
    timeoutMs: 500,
    run: async (producer) => {
      await Promise.all([producer.close({ timeoutMs: 500 }), producer.close({ timeoutMs: 60_000 })])
    },
  },
  {
    name: 'a close during a flush',
    timeoutMs: 500,
    run: async (producer) => {
      await Promise.allSettled([producer.flush({ timeoutMs: 60_000 }), producer.close({ timeoutMs: 500 })])
    },
  },
  {
    name: 'a flush during a close',
    timeoutMs: 500,
    run: async (producer, signal) => {
      void producer.close({ timeoutMs: 60_000 })
      await producer.flush({ timeoutMs: 500, signal })
    },
  },
]

/** A world in the state, with one more record that waits under a signal. */
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
  it.each(ENDINGS)('$name ends within its $timeoutMs ms', async ({ timeoutMs, run }) => {
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

/** However it got there: when it is closed, every record has had one outcome, and nothing is left that could still happen. */
async function leavesNothing(world: World, signal: AbortSignal): Promise<void> {
  await world.producer.close({ timeoutMs: 0 })
  await turns()
  expect(world.outcomes.length).toBe(world.sends)
  expect(world.clock.pending).toBe(0)
  expect(world.cluster.isClosed).toBe(true)
  expect(world.cluster.requests).toHaveLength(0)
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
}
