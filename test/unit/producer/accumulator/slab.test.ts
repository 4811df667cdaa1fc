import { expect, it } from 'vitest'
import { Slab } from '../../../../src/producer/accumulator/slab.js'

it('pieces share an ArrayBuffer of the slab, and no byte of it', () => {
  const slab = new Slab()
  const pieces = Array.from({ length: 1_000 }, (_, i) => slab.allocate(1 + (i % 50)).fill(i))
  for (const [i, piece] of pieces.entries()) expect([...piece].every((byte) => byte === i % 256)).toBe(true)
  const buffers = new Set(pieces.map(({ buffer }) => buffer))
  expect(buffers.size).toBe(4)
  for (const { byteLength } of buffers) expect(byteLength).toBe(8_192)
})

it('a large piece has an ArrayBuffer of its own, as large as it is', () => {
  const slab = new Slab()
  const [small, large, next] = [slab.allocate(10), slab.allocate(2_049), slab.allocate(10)]
  expect(large.buffer.byteLength).toBe(2_049)
  expect(next.buffer).toBe(small.buffer)
  expect(slab.allocate(0).length).toBe(0)
})

it('nothing else of the process lies in it', () => {
  const piece = new Slab().allocate(10)
  expect(Buffer.from('something else').buffer).not.toBe(piece.buffer)
})
