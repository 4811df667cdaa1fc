import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { bytesForJson, jsonForm, showAs } from '../../src/printing.js'

describe('bytes in JSON', () => {
  it.each([
    [[], ''],
    [[0x61, 0x0a, 0x62], 'a\nb'],
    [[0xef, 0xbb, 0xbf, 0x61], '\uFEFFa'],
    [[0xf0, 0x9f, 0xa7, 0xb5], '🧵'],
    [[0x80], { base64: 'gA==' }],
    [[0xed, 0xa0, 0x80], { base64: '7aCA' }],
  ])('that are %j are %j', (bytes, json) => {
    expect(bytesForJson(Uint8Array.from(bytes))).toEqual(json)
  })

  it('are those of the view alone', () => {
    expect(bytesForJson(Uint8Array.of(0xff, 0x61, 0xff).subarray(1, 2))).toBe('a')
    expect(bytesForJson(null)).toBeNull()
  })
})

describe('a form for JSON', () => {
  const withJson = jsonForm<{ id: bigint }>(({ id }) => ({ id: id.toString() }))

  it('is seen by JSON alone', () => {
    const plain = withJson({ id: 5n })
    expect(JSON.stringify([plain])).toBe('[{"id":"5"}]')
    expect(Object.keys(plain)).toEqual(['id'])
    expect(plain).toStrictEqual({ id: 5n })
    expect(inspect(plain)).toBe('{ id: 5n }')
  })
})

describe('a class with a view', () => {
  class Spool {
    readonly #threads = ['red']
    static {
      showAs(Spool.prototype, 'Spool', (spool) => ({ threads: spool.#threads }))
    }
  }

  it('shows it in the console and in JSON', () => {
    expect(inspect(new Spool())).toBe("Spool { threads: [ 'red' ] }")
    expect(JSON.stringify(new Spool())).toBe('{"threads":["red"]}')
    expect(Object.keys(new Spool())).toEqual([])
  })

  it('is cut off where any object is', () => {
    const deep = { a: { b: new Spool() } }
    expect(inspect(deep, { depth: null })).toBe("{ a: { b: Spool { threads: [ 'red' ] } } }")
    expect(inspect(deep, { depth: 2 })).toBe('{ a: { b: Spool { threads: [Array] } } }')
    expect(inspect(deep, { depth: 1 })).toBe('{ a: { b: [Spool] } }')
  })
})
