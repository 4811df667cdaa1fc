import { AsyncLocalStorage } from 'node:async_hooks'
import { afterAll, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

const storage = new AsyncLocalStorage<string>()
// Otherwise Node follows every promise of the test files that come later in this process.
afterAll(() => storage.disable())
const callers = Array.from({ length: 20 }, (_, i) => `caller ${i}`)

/** Every caller sends with a callback from its own store, and records the store that the callback runs in. */
function sendFromStores(world: World): [sender: string, store: string | undefined][] {
  const heard: [string, string | undefined][] = []
  for (const caller of callers)
    storage.run(caller, () =>
      world.producer.send({ topic: 't', partition: 0, value: caller }, () =>
        heard.push([caller, storage.getStore()]),
      ),
    )
  return heard
}

const own = callers.map((caller) => [caller, caller])

describe('callbacks run in the async context of their own caller', () => {
  it('on success', async () => {
    const world = await producerWorld()
    const heard = sendFromStores(world)
    await turns()
    storage.run('the answer', () => world.next().answer())
    await turns()
    expect(heard).toEqual(own)
  })

  it('on failure in a batch', async () => {
    const world = await producerWorld()
    const heard = sendFromStores(world)
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.INVALID_TIMESTAMP })
    await turns()
    expect(heard).toEqual(own)
  })

  it('on failure while they wait for metadata', async () => {
    const world = await producerWorld({ maxBlockMs: 100 }, { leaders: [] })
    const heard = sendFromStores(world)
    await world.pass(200)
    expect(heard).toEqual(own)
  })

  it('for a record that is refused', async () => {
    const world = await producerWorld()
    const heard: unknown[] = []
    for (const caller of callers)
      storage.run(caller, () =>
        world.producer.send({ topic: 't', value: 'x'.repeat(2_000_000) }, (error) =>
          heard.push([error?.code, storage.getStore()]),
        ),
      )
    await turns()
    expect(heard).toEqual(callers.map((caller) => ['RECORD_TOO_LARGE', caller]))
  })

  it('and in no context if their caller has none', async () => {
    const world = await producerWorld()
    const heard: unknown[] = []
    storage.run('somebody', () => world.producer.produce({ topic: 't', partition: 0, value: 'x' }))
    world.producer.send({ topic: 't', partition: 0, value: 'y' }, () => heard.push(storage.getStore()))
    await turns()
    storage.run('the answer', () => world.next().answer())
    await turns()
    expect(heard).toEqual([undefined])
  })
})

describe('deliveryError is emitted in the async context of the record’s own caller', () => {
  it.each([
    ['from a batch', {}, [[1, 0]], 'INVALID_TIMESTAMP'],
    ['while it waits for metadata', { maxBlockMs: 100 }, [], 'TIMEOUT'],
    ['that is refused', { maxRequestSize: 70 }, [[1, 0]], 'RECORD_TOO_LARGE'],
  ] as const)('%s', async (_, config, leaders, code) => {
    const world = await producerWorld(config, { leaders })
    const heard: unknown[] = []
    storage.run('the listener', () =>
      world.producer.on('deliveryError', (error, { value }) =>
        heard.push([error.code, String(value), storage.getStore()]),
      ),
    )
    for (const caller of callers)
      storage.run(caller, () => world.producer.produce({ topic: 't', partition: 0, value: caller }))
    await turns()
    world.cluster.requests[0]?.answerOne({ errorCode: ErrorCode.INVALID_TIMESTAMP })
    await world.pass(200)
    const values = heard.map((line) => (line as string[])[1])
    expect(heard).toEqual(callers.map((caller) => [code, expect.anything(), caller]))
    expect(values.map((value) => Buffer.from(value ?? '').length > 0)).toEqual(callers.map(() => true))
  })
})

describe('functions of the user that the producer calls later', () => {
  it('a partitioner runs in the async context of the record’s own caller, or outside of every context', async () => {
    const stores: unknown[] = []
    const partitioner = ({ value }: { value: unknown }): number => {
      stores.push([value, storage.getStore()])
      return 0
    }
    const world = await producerWorld({ partitioner }, { leaders: [] })
    storage.run('a', () => world.producer.produce({ topic: 't', value: 'produced' }))
    storage.run('b', () => world.producer.send({ topic: 't', value: 'with a callback' }, () => {}))
    storage.run('c', () => void world.producer.send({ topic: 't', value: 'with a promise' }))
    await turns()
    storage.run('the answer', () => world.cluster.setTopic('t', [[1, 0]]))
    await turns()
    expect(stores).toEqual([
      ['produced', 'a'],
      ['with a callback', 'b'],
      ['with a promise', undefined],
    ])
    world.next().answer()
  })

  it('a listener of an event that is no record’s runs outside of every context', async () => {
    const world = await producerWorld({ batchSize: 512, bufferMemory: 2_048, maxBlockMs: 1_000 })
    const stores: unknown[] = []
    world.producer.on('drain', () => stores.push(storage.getStore()))
    storage.run('a', () => {
      for (let i = 0; i < 3; i++) world.producer.produce({ topic: 't', partition: 0, value: 'x'.repeat(400) })
    })
    await turns()
    for (let i = 0; i < 3; i++) {
      storage.run('the answer', () => world.next().answer())
      await turns()
    }
    expect(stores).toEqual([undefined])
  })
})
