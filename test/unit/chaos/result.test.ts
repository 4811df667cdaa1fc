import { describe, expect, it } from 'vitest'
import { noViolations } from '../../chaos/judge/oracle.js'
import { parseOptions } from '../../chaos/options.js'
import { type ChaosResult, faultsOf } from '../../chaos/result.js'
import { scheduleOf } from '../../chaos/schedule.js'
import { summaryOf } from '../../chaos/summary.js'
import { emptyTally } from '../../chaos/tally.js'
import { SeededRandom } from '../../support/random.js'

const args = ['--records', '1000', '--kills', '3', '--stops', '2', '--cuts', '5']

const struckOnce = {
  clientKills: 1,
  terminations: 1,
  rollingRestarts: 1,
  blackholes: 1,
  recreations: 1,
  growths: 1,
  quotas: 1,
}

function goodRun(changes: Partial<ChaosResult> = {}): ChaosResult {
  return {
    options: parseOptions(args),
    kafka: '4.4.0',
    sent: 1_010,
    acknowledged: 1_000,
    notPersisted: 7,
    possiblyPersisted: 3,
    withoutOutcome: 0,
    incarnations: 2,
    restarts: { ended: 0, silent: 0 },
    tally: { ...emptyTally(), ...struckOnce, kills: 3, leaderKills: 2, stops: 2 },
    network: { cuts: 5, drops: 1, delays: 1 },
    throttles: 4,
    throttlesIgnored: 0,
    verdict: noViolations(),
    examples: [],
    read: 1_003,
    recovery: { count: 9, p50: 3_000, p99: 4_000, most: 4_000 },
    seconds: 61,
    problems: [],
    ...changes,
  }
}

describe('the result of a run', () => {
  it('is good if the counts were reached and there are no violations', () => {
    expect(faultsOf(goodRun())).toEqual([])
    expect(summaryOf(goodRun())).toMatch(/PASSED$/)
  })

  it.each([
    ...Object.keys(noViolations()).map(
      (kind) => [kind, { verdict: { ...noViolations(), [kind]: 2 } }, `${kind}: 2`] as const,
    ),
    ['too few records', { acknowledged: 999 }, 'acknowledged records: 999 of 1000'],
    ['too few kills', { tally: { ...goodRun().tally, kills: 2 } }, 'kills: 2 of 3'],
    ['too few stops', { tally: { ...goodRun().tally, stops: 1 } }, 'stops: 1 of 2'],
    ['too few cuts', { network: { cuts: 4, drops: 1, delays: 1 } }, 'cuts: 4 of 5'],
    ['no dropped response', { network: { cuts: 5, drops: 0, delays: 1 } }, 'responses dropped: 0 of 1'],
    ['no delayed response', { network: { cuts: 5, drops: 1, delays: 0 } }, 'responses delayed: 0 of 1'],
    ...Object.keys(struckOnce)
      .filter((kind) => kind !== 'quotas')
      .map((kind) => [`no ${kind}`, { tally: { ...goodRun().tally, [kind]: 0 } }, /: 0 of 1$/] as const),
    ['a quota that throttled nobody', { throttles: 0 }, 'throttled responses: 0 of 1'],
    ['a throttle that was ignored', { throttlesIgnored: 1 }, '1 requests came before the end of a throttle'],
    ['any other problem', { problems: ['the driver ended by itself'] }, 'the driver ended by itself'],
  ] as const)('is bad with %s', (_what, changes, fault) => {
    const pattern = fault instanceof RegExp ? fault : new RegExp(`^${fault}$`)
    expect(faultsOf(goodRun(changes))).toEqual([expect.stringMatching(pattern)])
    expect(summaryOf(goodRun(changes))).toContain(`FAILED: ${faultsOf(goodRun(changes))[0]}`)
  })

  it('does not need faults that were left out', () => {
    const options = parseOptions([...args, '--without', 'quota', '--without', 'recreation'])
    const tally = { ...goodRun().tally, quotas: 0, recreations: 0 }
    expect(faultsOf(goodRun({ options, tally, throttles: 0 }))).toEqual([])
  })

  it('shows the violations', () => {
    const verdict = { ...noViolations(), lost: 1 }
    expect(summaryOf(goodRun({ verdict, examples: ['chaos: record 1.7 is not there'] }))).toContain(
      '! chaos: record 1.7 is not there\nFAILED: lost: 1',
    )
  })
})

describe('the schedule', () => {
  it('has the requested faults, in an order that the seed decides', () => {
    const schedule = scheduleOf(parseOptions(args), new SeededRandom(5))
    expect(schedule.filter((kind) => kind === 'kill')).toHaveLength(3)
    expect(schedule.filter((kind) => kind.endsWith(' stop'))).toHaveLength(2)
    expect(scheduleOf(parseOptions(args), new SeededRandom(5))).toEqual(schedule)
    const large = parseOptions(['--kills', '100', '--stops', '100'])
    expect(scheduleOf(large, new SeededRandom(1))).not.toEqual(scheduleOf(large, new SeededRandom(2)))
  })
})

describe('the options', () => {
  it.each([
    [['--kills', 'many'], '--kills many is not a whole number'],
    [['--records', '-1'], '--records'],
    [['--client', '../x'], '--client ../x is not a name'],
    [['--frobnicate', '1'], 'frobnicate'],
  ])('%j are refused', (wrong, message) => {
    expect(() => parseOptions(wrong)).toThrow(message)
  })
})
