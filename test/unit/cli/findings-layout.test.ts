import { describe, expect, it } from 'vitest'
import { FindingsLayout } from '../../../src/cli/doctor/findings-layout.js'
import { type Fix, finding, skipped } from '../../../src/doctor/finding.js'

const set: Fix = {
  where: 'broker',
  setting: 'advertised.listeners',
  advice: 'set it on broker 1',
  lines: ['advertised.listeners=PLAINTEXT://a-host-name-that-is-very-long.example.com:9092'],
}

describe('the layout of findings', () => {
  it('has a heading for each thing, and aligned columns', () => {
    const layout = new FindingsLayout(80, false)
    expect(layout.add([finding('name', 'server a:1', 'ok', 'a is 10.0.0.7')])).toBe(
      'server a:1\n  ok     name            a is 10.0.0.7\n',
    )
    expect(layout.add([finding('tcp', 'server a:1', 'wrong', 'nothing listens', { fixes: [set] })])).toBe(
      [
        '  WRONG  TCP             nothing listens',
        '         -> advertised.listeners of the broker: set it on broker 1:',
        '              advertised.listeners=PLAINTEXT://a-host-name-that-is-very-long.example.com:9092',
        '',
      ].join('\n'),
    )
    expect(layout.add([finding('clock', 'this machine', 'unknown', 'not known')])).toBe(
      '\nthis machine\n  ?      clock           not known\n',
    )
  })

  it('shows skipped checks in one row if they have one reason', () => {
    const findings = [...skipped(['tls', 'versions'], 's', 'TCP failed'), ...skipped(['cluster'], 's', 'x')]
    expect(new FindingsLayout(80, false).add(findings)).toBe(
      's\n  skip   TLS, versions   because TCP failed\n  skip   cluster         because x\n',
    )
  })

  it('has one row for a broker that is well, and all rows for one that is not', () => {
    const good = [
      finding('advertised-address', 'broker 1', 'ok', 'a:1'),
      finding('name', 'broker 1', 'ok', 'a is 10.0.0.7'),
    ]
    const bad = [
      finding('advertised-address', 'broker 2', 'ok', 'b:1'),
      finding('name', 'broker 2', 'wrong', 'no b'),
    ]
    expect(new FindingsLayout(80, false).add([...good, ...bad])).toBe(
      'broker 1\n  ok     all checks      address, name\n\nbroker 2\n  ok     address         b:1\n  WRONG  name            no b\n',
    )
  })

  it.each([40, 60, 80, 120])('wraps text, but no line to copy, at %d columns', (columns) => {
    const message = 'a word or two '.repeat(20).trim()
    const found = finding('name', 's', 'wrong', message, { explanation: [message], fixes: [set] })
    const lines = new FindingsLayout(columns, false).add([found]).split('\n')
    const tooLong = lines.filter((line) => line.length > Math.max(columns, 55))
    expect(tooLong.filter((line) => !line.includes('PLAINTEXT://'))).toEqual([])
    expect(lines.join('\n')).toContain(set.lines?.[0])
  })

  it('shows text of a server that nobody knows without line breaks and escape sequences', () => {
    const hostile = 'X\x1b[2J\r\n  ok     all checks\x9b1m\x07'
    const fix: Fix = { where: 'broker', setting: null, advice: hostile, lines: [hostile] }
    const found = finding('sasl-mechanism', `server ${hostile}`, 'ok', `it offers ${hostile}`, {
      explanation: [hostile],
      fixes: [fix],
    })
    const text = new FindingsLayout(120, false).add([found])
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
    // The heading, the finding, its explanation, the advice, and a line to copy.
    expect(text.split('\n')).toHaveLength(6)
  })

  it('has colours only if asked to', () => {
    const found = finding('name', 's', 'wrong', 'no')
    expect(new FindingsLayout(80, true).add([found])).toBe(
      '\x1b[1ms\x1b[0m\n  \x1b[1;31mWRONG\x1b[0m  name            no\n',
    )
  })
})
