import { describe, expect, it } from 'vitest'
import { LineSplitter } from '../../../src/cli/produce/line-splitter.js'
import { seededRandom } from '../../support/seeded-random.js'

function linesOf(chunks: readonly Buffer[], maxLineBytes = 1_000_000): string[] {
  const splitter = new LineSplitter(maxLineBytes)
  const lines: string[] = []
  for (const chunk of chunks) {
    splitter.feed(chunk)
    for (let line = splitter.next(); line !== null; line = splitter.next())
      lines.push(line.toString('latin1'))
  }
  const last = splitter.end()
  if (last !== null) lines.push(last.toString('latin1'))
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
  ])('of %j are %j, in one chunk and byte by byte', (text, lines) => {
    const bytes = Buffer.from(text, 'latin1')
    expect(linesOf([bytes])).toEqual(lines)
    expect(linesOf(cut(bytes, () => 1))).toEqual(lines)
  })

  it('are the same wherever chunks end', () => {
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

  it('are views of the chunk they are in', () => {
    const chunk = Buffer.from('one\ntwo\n')
    const splitter = new LineSplitter(100)
    splitter.feed(chunk)
    expect(splitter.next()?.buffer).toBe(chunk.buffer)
  })

  it('of more bytes than allowed are refused before all of them are there', () => {
    expect(linesOf([Buffer.from('12345\n12345')], 5)).toEqual(['12345', '12345'])
    expect(() => linesOf([Buffer.from('123456\n')], 5)).toThrow('longer than 5 bytes')
    const splitter = new LineSplitter(5)
    splitter.feed(Buffer.from('123456'))
    expect(() => splitter.next()).toThrow('longer than 5 bytes')
  })
})
