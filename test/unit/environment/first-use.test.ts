import { describe, expect, it } from 'vitest'
import { onFirstUse } from '../../../src/environment/first-use.js'

/** A class with the methods of AsyncLocalStorage. */
function storageClass() {
  return class Storage {
    readonly calls: unknown[] = []

    run(store: unknown, callback: (...args: unknown[]) => unknown, ...args: unknown[]): unknown {
      this.calls.push(['run', store])
      return callback(...args)
    }

    enterWith(store: unknown): void {
      this.calls.push(['enterWith', store])
    }
  }
}

describe('the first use of a class of stores', () => {
  it.each(['run', 'enterWith'] as const)('is reported once, before %s does its work', (name) => {
    const Storage = storageClass()
    const { run, enterWith } = Storage.prototype
    const storage = new Storage()
    let used = 0
    expect(
      onFirstUse(Storage.prototype, () => {
        used++
        expect(storage.calls).toEqual([])
      }),
    ).toBe(true)
    expect(used).toBe(0)
    storage[name]('a', () => 1)
    new Storage().enterWith('b')
    expect([used, storage.calls]).toEqual([1, [[name, 'a']]])
    // None of our methods is left.
    expect([Storage.prototype.run, Storage.prototype.enterWith]).toEqual([run, enterWith])
  })

  it('changes neither the arguments nor the results', () => {
    const Storage = storageClass()
    onFirstUse(Storage.prototype, () => {})
    const sum = (...args: unknown[]): unknown => args.reduce<number>((total, arg) => total + Number(arg), 0)
    expect(new Storage().run('a', sum, 1, 2, 3)).toBe(6)
    expect(Object.keys(Storage.prototype)).toEqual([])
  })

  it('is reported to every observer, and restores the methods', () => {
    const Storage = storageClass()
    const { run } = Storage.prototype
    const told: string[] = []
    onFirstUse(Storage.prototype, () => told.push('first'))
    onFirstUse(Storage.prototype, () => told.push('second'))
    new Storage().run('a', () => {})
    new Storage().run('a', () => {})
    expect([told, Storage.prototype.run]).toEqual([['second', 'first'], run])
  })

  it('leaves in place a method that a program has put over ours', () => {
    const Storage = storageClass()
    onFirstUse(Storage.prototype, () => {})
    const ours = Storage.prototype.run
    const theirs = function (this: unknown, ...args: Parameters<typeof ours>): unknown {
      return Reflect.apply(ours, this, args)
    }
    Storage.prototype.run = theirs
    expect(new Storage().run('a', () => 5)).toBe(5)
    expect(Storage.prototype.run).toBe(theirs)
    expect(new Storage().run('a', () => 6)).toBe(6)
  })

  it('cannot be observed if the class is frozen', () => {
    const Storage = storageClass()
    const { run } = Storage.prototype
    Object.freeze(Storage.prototype)
    expect(onFirstUse(Storage.prototype, () => {})).toBe(false)
    expect(Storage.prototype.run).toBe(run)
  })
})
