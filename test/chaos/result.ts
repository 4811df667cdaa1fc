import type { Verdict } from './judge/oracle.js'
import type { RecoveryTimes } from './judge/recovery.js'
import type { ChaosOptions } from './options.js'
import type { StepKind } from './schedule.js'
import type { Tally } from './tally.js'

export interface ChaosResult {
  readonly options: ChaosOptions
  readonly kafka: string
  /** At the least: what a killed client sent last, nobody knows. */
  readonly sent: number
  readonly acknowledged: number
  readonly notPersisted: number
  readonly possiblyPersisted: number
  /** Records without an outcome, left by clients that ended by themselves, fell silent, or did not end when they were told to. */
  readonly withoutOutcome: number
  /** Driver processes, the first included. */
  readonly incarnations: number
  /** Of them: those that followed a client which had ended by itself, or fallen silent. */
  readonly restarts: { readonly ended: number; readonly silent: number }
  readonly tally: Tally
  readonly network: { readonly cuts: number; readonly drops: number; readonly delays: number }
  readonly throttles: number
  readonly throttlesIgnored: number
  readonly verdict: Verdict
  readonly examples: readonly string[]
  /** Records read from the logs. */
  readonly read: number
  readonly recovery: RecoveryTimes | undefined
  readonly seconds: number
  /** What kept the run from being what it should be. */
  readonly problems: readonly string[]
}

/** Where each kind of step is counted. Stops are counted together; a quota has struck only if somebody was throttled. */
const counted: readonly (readonly [
  kind: StepKind,
  name: string,
  reached: (result: ChaosResult) => number,
])[] = [
  ['client kill', 'kills of the client', ({ tally }) => tally.clientKills],
  ['termination', 'terminations', ({ tally }) => tally.terminations],
  ['rolling restart', 'rolling restarts', ({ tally }) => tally.rollingRestarts],
  ['blackhole', 'blackholes', ({ tally }) => tally.blackholes],
  ['recreation', 'topics created anew', ({ tally }) => tally.recreations],
  ['growth', 'partitions added', ({ tally }) => tally.growths],
  ['quota', 'throttled responses', ({ tally, throttles }) => Math.min(tally.quotas, throttles)],
]

/** What is wrong with a run; nothing if it was a good one. A kind of fault that did not strike proves nothing, so that is wrong too. */
export function faultsOf(result: ChaosResult): string[] {
  const { options, tally, network, verdict, throttlesIgnored } = result
  const faults = [...result.problems]
  for (const [kind, count] of Object.entries(verdict)) if (count > 0) faults.push(`${kind}: ${count}`)
  if (throttlesIgnored > 0) faults.push(`${throttlesIgnored} requests came before the end of a throttle`)
  const wanted: readonly (readonly [name: string, wanted: number, reached: number])[] = [
    ['acknowledged records', options.records, result.acknowledged],
    ['kills', options.kills, tally.kills],
    ['stops', options.stops, tally.stops],
    ['cuts', options.cuts, network.cuts],
    ['responses dropped', Math.ceil(options.cuts / 20), network.drops],
    ['responses delayed', Math.ceil(options.cuts / 5), network.delays],
    ...counted
      .filter(([kind]) => options.kills > 0 && !options.without.includes(kind))
      .map(([, name, reached]) => [name, 1, reached(result)] as const),
  ]
  for (const [name, count, reached] of wanted)
    if (reached < count) faults.push(`${name}: ${reached} of ${count}`)
  return faults
}
