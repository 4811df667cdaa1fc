import type { Verdict } from './judge/oracle.js'
import type { RecoveryTimes } from './judge/recovery.js'
import type { ChaosOptions } from './options.js'
import type { StepKind } from './schedule.js'
import type { Tally } from './tally.js'

export interface ChaosResult {
  readonly options: ChaosOptions
  readonly kafka: string
  /** The least number of sent records: a killed client's journal lacks its last ones. */
  readonly sent: number
  readonly acknowledged: number
  readonly notPersisted: number
  readonly possiblyPersisted: number
  /**
   * Records without an outcome, left by clients that ended by themselves, fell silent, or did not stop when
   * they were told to.
   */
  readonly withoutOutcome: number
  /** The number of driver processes, including the first. */
  readonly incarnations: number
  /** The number of them that followed a client which had ended by itself, or fallen silent. */
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
  /** Problems of the run itself. */
  readonly problems: readonly string[]
}

/**
 * How each kind of step is counted. Stops are counted together. A quota counts only if the client was
 * throttled.
 */
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

/**
 * The reasons why a run failed; empty if it was good. A run also fails if a kind of fault did not strike,
 * because it then proves nothing about that fault.
 */
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
