import { describe, expect, it } from 'vitest'
import { recordOf, recordValue } from '../../chaos/driver/workload.js'
import { LogLines } from '../../chaos/judge/log-line.js'

/** The events of the listener if kcat's output comes in pieces of this size. */
function heard(output: string, size: number): string[] {
  const seen: string[] = []
  const lines = new LogLines({
    see: (...record) => seen.push(record.join(' ')),
    damaged: (place) => seen.push(`damaged ${place}`),
  })
  const bytes = Buffer.from(output)
  for (let at = 0; at < bytes.length; at += size) lines.push(bytes.subarray(at, at + size))
  lines.end()
  return seen
}

describe("kcat's output", () => {
  const output = `0 17 ${recordValue(1, 0)}\n11 1234567 ${recordValue(12, 9_999_999)}\n`

  it.each([1, 7, 50, 10_000])('in pieces of %d bytes is read record by record', (size) => {
    expect(heard(output, size)).toEqual(['0 17 1 0', '11 1234567 12 9999999'])
  })

  it('shows damage at any position', () => {
    const value = recordValue(3, 44)
    for (const wrong of [
      value.slice(0, -1),
      `${value}s`,
      `${value.slice(0, -1)}?`,
      value.replace('.44.', '.45.'),
      value.replace('3.', '3'),
      `x${value}`,
      '',
    ])
      expect(heard(`0 5 ${wrong}\n`, 10_000), wrong).toEqual(['damaged 0/5'])
    expect(heard(`0 5 ${value}\n`, 10_000)).toEqual(['0 5 3 44'])
  })

  it('is an error if it has another form or ends too early', () => {
    expect(() => heard('% ERROR: no broker\n', 10_000)).toThrow('kcat printed: % ERROR')
    expect(() => heard(output.slice(0, -5), 10_000)).toThrow('ends within a line')
  })
})

describe('the workload', () => {
  const topics = ['a', 'b', 'c'].map((name) => ({ name, partitions: 3 }))

  it('makes the same record for the same number, of all kinds and topics', () => {
    const records = Array.from({ length: 600 }, (_, number) => recordOf(topics, 1, number))
    expect(records).toEqual(Array.from({ length: 600 }, (_, number) => recordOf(topics, 1, number)))
    for (const { name } of topics) {
      const own = records.filter(({ topic }) => topic === name)
      expect(new Set(own.map(({ partition }) => partition))).toEqual(new Set([0, 1, 2, undefined]))
      expect(own.some(({ key }) => key !== undefined)).toBe(true)
      expect(own.some(({ key, partition }) => key === undefined && partition === undefined)).toBe(true)
    }
    expect(new Set(records.map(({ value }) => value)).size).toBe(600)
  })
})
