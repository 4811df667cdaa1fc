import { describe, expect, it } from 'vitest'
import { type Line, LineSplitter } from '../../../src/cli/produce/line-splitter.js'
import { seededRandom } from '../../support/seeded-random.js'

/** The lines of the chunks. A line that is too long is given by its length. */
function linesOf(chunks: readonly Buffer[], maxLineBytes = 1_000_000): (string | number)[] {
  const splitter = new LineSplitter(maxLineBytes)
  const lines: (string | number)[] = []
  const take = (line: Line): number =>
    lines.push(Buffer.isBuffer(line) ? line.toString('latin1') : line.overlongBytes)
  for (const chunk of chunks) {
    splitter.feed(chunk)
    for (let line = splitter.next(); line !== null; line = splitter.next()) take(line)
  }
  const last = splitter.end()
  if (last !== null) take(last)
  return lines
}

function cut(bytes: Buffer, sizes: () => number): Buffer[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const size = sizes()
    chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}

describe('lines', () => {
  it.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['\n', ['']],
    ['\n\n', ['', '']],
    ['a\nb', ['a', 'b']],
    ['a\r\nb\r\n', ['a\r', 'b\r']],
    ['\na\n\nb\n', ['', 'a', '', 'b']],
    ['\0\xff\xfe\n\x80', ['\0\xff\xfe', '\x80']],
  ])('in %j are %j, in one chunk and byte by byte', (text, lines) => {
    const bytes = Buffer.from(text, 'latin1')
    expect(linesOf([bytes])).toEqual(lines)
    expect(linesOf(cut(bytes, () => 1))).toEqual(lines)
  })

  it('do not depend on where chunks end', () => {
    const random = seededRandom(7)
    for (let round = 0; round < 200; round++) {
      const bytes = Buffer.from(Array.from({ length: 300 }, () => (random() < 0.1 ? 10 : random() * 256)))
      const expected = bytes.toString('latin1').split('\n')
      if (expected.at(-1) === '') expected.pop()
      expect(linesOf(cut(bytes, () => Math.floor(random() * 40) + 1))).toEqual(expected)
      expect(linesOf([Buffer.alloc(0), bytes, Buffer.alloc(0)])).toEqual(expected)
    }
  })

  it('may span many chunks', () => {
    const long = 'x'.repeat(500_000)
    expect(linesOf(cut(Buffer.from(`${long}\nshort\n${long}`), () => 999))).toEqual([long, 'short', long])
  })

  it('are views of their chunk', () => {
    const chunk = Buffer.from('one\ntwo\n')
    const splitter = new LineSplitter(100)
    splitter.feed(chunk)
    const line = splitter.next()
    expect(Buffer.isBuffer(line) && line.buffer).toBe(chunk.buffer)
  })

  it('with more bytes than allowed are measured and left out, but no others', () => {
    const bytes = Buffer.from('12345\n123456\n\n1234567\nlast')
    const lines = ['12345', 6, '', 7, 'last']
    expect(linesOf([bytes], 5)).toEqual(lines)
    for (const size of [1, 2, 3, 8])
      expect(
        linesOf(
          cut(bytes, () => size),
          5,
        ),
      ).toEqual(lines)
    expect(linesOf([Buffer.from('1234'), Buffer.from('56')], 5)).toEqual([6])
  })

  it('with more bytes than allowed are not kept', () => {
    const splitter = new LineSplitter(1000)
    const chunk = Buffer.alloc(1_000_000, 'x')
    const lines = new Set<Line | null>()
    for (let i = 0; i < 10_000; i++) {
      splitter.feed(chunk)
      lines.add(splitter.next())
    }
    expect([...lines]).toEqual([null])
    expect(splitter.end()).toEqual({ overlongBytes: 10_000_000_000 })
  })
})
