import { expect, it } from 'vitest'
import { matrixOf, type Row } from '../../../bench/peers/matrix.js'
import { noViolations } from '../../chaos/judge/oracle.js'
import { parseOptions } from '../../chaos/options.js'
import { emptyTally } from '../../chaos/tally.js'

const row: Row = {
  contender: { client: 'peer', calls: 'one send at a time' },
  version: 'peer 1.2.3',
  nodeVersion: '24.0.0',
  load: 3.6,
  result: {
    options: parseOptions(['--client', 'peer', '--rate', '500']),
    kafka: '4.4.0',
    sent: 12_345,
    acknowledged: 12_000,
    notPersisted: 5,
    possiblyPersisted: 300,
    withoutOutcome: 40,
    incarnations: 4,
    restarts: { ended: 1, silent: 2 },
    tally: emptyTally(),
    network: { cuts: 0, drops: 0, delays: 0 },
    throttles: 0,
    throttlesIgnored: 0,
    verdict: { ...noViolations(), lost: 3, duplicated: 4, outOfOrder: 6 },
    examples: [],
    read: 12_301,
    recovery: { count: 9, p50: 1_234, p99: 5_678, most: 9_999 },
    seconds: 299.6,
    problems: [],
  },
}

it('a matrix has a line for each client', () => {
  const { result } = row
  const silent: Row = { ...row, version: 'peer 2', result: { ...result, recovery: undefined } }
  const lines = matrixOf([row, silent]).split('\n')
  expect(lines[0]).toContain('| sent | acknowledged | reported failed | never settled | lost |')
  expect(lines[2]).toBe(
    '| peer 1.2.3 | 24.0.0 | one send at a time | 12,345 | 12,000 | 305 | 40 | 3 | 4 | 6 | 1.2 / 5.7 | 1, 2 | 300 | 4 |',
  )
  expect(lines[3]).toMatch(/^\| peer 2 .*\| no sample \|/)
  expect(lines).toHaveLength(4)
  const cells = lines.map((line) => line.split('|').length)
  expect(new Set(cells).size).toBe(1)
})
