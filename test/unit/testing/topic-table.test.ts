import { expect, it, vi } from 'vitest'
import { ClusterConfig } from '../../../src/testing/cluster-config.js'
import { ClusterState } from '../../../src/testing/cluster-state.js'
import { TopicTable } from '../../../src/testing/topic-table.js'
import { ManualClock } from '../../support/manual-clock.js'

function stateOf(topics: number): ClusterState {
  let next = 0
  // Topic ids must differ.
  const random = (): number => ((next++ * 7_919) % 65_536) / 65_536
  const state = new ClusterState(new ClusterConfig({}, 1), new ManualClock(), random)
  state.nodes.set(1, { id: 1, up: true, host: '127.0.0.1', port: 9092 })
  for (let i = 0; i < topics; i++) state.createTopic({ topic: `topic-${i}` })
  return state
}

it('the cost of creating a topic does not grow with the number of topics', () => {
  const work = (topics: number): number => {
    const state = stateOf(topics)
    const names = vi.spyOn(String.prototype, 'replaceAll')
    const tables = vi.spyOn(TopicTable.prototype, 'all')
    state.createTopic({ topic: 'one.more' })
    const calls = names.mock.calls.length + tables.mock.calls.length * topics
    names.mockRestore()
    tables.mockRestore()
    return calls
  }
  expect(work(500)).toBe(work(5))
})

it('a name that differs in dots and underscores only is refused until the first topic is deleted', () => {
  const state = stateOf(0)
  expect(state.createTopic({ topic: 'a.b' }).errorCode).toBe(0)
  expect(state.createTopic({ topic: 'a_b' })).toMatchObject({
    topic: null,
    message: "Topic 'a_b' collides with existing topic: a.b",
  })
  state.topics.remove(state.topics.require('a.b'))
  expect(state.createTopic({ topic: 'a_b' }).errorCode).toBe(0)
})
