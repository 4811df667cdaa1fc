import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { replayCommand } from './replay-command.js'
import type { SimulationResult } from './simulation.js'

export interface Range {
  readonly first: number
  readonly last: number
  readonly records: number
  /** The number of worker processes. */
  readonly workers: number
  /** Whether the run ends at the first violation. */
  readonly untilViolation: boolean
}

/** The interval of progress lines in a long run. */
const PROGRESS_EVERY_MS = 60_000

/** A worker's result for one seed. */
export type SeedReport = Omit<SimulationResult, 'trace' | 'strikes'> & {
  readonly strikes: readonly (readonly [string, number])[]
}

/** The command that repeats the seed, and the first violation. */
export function violationLine(
  { seed, violations }: Pick<SeedReport, 'seed' | 'violations'>,
  records: number,
): string {
  const [first = ''] = (violations[0] ?? '').split('\n')
  const more = violations.length > 1 ? ` (and ${violations.length - 1} more)` : ''
  return `${replayCommand(seed, records)}: ${first}${more}`
}

/**
 * Runs all seeds of a range, and prints a line for each that fails and one for all. Returns whether any
 * failed.
 */
export async function runRange({ first, last, records, workers, untilViolation }: Range): Promise<boolean> {
  const startMs = performance.now()
  const sum = { seeds: 0, bad: 0, records: 0, acknowledged: 0, failed: 0, events: 0, virtualMs: 0 }
  const strikes = new Map<string, number>()
  let next = first
  const take = (report: SeedReport): void => {
    sum.seeds++
    sum.records += report.records
    sum.acknowledged += report.acknowledged
    sum.failed += report.failed
    sum.events += report.events
    sum.virtualMs += report.virtualMs
    for (const [name, count] of report.strikes) strikes.set(name, (strikes.get(name) ?? 0) + count)
    if (report.violations.length === 0) return
    sum.bad++
    console.log(violationLine(report, records))
  }
  const progress = setInterval(() => {
    const seconds = ((performance.now() - startMs) / 1_000).toFixed(0)
    console.error(`${sum.seeds} of ${last - first + 1} seeds, ${sum.bad} violated, ${seconds} s`)
  }, PROGRESS_EVERY_MS)
  await Promise.all(
    Array.from({ length: workers }, () => {
      return new Promise<void>((resolve, reject) => {
        const worker = fork(fileURLToPath(new URL('./worker.js', import.meta.url)), {
          execArgv: ['--max-semi-space-size=32'],
        })
        let current = 0
        const give = (): void => {
          if (next > last || (untilViolation && sum.bad > 0)) {
            worker.disconnect()
            return
          }
          current = next++
          worker.send({ seed: current, records })
        }
        worker.on('message', (report) => {
          take(report as SeedReport)
          give()
        })
        worker.on('exit', (code) => {
          if (code === 0) resolve()
          else reject(new Error(`the worker ended with ${code} at seed ${current}`))
        })
        give()
      })
    }),
  ).finally(() => clearInterval(progress))
  const seconds = (performance.now() - startMs) / 1_000
  const struck = [...strikes].sort(([, one], [, other]) => other - one)
  console.log(`faults struck: ${struck.map(([name, count]) => `${name} ${count}`).join(', ')}`)
  console.log(
    `${sum.seeds} seeds, ${sum.bad} violated; ${sum.records} records: ${sum.acknowledged} acknowledged, ${sum.failed} failed; ${struck.reduce((all, [, count]) => all + count, 0)} faults struck; ${(sum.virtualMs / 3_600_000).toFixed(1)} virtual hours, ${sum.events} events, ${seconds.toFixed(1)} s, ${(sum.seeds / seconds).toFixed(1)} seeds/s`,
  )
  return sum.bad > 0
}
