// npm run test:quick: npm run check and the unit tests at the same time, on two cores. For the many runs
// between two edits.

import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { check } from './check.js'
import { install, main, programOf, root, run, StepFailed } from './setup.js'

await main(async () => {
  const start = performance.now()
  await install()
  const results = await Promise.allSettled([check(), unitTests()])
  console.error(`odradek: test:quick took ${((performance.now() - start) / 1000).toFixed(1)} s`)
  for (const result of results) if (result.status === 'rejected') throw result.reason
})

/**
 * Prints nothing until its end, because the checks print their progress meanwhile. Of a good run it prints
 * only the sums.
 */
async function unitTests() {
  const args = [programOf('vitest'), 'run', '--project', 'unit', '--reporter=default']
  // By default vitest leaves one processor free, and the checks need one for only half of the time.
  args.push(`--maxWorkers=${availableParallelism()}`)
  // Vitest transforms only the modules that have changed since the last run.
  args.push('--experimental.fsModuleCache')
  args.push(`--experimental.fsModuleCachePath=${join(root, '.cache', 'vitest-modules')}`)
  const { exitCode, output } = await run(process.execPath, args, 'captured', { NO_COLOR: '1' })
  const sums = output.trimEnd().split('\n').slice(-4).join('\n')
  process.stderr.write(`\n${exitCode === 0 ? sums : output}\n`)
  if (exitCode !== 0) throw new StepFailed('unit tests', exitCode)
}
