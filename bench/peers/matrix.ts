import type { ChaosResult } from '../../test/chaos/result.js'
import type { Contender } from './contenders.js'

/** What one client did, and what is known of it from its installation. */
export interface Row {
  readonly contender: Contender
  /** Name and version as the installed package.json has them, and of what it wraps. */
  readonly version: string
  readonly nodeVersion: string
  /** Processes that wanted a processor, in the mean of the run: those of the machine's other work too. */
  readonly load: number
  readonly result: ChaosResult
}

const count = (number: number): string => number.toLocaleString('en-US')
const seconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(1)

const columns: readonly (readonly [title: string, value: (row: Row) => string])[] = [
  ['client', ({ version }) => version],
  ['Node', ({ nodeVersion }) => nodeVersion],
  ['called', ({ contender }) => contender.calls],
  ['sent', ({ result }) => count(result.sent)],
  ['acknowledged', ({ result }) => count(result.acknowledged)],
  ['reported failed', ({ result }) => count(result.notPersisted + result.possiblyPersisted)],
  ['never settled', ({ result }) => count(result.withoutOutcome)],
  ['lost', ({ result }) => count(result.verdict.lost)],
  ['doubled', ({ result }) => count(result.verdict.doubled)],
  ['out of order', ({ result }) => count(result.verdict.outOfOrder)],
  ['recovery p50 / p99, s', ({ result }) => recoveryOf(result)],
  ['restarts: ended, silent', ({ result }) => `${result.restarts.ended}, ${result.restarts.silent}`],
  ['wall time, s', ({ result }) => result.seconds.toFixed(0)],
  ['load', ({ load }) => load.toFixed(0)],
]

/** The comparison as a table in Markdown. */
export function matrixOf(rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(([title]) => title)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map(([, value]) => value(row)))),
  ].join('\n')
}

function recoveryOf({ recovery }: ChaosResult): string {
  if (recovery === undefined) return 'no sample'
  return [recovery.p50, recovery.p99].map(seconds).join(' / ')
}
