import { expect, test } from 'vitest'
import { FrameAssembler } from '../../../src/testing/frame-assembler.js'

const bodies = ['a', 'bcd', 'e'.repeat(300), 'f'].map((text) => Buffer.from(text))
const stream = Buffer.concat(
  bodies.flatMap((body) => {
    const size = Buffer.alloc(4)
    size.writeInt32BE(body.length)
    return [size, body]
  }),
)

test.each([1, 2, 3, 5, 7, 64, 1_000])('frames are the same in chunks of %i bytes', (size) => {
  const frames = new FrameAssembler(1_000)
  const found: string[] = []
  for (let at = 0; at < stream.length; at += size) {
    frames.push(stream.subarray(at, at + size))
    for (let frame = frames.next(); frame !== null; frame = frames.next()) found.push(frame.toString())
  }
  expect(found).toEqual(bodies.map(String))
  expect(frames.pending).toBe(0)
})

test('the start of a frame can be read before the rest has arrived', () => {
  const frames = new FrameAssembler(1_000)
  frames.push(Buffer.from([0, 0]))
  expect(frames.head(8)).toBeNull()
  frames.push(Buffer.from([0, 9, 1, 2, 3, 4, 5]))
  expect(frames.head(8)?.subarray(0, 8)).toEqual(Buffer.from([0, 0, 0, 9, 1, 2, 3, 4]))
  expect(frames.next()).toBeNull()
  expect(frames.pending).toBe(9)
})

test.each([0, -1, 1_001, 0x7fffffff])('a size of %i is refused before memory is allocated for it', (size) => {
  const frames = new FrameAssembler(1_000)
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(size)
  frames.push(bytes)
  expect(() => frames.next()).toThrow(RangeError)
})
