import { afterEach, expect, test, vi } from 'vitest'
import { Producer } from '../../src/index.js'
import { EmbeddedCluster } from '../../src/testing/index.js'

afterEach(() => {
  vi.useRealTimers()
})

test('a program whose timers are faked sends as ever', async () => {
  const timestamp = Date.UTC(2001, 1, 3)
  vi.useFakeTimers({ now: timestamp })
  await using cluster = await EmbeddedCluster.start()
  await using producer = new Producer({ bootstrapServers: cluster.bootstrapServers, lingerMs: 1 })
  const sent = await producer.send({ topic: 'created-by-the-first-record', value: 'x' })
  // What the test says the time is, is what its records say.
  expect(sent).toMatchObject({ offset: 0n, timestamp })
  await producer.flush()
  expect(vi.getTimerCount()).toBe(0)
})
