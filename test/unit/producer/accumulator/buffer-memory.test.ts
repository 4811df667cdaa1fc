import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { BufferMemory, type MemoryWaiter } from '../../../../src/producer/accumulator/buffer-memory.js'
import { SeededRandom } from '../../../support/random.js'

class Waiter implements MemoryWaiter {
  bytesNeeded: number
  readonly buffers: Buffer[] = []
  onGrant: (buffer: Buffer) => void = () => {}

  constructor(bytesNeeded: number) {
    this.bytesNeeded = bytesNeeded
  }

  granted(buffer: Buffer): void {
    this.buffers.push(buffer)
    this.bytesNeeded = 0
    this.onGrant(buffer)
  }
}

function take(memory: BufferMemory, size: number): Buffer {
  const buffer = memory.tryAllocate(size)
  if (buffer === null) throw new Error(`no room for ${size}`)
  return buffer
}

describe('BufferMemory', () => {
  it('hands out free memory and takes it back', () => {
    const memory = new BufferMemory(100, 40)
    const first = take(memory, 40)
    take(memory, 60)
    expect([memory.availableBytes, memory.tryAllocate(1)]).toEqual([0, null])
    memory.release(first)
    expect(memory.availableBytes).toBe(40)
  })

  it('hands a buffer of the usual size out again', () => {
    const memory = new BufferMemory(100, 40)
    const first = take(memory, 40)
    memory.release(first)
    expect(take(memory, 40)).toBe(first)
    const other = take(memory, 41)
    memory.release(other)
    expect(take(memory, 41)).not.toBe(other)
  })

  it('enlarges a buffer while half of the memory stays free, and keeps what was in it', () => {
    const memory = new BufferMemory(100, 20)
    const small = take(memory, 20)
    small.fill('odradek')
    const content = Buffer.from(small)
    const large = memory.tryEnlarge(small, 50, 15)
    expect([large?.length, memory.usedBytes]).toEqual([50, 50])
    expect(large?.subarray(0, 15)).toEqual(content.subarray(0, 15))
    expect(memory.tryEnlarge(large as Buffer, 51, 15)).toBeNull()
    expect(memory.usedBytes).toBe(50)
    // The small one is free again.
    expect(take(memory, 20)).toBe(small)
    memory.release(small)
    memory.release(large as Buffer)
    expect(memory.usedBytes).toBe(0)
  })

  it('enlarges nothing while somebody waits', () => {
    const memory = new BufferMemory(100, 20)
    const buffer = take(memory, 20)
    memory.wait(new Waiter(90))
    expect(memory.tryEnlarge(buffer, 21, 20)).toBeNull()
  })

  it('serves no newcomer before those that wait', () => {
    const memory = new BufferMemory(100, 40)
    const held = take(memory, 80)
    const waiter = new Waiter(40)
    memory.wait(waiter)
    expect(memory.tryAllocate(10)).toBeNull()
    memory.release(held)
    expect(waiter.buffers).toHaveLength(1)
    expect(memory.tryAllocate(10)).not.toBeNull()
  })

  it('serves waiters in order', () => {
    const memory = new BufferMemory(100, 50)
    const held = [take(memory, 50), take(memory, 50)]
    const order: number[] = []
    for (let i = 0; i < 4; i++) {
      const waiter = new Waiter(50)
      waiter.onGrant = (buffer) => {
        order.push(i)
        held.push(buffer)
      }
      memory.wait(waiter)
    }
    while (order.length < 4) memory.release(held.shift() as Buffer)
    expect(order).toEqual([0, 1, 2, 3])
  })

  it('starves neither a large waiter nor the small ones behind it', () => {
    const memory = new BufferMemory(1_000, 10)
    const held: Buffer[] = []
    for (let i = 0; i < 100; i++) held.push(take(memory, 10))
    const large = new Waiter(900)
    memory.wait(large)
    let small = 0
    const again = (): void => {
      const waiter = new Waiter(10)
      waiter.onGrant = (buffer) => {
        small++
        held.push(buffer)
        again()
      }
      memory.wait(waiter)
    }
    again()
    let releases = 0
    while (large.buffers.length === 0 && releases < 5_000) {
      const buffer = held.shift()
      if (buffer === undefined) break
      memory.release(buffer)
      releases++
    }
    expect(large.buffers).toHaveLength(1)
    expect(small).toBeGreaterThan(20)
  })

  it('gives the memory set aside for a waiter that needs none any more to the next one', () => {
    const memory = new BufferMemory(100, 10)
    const held = [take(memory, 50), take(memory, 50)]
    const large = new Waiter(100)
    const small = new Waiter(40)
    memory.wait(large)
    memory.wait(small)
    memory.release(held[0] as Buffer)
    expect(small.buffers).toHaveLength(0)
    large.bytesNeeded = 0
    memory.serve()
    expect(small.buffers).toHaveLength(1)
    memory.release(small.buffers[0] as Buffer)
    memory.release(held[1] as Buffer)
    expect(memory.availableBytes).toBe(100)
  })

  it('releases a waiter that needs no memory, even if the memory is overdrawn', () => {
    const memory = new BufferMemory(100, 10)
    memory.count(150)
    const waiter = new Waiter(10)
    memory.wait(waiter)
    waiter.bytesNeeded = 0
    memory.serve()
    expect(memory.hasWaiters).toBe(false)
  })

  it('releases a waiter that needs no memory, even if it is not the oldest', () => {
    const memory = new BufferMemory(100, 10)
    memory.count(150)
    const oldest = new Waiter(10)
    let granted = 0
    const behind = { bytesNeeded: 0, granted: () => granted++ }
    memory.wait(oldest)
    memory.wait(behind)
    memory.serve()
    // It may queue again, and then has one place.
    behind.bytesNeeded = 10
    memory.wait(behind)
    memory.uncount(150)
    expect([oldest.buffers.length, granted]).toEqual([1, 1])
  })

  it('keeps no more idle buffers than it has room for', () => {
    const memory = new BufferMemory(100, 50)
    const held = [take(memory, 50), take(memory, 50)]
    for (const buffer of held) memory.release(buffer)
    const odd = take(memory, 60)
    memory.release(odd)
    const again = [take(memory, 50), take(memory, 50)]
    expect(again.filter((buffer) => held.includes(buffer))).toHaveLength(0)
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('seed %i: accounts for every byte in any sequence of calls', (seed) => {
    const random = new SeededRandom(seed)
    const total = 1_000
    const memory = new BufferMemory(total, 64)
    const held: Buffer[] = []
    const waiting = new Set<Waiter>()
    let counted = 0
    const wait = (): void => {
      const waiter = new Waiter(random.pick([64, 64, 1, 300, 1_000]))
      waiter.onGrant = (buffer) => {
        waiting.delete(waiter)
        held.push(buffer)
        // A waiter that was served may ask for more at once, from its own callback.
        if (random.oneIn(4)) wait()
        if (random.oneIn(4)) allocate(64)
      }
      waiting.add(waiter)
      memory.wait(waiter)
    }
    const allocate = (size: number): void => {
      const buffer = memory.tryAllocate(size)
      if (buffer !== null) held.push(buffer)
      else if (size <= total && random.oneIn(2)) wait()
    }
    const heldBytes = (): number => held.reduce((sum, { length }) => sum + length, counted)
    for (let step = 0; step < 2_000; step++) {
      const dice = random.integer(0, 9)
      if (dice < 4) allocate(random.pick([64, 64, 64, 17, 200, 1_000]))
      else if (dice < 8 && held.length > 0)
        memory.release(held.splice(random.integer(0, held.length - 1), 1)[0] as Buffer)
      else if (dice === 8) {
        const bytes = random.integer(1, 100)
        counted += bytes
        memory.count(bytes)
      } else if (counted > 0) {
        const bytes = counted
        counted = 0
        memory.uncount(bytes)
      }
      for (const waiter of waiting) {
        if (!random.oneIn(20)) continue
        waiter.bytesNeeded = 0
        waiting.delete(waiter)
        memory.serve()
      }
      // Memory that is set aside counts as used, so the free memory may be too low, never too high.
      expect(memory.usedBytes).toBeGreaterThanOrEqual(heldBytes())
    }
    memory.uncount(counted)
    counted = 0
    for (let i = 0; i < 100_000 && held.length > 0; i++) memory.release(held.shift() as Buffer)
    for (const waiter of waiting) waiter.bytesNeeded = 0
    memory.serve()
    while (held.length > 0) memory.release(held.shift() as Buffer)
    expect([memory.availableBytes, memory.hasWaiters]).toEqual([total, false])
  })
})
