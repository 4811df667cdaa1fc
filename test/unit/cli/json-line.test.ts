import { describe, expect, it } from 'vitest'
import { jsonLines } from '../../../src/cli/produce/json-line.js'

const parse = (line: string) => jsonLines('t')(Buffer.from(line))

describe('a line of JSON', () => {
  it('has what a record has', () => {
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
    ['', 'no JSON'],
    ['nonsense', 'no JSON in UTF-8: "nonsense"'],
    ['[]', 'no JSON object'],
    ['"v"', 'no JSON object'],
    ['{}', 'value is missing'],
    ['{"value":"v","topic":"x"}', "unknown field 'topic'"],
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
  ])('%s is wrong', (line, message) => {
    expect(() => parse(line)).toThrow(message)
  })

  it('must be UTF-8', () => {
    expect(() => jsonLines('t')(Buffer.from('{"value":"\xff"}', 'latin1'))).toThrow('no JSON in UTF-8')
  })
})
