import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { Order, SeedReport } from './worker.js'

/** A seed takes a fraction of a second; one that takes this long never ends. */
const SEED_LIMIT_MS = 120_000

/** The result of a range of seeds in one copy of the tree. */
export interface Hunt {
  /** The number of seeds that were run. */
  readonly seeds: number
  /** The last seed, if it had the wanted violation, and that violation's text. */
  readonly found: { readonly seed: number; readonly violation: string } | null
  /** The first violation that does not match. */
  readonly other: { readonly seed: number; readonly violation: string } | null
}

/**
 * Runs seeds of the tree in `folder` in order, in another process, up to the first violation that matches
 * `wanted`.
 */
export function hunt(folder: string, wanted: RegExp, range: Omit<Order, 'until'>): Promise<Hunt> {
  const program = join(folder, 'build', 'test', 'mutants', 'worker.js')
  return new Promise((resolve, reject) => {
    const worker = fork(program, { execArgv: ['--max-semi-space-size=32'] })
    let seeds = 0
    let found: Hunt['found'] = null
    let other: Hunt['other'] = null
    const giveUp = (): void => {
      worker.kill('SIGKILL')
      reject(new Error(`seed ${range.first + seeds} did not end within ${SEED_LIMIT_MS / 1_000} s`))
    }
    let limit = setTimeout(giveUp, SEED_LIMIT_MS)
    worker.on('message', (report) => {
      clearTimeout(limit)
      limit = setTimeout(giveUp, SEED_LIMIT_MS)
      const { seed, violations } = report as SeedReport
      seeds++
      const match = violations.find((violation) => wanted.test(violation))
      if (match !== undefined) found = { seed, violation: match }
      else if (violations[0] !== undefined) other ??= { seed, violation: violations[0] }
    })
    worker.on('error', reject)
    worker.on('exit', (code) => {
      clearTimeout(limit)
      if (code === 0) resolve({ seeds, found, other })
      else reject(new Error(`the worker ended with ${code} at seed ${range.first + seeds}`))
    })
    worker.send({ ...range, until: wanted.source } satisfies Order)
  })
}
