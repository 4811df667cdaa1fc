import { describe, expect, it } from 'vitest'
import { parseJaas } from '../../../src/config/jaas.js'
import { ConfigError } from '../../../src/errors.js'
import { jaasCases } from './jaas-cases.js'

const KEY = 'sasl.jaas.config'

describe('a JAAS text is read as by Java', () => {
  it('in every case that was tried there', () => {
    expect(jaasCases).toHaveLength(68)
  })

  it.each(jaasCases)('$text', ({ text, module, options }) => {
    if (module === null) {
      expect(() => parseJaas(KEY, text)).toThrow(ConfigError)
      return
    }
    const read = parseJaas(KEY, text)
    expect({ module: read.module, options: Object.fromEntries(read.options) }).toEqual({ module, options })
  })
})

describe('a text that cannot be read', () => {
  it.each([
    ['', 'there is no login module (column 1)'],
    ['// nothing', 'there is no login module (column 11)'],
    ['x.M', "the flag 'required' is expected after the login module (column 4)"],
    ['x.M wanted a="1";', "the flag 'required' is expected after the login module (column 5)"],
    ['; x.M required;', 'the name of a login module is expected (column 1)'],
    ['x.M required password="canary"', "the login module does not end with ';' (column 31)"],
    [
      'x.M required password=1canary;',
      'the option password has no value that can be read: put it in quotation marks (column 23)',
    ],
    ['x.M required password=can@ry;', 'the name of an option is expected (column 26)'],
    ['x.M required password "canary";', "the option password has no value: '=' is expected (column 23)"],
    ['x.M required password=can ary;', "an option has no value: '=' is expected (column 30)"],
    ['x.M required a="b"; y.N required;', 'only one is allowed (column 21)'],
    ['x.M required a="b\ncanary";', "an option has no value: '=' is expected (column 25)"],
  ])('%j says what is wrong and where, and shows no value', (text, problem) => {
    const attempt = (): unknown => parseJaas(KEY, text)
    expect(attempt).toThrow(problem)
    expect(attempt).toThrow(expect.objectContaining({ key: KEY }))
    expect(attempt).not.toThrow(/can[@a ]?ry|ary/)
  })
})

it('options may have the names of properties of objects', () => {
  const { options } = parseJaas(KEY, 'x.M required __proto__="a" constructor="b";')
  expect([...options]).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ])
  expect(Object.prototype).not.toHaveProperty('a')
})

it.each([
  ['a quotation mark', '"'],
  ['a backslash', '\\'],
  ['a slash', '/'],
  ['the start of a comment', '/*'],
  ['the end of a comment', '*/'],
  ['an equals sign', '='],
  ['a dot', '.'],
  ['a digit', '1'],
  ['a letter', 'a'],
  ['an escaped quotation mark', '\\"'],
])('a megabyte of %s is read once, character by character', (_name, piece) => {
  const filler = piece.repeat(Math.floor(1_000_000 / piece.length))
  // A text of this size, with work that grows with its square, would not end within the test's time.
  for (const text of [filler, `x.M required a="${filler}`, `x.M required ${filler}`])
    expect(() => parseJaas(KEY, text)).toThrow(ConfigError)
})

it('a longer text is refused', () => {
  expect(() => parseJaas(KEY, 'a'.repeat(1_048_577))).toThrow('more than 1048576 characters')
})
