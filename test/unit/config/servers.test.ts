import { describe, expect, it } from 'vitest'
import { parseBootstrapServers } from '../../../src/config/servers.js'
import { ConfigError } from '../../../src/errors.js'

const parse = (value: unknown) => parseBootstrapServers('bootstrapServers', value)

describe('bootstrapServers', () => {
  it.each([
    ['localhost:9092', [['localhost', 9092]]],
    [
      'a:1,b:65535',
      [
        ['a', 1],
        ['b', 65535],
      ],
    ],
    [
      ' a:1 , b:2, ',
      [
        ['a', 1],
        ['b', 2],
      ],
    ],
    ['10.0.0.1:9092', [['10.0.0.1', 9092]]],
    ['[::1]:9092', [['::1', 9092]]],
    ['[fe80::1%eth0]:9092', [['fe80::1%eth0', 9092]]],
    ['[::ffff:10.0.0.1]:9092', [['::ffff:10.0.0.1', 9092]]],
    ['kafka_0.my-svc.cluster.local:9092', [['kafka_0.my-svc.cluster.local', 9092]]],
    [
      ['a:1', ' b:2 '],
      [
        ['a', 1],
        ['b', 2],
      ],
    ],
    [
      ['a:1', 'a:1'],
      [
        ['a', 1],
        ['a', 1],
      ],
    ],
  ])('%j is accepted', (value, servers) => {
    expect(parse(value)).toEqual(servers.map(([host, port]) => ({ host, port })))
  })

  it.each([
    ['localhost', "the entry 'localhost': the port is missing"],
    ['a:1,b', "the entry 'b': the port is missing"],
    ['[::1]', "the entry '[::1]': the port is missing"],
    ['a:', 'the port must be a number from 1 to 65535'],
    ['a:0', 'the port must be a number from 1 to 65535'],
    ['a:65536', 'the port must be a number from 1 to 65535'],
    ['a:9092x', 'the port must be a number from 1 to 65535'],
    ['a:-1', 'the port must be a number from 1 to 65535'],
    ['a:000009092', 'the port must be a number from 1 to 65535'],
    [':9092', 'the host is missing'],
    ['::1:9092', 'write an IPv6 address in brackets, as in [::1]:9092'],
    ['[]:9092', 'there is no IPv6 address in the brackets'],
    ['[a]:9092', 'there is no IPv6 address in the brackets'],
    ['[::1%]:9092', 'there is no IPv6 address in the brackets'],
    ['[::1:9092', 'there is no IPv6 address in the brackets'],
    ['SSL://a:9093', 'write host:port without a scheme: this version connects to plaintext listeners only'],
    ['a:1;b:2', "bootstrapServers has the entry 'a:1;b:2': separate brokers with commas"],
    ['a:1; b:2;', 'separate brokers with commas'],
    ['a:1;', 'separate brokers with commas'],
    ['a;b', 'separate brokers with commas'],
    ['a:1 b:2', "the entry 'a:1 b:2': separate brokers with commas"],
    ['a:1, b:2 c:3', "the entry 'b:2 c:3': separate brokers with commas"],
    ['a:1\n[::1]:2\tc:3', 'separate brokers with commas'],
    ['a:1|b:2', 'separate brokers with commas'],
    ['user@a:1', 'write host:port without a user'],
    ['a b:9092', 'a host name has only ASCII letters'],
    ['größe:9092', 'a host name has only ASCII letters'],
    [`${'x'.repeat(256)}:9092`, 'a host name has only ASCII letters'],
    [['a:1,b:2'], 'each entry of a list is one broker, without commas'],
    [['a:1;b:2'], 'each entry of a list is one broker'],
    [['a:1 b:2'], 'each entry of a list is one broker'],
    [['a:1', ''], 'an entry must not be empty'],
    ['', 'bootstrapServers must name at least one broker'],
    [' , ', 'bootstrapServers must name at least one broker'],
    [[], 'bootstrapServers must name at least one broker'],
    [9092, 'bootstrapServers must be a string or a list of strings'],
    [[9092], 'bootstrapServers must be a string or a list of strings'],
    [{ host: 'a' }, 'bootstrapServers must be a string or a list of strings'],
  ])('%j is refused', (value, message) => {
    expect(() => parse(value)).toThrow(ConfigError)
    expect(() => parse(value)).toThrow(message)
  })

  it('shows no text that may be a password', () => {
    expect(() => parse('user:hunter2@a:1')).toThrow(
      "the entry '[hidden]@a:1': write host:port without a user",
    )
    expect(() => parse('user:hunter2@a:1;b:2')).not.toThrow('hunter2')
  })

  it('cuts a very long entry in the message', () => {
    expect(() => parse('x'.repeat(1_000_000))).toThrow(/^.{1,250}$/)
  })
})
