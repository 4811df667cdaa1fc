// npm test: all checks and tests of a change, from a fresh clone, up to the first step that fails. The last
// line of its output is always `N passed, N failed`. A step that fails without a test counts as one failure,
// so that this line alone shows whether the run was good.

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { check } from './check.js'
import { install, programOf, root, run, StepFailed } from './setup.js'

/**
 * Each row is one vitest process. The broker tests come after the others, which keep all cores busy: brokers
 * would miss their own deadlines.
 */
const testRuns = [['unit', 'conformance', 'embedded', 'types', 'package'], ['broker']]

const { CI } = process.env
const start = performance.now()
let passed = 0
let failed = 0
/** @type {string[]} */
const failures = []
/** @type {string[]} */
const notRun = []

try {
  await install()
  await check()
  for (const projects of testRuns) await runTests(projects)
} catch (error) {
  if (!(error instanceof StepFailed)) throw error
  console.error(`odradek: FAILED: ${error.message}`)
  process.exitCode = 1
  failed = Math.max(failed, 1)
}
for (const line of notRun) console.log(`NOT RUN: ${line}`)
for (const line of failures) console.log(`FAILED: ${line}`)
console.log(`npm test took ${((performance.now() - start) / 1000).toFixed(0)} s`)
console.log(`${passed} passed, ${failed} failed`)

/**
 * Runs vitest with the terminal as its output, so that messages of tests, such as NOT RUN, are shown as they
 * are.
 */
async function runTests(/** @type {string[]} */ projects) {
  const name = `tests (${projects.join(', ')})`
  console.error(`odradek: ${name}`)
  const countsFile = join(root, '.cache', `test-counts-${process.pid}.json`)
  mkdirSync(dirname(countsFile), { recursive: true })
  const args = [programOf('vitest'), 'run', '--passWithNoTests', '--reporter=default']
  args.push(`--reporter=${join(root, 'scripts', 'test-counts.js')}`)
  for (const project of projects) args.push('--project', project)
  const { exitCode } = await run(process.execPath, args, 'inherited', { ODRADEK_TEST_COUNTS: countsFile })

  // Vitest reports nothing if it ends before the first test, for example because a cluster does not start.
  if (!existsSync(countsFile)) throw new StepFailed(name, exitCode || 1)
  /** @type {import('./test-counts.js').Counts} */
  const counts = JSON.parse(readFileSync(countsFile, 'utf8'))
  rmSync(countsFile)
  passed += counts.passed
  failed += counts.failed
  failures.push(...counts.failures)
  notRun.push(...counts.skipped)
  const empty = projects.filter((project) => !counts.projects.includes(project))
  notRun.push(...empty.map((project) => `project ${project}: it has no test file`))
  if (exitCode !== 0 || counts.failed > 0) throw new StepFailed(name, exitCode || 1)
  if (CI && empty.length > 0) throw new StepFailed(`${name}: no test file in ${empty.join(', ')}`, 1)
}
