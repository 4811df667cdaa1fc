import { describe, expect, it } from 'vitest'
import { jsonLines } from '../../../src/cli/produce/json-line.js'

const parse = (line: string, lineNumber = 1) => jsonLines('t')(Buffer.from(line), lineNumber)

describe('a line of JSON', () => {
  it('has the fields of a record', () => {
    expect(parse('{"value":"v"}')).toEqual({ topic: 't', key: null, value: 'v' })
    expect(
      parse('{"key":"k","value":null,"partition":3,"timestamp":12,"headers":{"a":"1","b":["2",null]}}'),
    ).toEqual({
      topic: 't',
      key: 'k',
      value: null,
      partition: 3,
      timestamp: 12,
      headers: [
        ['a', '1'],
        ['b', '2'],
        ['b', null],
      ],
    })
    expect(parse('{"value":"é😀","headers":[["b","1"],["a","2"],["b",null]]}')).toMatchObject({
      value: 'é😀',
      headers: [
        ['b', '1'],
        ['a', '2'],
        ['b', null],
      ],
    })
    expect(parse('{"value":"","partition":null,"headers":null}\r')).toEqual({
      topic: 't',
      key: null,
      value: '',
    })
  })

  it.each([
    ['nonsense', "not JSON in UTF-8: 'nonsense'"],
    ['\x1b[2J\ttab', "not JSON in UTF-8: '␛[2J\ttab'"],
    ['[]', 'not a JSON object'],
    ['"v"', 'not a JSON object'],
    ['{}', 'value is missing'],
    ['{"value":"v","topic":"x"}', "unknown field 'topic'"],
    ['{"value":"v","__proto__":"x"}', "unknown field '__proto__'"],
    ['{"value":"v","constructor":"x"}', "unknown field 'constructor'"],
    ['{"value":12345678901234567890}', 'value must be a string or null'],
    ['{"value":{"a":1}}', 'value must be a string or null'],
    ['{"value":"v","key":1}', 'key must be a string or null'],
    ['{"value":"\\ud800"}', 'half of a surrogate pair'],
    ['{"value":"v","partition":-1}', 'partition must be a whole number'],
    ['{"value":"v","timestamp":"now"}', 'timestamp must be a whole number'],
    ['{"value":"v","headers":"a"}', 'headers must be'],
    ['{"value":"v","headers":[["a"]]}', 'a header must be [name, value]'],
    ['{"value":"v","headers":[[null,"a"]]}', 'a header must be [name, value]'],
    ['{"value":"v","headers":{"a":1}}', 'header a must be a string or null'],
  ])('%s is invalid', (line, message) => {
    expect(() => parse(line)).toThrow(message)
  })

  it('must be UTF-8', () => {
    expect(() => jsonLines('t')(Buffer.from('{"value":"\xff"}', 'latin1'), 1)).toThrow('not JSON in UTF-8')
  })

  it.each(['', '\r', ' \t '])('that is blank, like %j, has no record', (line) => {
    expect(parse(line)).toBeNull()
    expect(parse(`\ufeff${line}`)).toBeNull()
  })

  it('may begin with a byte order mark if it is the first line', () => {
    expect(parse('\ufeff{"value":"v"}')).toMatchObject({ value: 'v' })
    expect(() => parse('\ufeff{"value":"v"}', 2)).toThrow('not JSON in UTF-8')
  })
})
