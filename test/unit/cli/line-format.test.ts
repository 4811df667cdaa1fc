import { describe, expect, it } from 'vitest'
import { lineFormat, linesAs } from '../../../src/cli/produce/line-format.js'

function parse(line: string, properties: Record<string, string>) {
  const record = linesAs('t', lineFormat(properties))(Buffer.from(line, 'latin1'), 1)
  if (record === null) throw new Error('every line is a record')
  const text = (data: unknown): unknown => (Buffer.isBuffer(data) ? data.toString('latin1') : data)
  const headers = record.headers as [string, Buffer | null][] | undefined
  return {
    key: text(record.key),
    value: text(record.value),
    headers: headers?.map(([name, value]) => [name, text(value)]),
  }
}

describe('a line', () => {
  it('is the value, byte for byte, without properties', () => {
    const line = Buffer.from([0, 0xff, 9, 0x0d])
    expect(linesAs('t', lineFormat({}))(line, 1)).toEqual({ topic: 't', value: line })
  })

  it('has a key before the separator', () => {
    const withKey = { 'parse.key': 'true' }
    expect(parse('k\tv\tw', withKey)).toMatchObject({ key: 'k', value: 'v\tw' })
    expect(parse('\tv', withKey)).toMatchObject({ key: '', value: 'v' })
    expect(parse('k\t', withKey)).toMatchObject({ key: 'k', value: '' })
    expect(parse('k::v', { ...withKey, 'key.separator': '::' })).toMatchObject({ key: 'k', value: 'v' })
    expect(parse('\xff\t\x80', withKey)).toMatchObject({ key: '\xff', value: '\x80' })
    expect(parse('k=v', { 'parse.key': ' TRUE ', 'key.separator': '=' })).toMatchObject({
      key: 'k',
      value: 'v',
    })
  })

  it('has headers first', () => {
    const withHeaders = { 'parse.headers': 'true' }
    expect(parse('a:1,b:2,a:\tv', withHeaders)).toEqual({
      key: null,
      value: 'v',
      headers: [
        ['a', '1'],
        ['b', '2'],
        ['a', ''],
      ],
    })
    expect(parse('a:1:2\tk\tv', { ...withHeaders, 'parse.key': 'true' })).toEqual({
      key: 'k',
      value: 'v',
      headers: [['a', '1:2']],
    })
    expect(
      parse('a=1;b=2|v', {
        ...withHeaders,
        'headers.delimiter': '|',
        'headers.separator': ';',
        'headers.key.separator': '=',
      }),
    ).toMatchObject({
      value: 'v',
      headers: [
        ['a', '1'],
        ['b', '2'],
      ],
    })
    // As with Java's split, empty pairs at the end are dropped.
    expect(parse('a:1,,\tv', withHeaders).headers).toEqual([['a', '1']])
  })

  it('has null in the place of the null marker', () => {
    const all = { 'parse.key': 'true', 'parse.headers': 'true', 'null.marker': 'NULL' }
    expect(parse('NULL\tNULL\tNULL', all)).toEqual({ key: null, value: null, headers: undefined })
    expect(parse('a:NULL\tNULLx\tv', all)).toEqual({ key: 'NULLx', value: 'v', headers: [['a', null]] })
    expect(() => parse('NULL:1\tk\tv', all)).toThrow('cannot be the null marker')
    expect(parse('', { 'null.marker': '' })).toMatchObject({ value: null })
  })

  it.each([
    ['no separator', { 'parse.key': 'true' }, "no key separator (a tab) in 'no separator'"],
    ['no delimiter', { 'parse.headers': 'true' }, 'no headers delimiter'],
    ['pair\tv', { 'parse.headers': 'true' }, "no header key separator ':' in 'pair'"],
    ['\xff:1\tv', { 'parse.headers': 'true' }, 'not UTF-8'],
  ])('%j is invalid with %j', (line, properties, message) => {
    expect(() => parse(line, properties)).toThrow(message)
  })

  it('is shown in the error with control characters as pictures', () => {
    const twoCharacters = { 'parse.key': 'true', 'key.separator': String.raw`\t` }
    expect(() => parse('k\tv', twoCharacters)).toThrow(
      String.raw`no key separator '\t' in 'k${'\t'}v': a backslash stands for itself, and a shell writes a tab as $'\t'`,
    )
    expect(parse(String.raw`k\tv`, twoCharacters)).toMatchObject({ key: 'k', value: 'v' })
    const shown = (line: string): string => {
      try {
        parse(line, { 'parse.key': 'true' })
        return 'nothing'
      } catch (error) {
        return (error as Error).message
      }
    }
    expect(shown('"a\\b"')).toBe(`no key separator (a tab) in '"a\\b"'`)
    expect(shown('\x1b[2J\x7f\r')).toBe("no key separator (a tab) in '␛[2J␡␍'")
    expect(shown('x'.repeat(81))).toBe(`no key separator (a tab) in '${'x'.repeat(80)}'...`)
    // Half a character at the end is not shown.
    expect(shown(Buffer.from(`${'x'.repeat(79)}é`).toString('latin1'))).toBe(
      `no key separator (a tab) in '${'x'.repeat(79)}'...`,
    )
  })

  it('is sent with the parts that it has, with ignore.error', () => {
    const lenient = { 'parse.key': 'true', 'parse.headers': 'true', 'ignore.error': 'true' }
    expect(parse('all of it', lenient)).toEqual({ key: null, value: 'all of it', headers: undefined })
    expect(parse('pair\tk\tv', lenient)).toEqual({ key: 'k', value: 'v', headers: [['pair', null]] })
  })
})

describe('reader properties', () => {
  it.each([
    [{ 'parse.keys': 'true' }, "unknown reader property 'parse.keys'"],
    [{ toString: 'x' }, "unknown reader property 'toString'"],
    [Object.fromEntries([['__proto__', 'x']]), "unknown reader property '__proto__'"],
    [{ 'parse.key': 'yes' }, 'must be true or false'],
    [{ 'key.separator': '' }, 'key.separator must not be empty'],
    [{ 'headers.delimiter': ',' }, 'headers.delimiter and headers.separator must not be equal'],
    [{ 'headers.separator': ':' }, 'headers.separator and headers.key.separator must not be equal'],
    [{ 'headers.delimiter': ':' }, 'headers.delimiter and headers.key.separator must not be equal'],
    [{ 'null.marker': '\t' }, 'null.marker and key.separator must not be equal'],
  ])('%j are refused', (properties, message) => {
    expect(() => lineFormat(properties)).toThrow(message)
  })
})
