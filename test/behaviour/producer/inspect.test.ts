import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { producerWorld } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

it('a printed producer shows its client id, its brokers, its memory and its state', async () => {
  const world = await producerWorld({ clientId: 'orders' })
  const seen = (): string => inspect(world.producer, { compact: false, depth: 3 })
  world.send('a')
  await turns()
  expect(seen()).toMatch(/^Producer \{\n {2}clientId: 'orders',\n {2}state: 'open',\n/)
  expect(seen()).toContain("bootstrapServers: [\n    'broker:9092'\n  ]")
  expect(seen()).toContain("brokers: [\n    'broker:9093 (node 1), connected'\n  ]")
  expect(seen()).toMatch(/topics: 1,\n {2}heldBytes: [1-9]\d*,\n {2}requestsInFlight: 1\n/)
  const closed = world.producer.close()
  expect(seen()).toContain("state: 'closing'")
  await turns()
  world.next().answer()
  await closed
  expect(seen()).toContain("state: 'closed'")
  expect(seen()).toContain('heldBytes: 0')
})
