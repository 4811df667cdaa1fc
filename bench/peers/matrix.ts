import type { ChaosResult } from '../../test/chaos/result.js'
import type { Contender } from './contenders.js'

/** The result of one client, and its installation. */
export interface Row {
  readonly contender: Contender
  /** The name and the version of the installed package, and of the library that it wraps. */
  readonly version: string
  readonly nodeVersion: string
  /**
   * The mean number of processes that wanted a processor during the run, other work of the machine included.
   */
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
  ['duplicated', ({ result }) => count(result.verdict.duplicated)],
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
