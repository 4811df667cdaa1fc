import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { compressInTurns } from '../../../../src/environment/codecs/compression-turns.js'

it('compresses in later turns, in order, and not more than 128 KiB in one', async () => {
  const sizes = [1, 100_000, 31_071, 1, 200_000, 5, 131_066]
  const done: number[] = []
  const compress = (bytes: Uint8Array): Uint8Array => {
    done.push(bytes.length)
    return bytes
  }
  const all = sizes.map((size) => compressInTurns(compress, Buffer.alloc(size), 0))
  const turns = [done.length]
  while (done.length < sizes.length) {
    await nextTurn()
    turns.push(done.length)
  }
  expect(done).toEqual(sizes)
  expect([...new Set(turns)]).toEqual([0, 3, 4, 5, 7])
  expect((await Promise.all(all)).map(({ length }) => length)).toEqual(sizes)
})

it('fails the batch that the compressor fails for, and goes on', async () => {
  const failing = compressInTurns(
    () => {
      throw new RangeError('no memory')
    },
    Buffer.alloc(1),
    0,
  )
  const next = compressInTurns((bytes, level) => Buffer.from([bytes.length, level]), Buffer.alloc(7), 3)
  await expect(failing).rejects.toThrow('no memory')
  expect([...(await next)]).toEqual([7, 3])
})
