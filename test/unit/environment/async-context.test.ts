import { AsyncLocalStorage, createHook } from 'node:async_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { captureContext, outsideContexts } from '../../../src/environment/async-context.js'

const storage = new AsyncLocalStorage<string>()
// Otherwise Node follows every promise of the test files that come later in this process.
afterAll(() => storage.disable())

describe('an async context', () => {
  it('that was captured has the store of its own caller, whatever context runs it', () => {
    const contexts = ['a', 'b'].map((store) => storage.run(store, captureContext))
    const seen: (string | undefined)[] = []
    storage.run('somebody else', () => {
      for (const context of contexts)
        context?.runInAsyncScope(
          (text: string) => seen.push(`${text} ${storage.getStore()}`),
          undefined,
          'in',
        )
    })
    expect(seen).toEqual(['in a', 'in b'])
  })

  it('without a store has none, even if another store is current', () => {
    const context = captureContext()
    storage.run('somebody else', () => {
      context?.runInAsyncScope(() => expect(storage.getStore()).toBeUndefined(), undefined)
    })
    expect.assertions(1)
  })

  it('is left for work that belongs to no caller', async () => {
    const store = await storage.run(
      'somebody',
      () =>
        new Promise((resolve) => {
          outsideContexts(() => setImmediate(() => resolve(storage.getStore())))
        }),
    )
    expect(store).toBeUndefined()
    expect(storage.run('somebody', () => outsideContexts(() => 7))).toBe(7)
  })
})

/** The module as a program has it that loads it now. */
async function loaded(): Promise<{
  readonly capture: typeof captureContext
  readonly outside: typeof outsideContexts
}> {
  vi.resetModules()
  const module = await import('../../../src/environment/async-context.js')
  return { capture: module.captureContext, outside: module.outsideContexts }
}

describe('a program that loads the client late', () => {
  it('in the midst of a request leaves the store of the request out of what belongs to nobody', async () => {
    const { outside } = await storage.run('the first request', loaded)
    expect(outside(() => storage.getStore())).toBeUndefined()
    expect(storage.run('another', () => outside(() => storage.getStore()))).toBeUndefined()
  })

  it('outside of the stores that it has entered before has the store of each caller all the same', async () => {
    let begin = (): void => {}
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    let capture: typeof captureContext = () => null
    const contexts = ['a', 'b'].map((store) =>
      storage.run(store, async () => {
        await begun
        return capture()
      }),
    )
    const late = await loaded()
    expect(late.capture()).toBeNull()
    capture = late.capture
    begin()
    const stores: unknown[] = []
    for (const context of await Promise.all(contexts))
      context?.runInAsyncScope(() => stores.push(storage.getStore()), undefined)
    expect(stores).toEqual(['a', 'b'])
  })
})

it('an async hook hears that captured contexts are gone', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage: unknown = runInNewContext('gc')
  if (typeof collectGarbage !== 'function') throw new Error('this Node has no gc')
  const alive = new Set<number>()
  const hook = createHook({
    init: (id, type) => {
      if (type === 'odradek') alive.add(id)
    },
    destroy: (id) => alive.delete(id),
  }).enable()
  try {
    storage.run('somebody', () => {
      for (let i = 0; i < 1_000; i++) captureContext()
    })
    expect(alive.size).toBe(1_000)
    for (let i = 0; i < 20 && alive.size > 10; i++) {
      collectGarbage()
      await turn()
    }
    expect(alive.size).toBeLessThanOrEqual(10)
  } finally {
    hook.disable()
  }
})
