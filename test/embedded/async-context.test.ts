import { AsyncLocalStorage } from 'node:async_hooks'
import { expect, it } from 'vitest'
import { Producer } from '../../src/index.js'
import { EmbeddedCluster } from '../../src/testing/index.js'

const TASKS = 20
const RECORDS = 50

it('a thousand callbacks of twenty callers at a time run each in the store of its own caller', async () => {
  const storage = new AsyncLocalStorage<number>()
  await using cluster = await EmbeddedCluster.start({ topics: ['t'] })
  await using producer = new Producer({ bootstrapServers: cluster.bootstrapServers })
  const send = (): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      producer.send({ topic: 't', value: 'v' }, (error) => {
        if (error === null) resolve(storage.getStore())
        else reject(error)
      })
    })
  const stores = await Promise.all(
    Array.from({ length: TASKS }, (_, task) =>
      storage.run(task, async () => {
        const seen: unknown[] = []
        for (let i = 0; i < RECORDS; i++) seen.push(await send())
        return seen
      }),
    ),
  )
  expect(stores).toEqual(stores.map((_, task) => Array(RECORDS).fill(task)))
})
