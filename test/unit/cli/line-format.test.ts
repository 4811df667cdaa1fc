import { describe, expect, it } from 'vitest'
import { lineFormat, linesAs } from '../../../src/cli/produce/line-format.js'

function parse(line: string, properties: Record<string, string>) {
  const record = linesAs('t', lineFormat(properties))(Buffer.from(line, 'latin1'))
  const text = (data: unknown): unknown => (Buffer.isBuffer(data) ? data.toString('latin1') : data)
  const headers = record.headers as [string, Buffer | null][] | undefined
  return {
    key: text(record.key),
    value: text(record.value),
    headers: headers?.map(([name, value]) => [name, text(value)]),
  }
}

describe('a line', () => {
  it('is the value, byte for byte, unless properties say otherwise', () => {
    const line = Buffer.from([0, 0xff, 9, 0x0d])
    expect(linesAs('t', lineFormat({}))(line)).toEqual({ topic: 't', value: line })
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
    // As Java's split has it: empty pairs at the end are none.
    expect(parse('a:1,,\tv', withHeaders).headers).toEqual([['a', '1']])
  })

  it('has null where the marker stands', () => {
    const all = { 'parse.key': 'true', 'parse.headers': 'true', 'null.marker': 'NULL' }
    expect(parse('NULL\tNULL\tNULL', all)).toEqual({ key: null, value: null, headers: undefined })
    expect(parse('a:NULL\tNULLx\tv', all)).toEqual({ key: 'NULLx', value: 'v', headers: [['a', null]] })
    expect(() => parse('NULL:1\tk\tv', all)).toThrow('cannot be the null marker')
    expect(parse('', { 'null.marker': '' })).toMatchObject({ value: null })
  })

  it.each([
    ['no separator', { 'parse.key': 'true' }, 'no key separator in "no separator"'],
    ['no delimiter', { 'parse.headers': 'true' }, 'no headers delimiter'],
    ['pair\tv', { 'parse.headers': 'true' }, 'no header key separator in "pair"'],
    ['\xff:1\tv', { 'parse.headers': 'true' }, 'not UTF-8'],
  ])('that is %j is wrong with %j', (line, properties, message) => {
    expect(() => parse(line, properties)).toThrow(message)
  })

  it('is taken as far as it goes with ignore.error', () => {
    const lenient = { 'parse.key': 'true', 'parse.headers': 'true', 'ignore.error': 'true' }
    expect(parse('all of it', lenient)).toEqual({ key: null, value: 'all of it', headers: undefined })
    expect(parse('pair\tk\tv', lenient)).toEqual({ key: 'k', value: 'v', headers: [['pair', null]] })
  })
})

describe('reader properties', () => {
  it.each([
    [{ 'parse.keys': 'true' }, "unknown reader property 'parse.keys'"],
    [{ toString: 'x' }, "unknown reader property 'toString'"],
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
