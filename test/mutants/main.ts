import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Hunt, hunt } from './hunt.js'
import type { Mutant } from './mutant.js'
import { plant } from './plant.js'
import { MUTANTS } from './table.js'

/** `npm run mutants [-- --records N --workers N --only text]` */
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '100' },
    workers: { type: 'string', default: String(availableParallelism()) },
    only: { type: 'string', default: '' },
  },
})
const root = process.cwd()
const records = Number(values.records)
const workers = Number(values.workers)
const ANYTHING = /(?:)/
const cache = join(root, '.cache')
mkdirSync(cache, { recursive: true })
const copies = mkdtempSync(join(cache, 'mutants-'))
process.on('exit', () => rmSync(copies, { recursive: true, force: true }))

interface Verdict {
  readonly mutant: Mutant
  readonly hunt: Hunt | null
  /** The failure; null if the simulation saw the mutant as it must. */
  readonly failure: string | null
  readonly seconds: number
}

const startMs = performance.now()
const chosen = MUTANTS.filter(({ name }) => name.includes(values.only))
// The mutants that may take longest come first, so that none runs alone at the end.
const verdicts = await inParallel(
  chosen.toSorted((one, other) => other.within - one.within),
  judge,
)
verdicts.sort((one, other) => chosen.indexOf(one.mutant) - chosen.indexOf(other.mutant))
print(verdicts)
const failures = verdicts.flatMap(({ mutant, failure }) =>
  failure === null ? [] : [`${mutant.name}: ${failure}`],
)
if (verdicts.length === 0) failures.push(`no mutant is called ${values.only}`)
const last = Math.max(0, ...verdicts.map(({ hunt }) => hunt?.seeds ?? 0))
failures.push(...(await judgeUnpatched(last)))
for (const failure of failures) console.log(`FAILED: ${failure}`)
console.log(
  `${verdicts.filter(({ failure }) => failure === null).length} of ${verdicts.length} mutants seen, ${records} records a seed; the tree as it is: ${last} seeds; ${seconds(startMs)} s`,
)
process.exitCode = failures.length > 0 ? 1 : 0

async function judge(mutant: Mutant, index: number): Promise<Verdict> {
  const startMs = performance.now()
  const { edits, seenAs, within } = mutant
  const folder = join(copies, String(index))
  let result: Hunt | null = null
  let failure: string | null = null
  try {
    await plant(root, folder, edits)
    result = await hunt(folder, seenAs, { first: 1, last: within, records })
    if (result.found === null) failure = `not seen within ${within} seeds${insteadOf(result)}`
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error)
  }
  const verdict = { mutant, hunt: result, failure, seconds: seconds(startMs) }
  console.error(`${failure === null ? 'seen' : 'FAILED'} after ${verdict.seconds} s: ${mutant.name}`)
  return verdict
}

/** The unchanged tree has no violation on the seeds of the mutants. */
async function judgeUnpatched(last: number): Promise<string[]> {
  const folder = join(copies, 'none')
  await plant(root, folder, [])
  const share = Math.ceil(last / workers)
  const ranges = Array.from({ length: workers }, (_, i) => ({
    first: 1 + i * share,
    last: Math.min(last, (i + 1) * share),
    records,
  })).filter((range) => range.first <= range.last)
  const hunts = await inParallel(ranges, (range) => hunt(folder, ANYTHING, range))
  return hunts.flatMap(({ found }) =>
    found === null ? [] : [`the tree as it is, seed ${found.seed}: ${found.violation}`],
  )
}

/** The results of all mutants in order, with `workers` at a time. */
async function inParallel<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at] as Item, at)
    }),
  )
  return results
}

function print(verdicts: readonly Verdict[]): void {
  const width = Math.max(0, ...verdicts.map(({ mutant }) => mutant.name.length))
  console.log(`${'mutant'.padEnd(width)}  seen at seed  seeds run  at most  as`)
  for (const { mutant, hunt, failure } of verdicts) {
    const seed = String(hunt?.found?.seed ?? 'never').padStart(12)
    const run = String(hunt?.seeds ?? 0).padStart(9)
    const [words] = (hunt?.found?.violation ?? failure ?? '').split('\n')
    console.log(
      `${mutant.name.padEnd(width)}  ${seed}  ${run}  ${String(mutant.within).padStart(7)}  ${words}`,
    )
  }
}

function insteadOf({ other }: Hunt): string {
  return other === null ? ', and nothing else was' : `; seed ${other.seed}: ${other.violation}`
}

function seconds(sinceMs: number): number {
  return Math.round((performance.now() - sinceMs) / 100) / 10
}
