import { describe, expect, it } from 'vitest'
import { normalizeHeaders } from '../../../../src/producer/intake/headers.js'
import type { RecordHeaders } from '../../../../src/producer/record.js'

describe('normalizeHeaders', () => {
  const bytes = new Uint8Array([1, 2])

  it.each<[RecordHeaders | undefined, ReturnType<typeof normalizeHeaders>]>([
    [undefined, null],
    [{}, null],
    [[], null],
    [{ gone: undefined }, null],
    [[['gone', undefined]], null],
    [
      { a: 'x', b: null, c: bytes },
      [
        ['a', 'x'],
        ['b', null],
        ['c', bytes],
      ],
    ],
    [
      { a: ['x', undefined, 'y', null] },
      [
        ['a', 'x'],
        ['a', 'y'],
        ['a', null],
      ],
    ],
    [
      [
        ['b', 'x'],
        ['a', 'y'],
        ['b', 'z'],
      ],
      [
        ['b', 'x'],
        ['a', 'y'],
        ['b', 'z'],
      ],
    ],
    [new Map([['a', 'x']]), [['a', 'x']]],
    [JSON.parse('{"__proto__":"x"}') as RecordHeaders, [['__proto__', 'x']]],
  ])('%j', (headers, normalized) => {
    expect(normalizeHeaders(headers, 't')).toEqual(normalized)
  })

  it.each<[unknown, string]>([
    ['text', 'they are a string'],
    [{ a: 1 }, 'header a is a number'],
    [{ a: {} }, 'header a is an object'],
    [[[1, 'x']], 'name is a string, not a number'],
    [['ab'], 'a pair of name and value'],
    [bytes, 'a pair of name and value'],
  ])('%j is refused', (headers, reason) => {
    expect(() => normalizeHeaders(headers as RecordHeaders, 't')).toThrow(reason)
  })
})
