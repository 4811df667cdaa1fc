import { describe, expect, it } from 'vitest'
import { Flushes } from '../../../../src/producer/accumulator/flushes.js'
import { SeededRandom } from '../../../support/random.js'

describe('Flushes', () => {
  it('is over at once when no record is open', () => {
    const flushes = new Flushes()
    let done = 0
    flushes.wait(() => done++)
    expect([done, flushes.generation]).toEqual([1, 0])
  })

  it('waits for older records and not for newer ones', () => {
    const flushes = new Flushes()
    flushes.started(flushes.generation)
    let done = 0
    flushes.wait(() => done++)
    expect([flushes.isFlushing(0), flushes.isFlushing(flushes.generation)]).toEqual([true, false])
    flushes.started(flushes.generation)
    flushes.ended(0)
    expect(done).toBe(1)
    expect(flushes.isIdle).toBe(false)
    flushes.ended(1)
    expect(flushes.isIdle).toBe(true)
  })

  it('follows a record that changes its place', () => {
    const flushes = new Flushes()
    flushes.started(0)
    let done = 0
    flushes.wait(() => done++)
    flushes.started(0)
    flushes.started(0)
    flushes.ended(0)
    flushes.ended(0)
    expect(done).toBe(0)
    flushes.ended(0)
    expect(done).toBe(1)
  })

  it('waits only for its own records, and is not told of them after it gave up', () => {
    const flushes = new Flushes()
    const told: string[] = []
    flushes.started(0)
    flushes.wait(() => told.push('first'))
    flushes.started(1)
    const giveUp = flushes.wait(() => told.push('given up'))
    flushes.wait(() => told.push('last'))
    giveUp()
    flushes.ended(1)
    expect(told).toEqual([])
    flushes.ended(0)
    expect(told).toEqual(['first', 'last'])
  })

  it('takes a flush for every one of very many records', () => {
    const flushes = new Flushes()
    const count = 200_000
    let done = 0
    for (let i = 0; i < count; i++) {
      flushes.started(flushes.generation)
      flushes.wait(() => done++)
    }
    for (let i = 0; i < count; i++) {
      flushes.ended(i)
      if (done !== i + 1) throw new Error(`${done} are over after ${i + 1}`)
    }
    expect([done, flushes.isIdle]).toEqual([count, true])
  })

  it('refuses to end a record that never began', () => {
    expect(() => new Flushes().ended(3)).toThrow('generation 3')
  })

  it.each([1, 2, 3, 4, 5])(
    'seed %i: is over exactly when every record that was open at its start has ended',
    (seed) => {
      const random = new SeededRandom(seed)
      const flushes = new Flushes()
      const underWay: { generation: number; id: number }[] = []
      let ids = 0
      const waiting: { readonly ids: Set<number>; isOver: boolean }[] = []
      for (let step = 0; step < 3_000; step++) {
        const dice = random.integer(0, 9)
        if (dice === 0 && underWay.length > 1) {
          // The newer record joins the generation of the older one, like a record that has waited and joins a
          // batch.
          const [older, newer] = [random.pick(underWay), random.pick(underWay)]
          if (older.generation >= newer.generation) continue
          flushes.started(older.generation)
          flushes.ended(newer.generation)
          for (const flush of waiting) if (flush.ids.has(older.id)) flush.ids.add(newer.id)
          newer.generation = older.generation
        } else if (dice < 4) {
          underWay.push({ generation: flushes.generation, id: ids++ })
          flushes.started(flushes.generation)
        } else if (dice < 8) {
          const at = random.integer(0, Math.max(underWay.length - 1, 0))
          const [item] = underWay.splice(at, 1)
          if (item === undefined) continue
          for (const flush of waiting) flush.ids.delete(item.id)
          flushes.ended(item.generation)
        } else {
          const flush = { ids: new Set(underWay.map(({ id }) => id)), isOver: false }
          waiting.push(flush)
          flushes.wait(() => {
            flush.isOver = true
          })
        }
        const wrong = waiting.find(({ ids: left, isOver }) => isOver !== (left.size === 0))
        if (wrong !== undefined)
          expect.fail(`step ${step}: over is ${wrong.isOver} with ${wrong.ids.size} left`)
      }
      for (const { generation } of underWay) flushes.ended(generation)
      expect(flushes.isIdle).toBe(true)
    },
  )
})
