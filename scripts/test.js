// npm test: everything a change is judged by, from a fresh clone, up to the first step that fails. The last line of its output is
// always `N passed, N failed`. A step that fails before or without a test counts as one failure, so that nobody who reads that
// line alone takes the run for a good one.

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { build, install, programOf, root, run, StepFailed, step } from './setup.js'

/** Each row is one vitest process. Brokers run by themselves: under load from elsewhere they miss their own deadlines. */
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
  await check('lint and format (biome)', '@biomejs/biome', 'biome', ['check', '--error-on-warnings', '.'])
  await check('types (tsc)', 'typescript', 'tsc', ['--noEmit'])
  await check('types of the scripts (tsc)', 'typescript', 'tsc', ['-p', 'scripts'])
  await build()
  await check('package (publint)', 'publint', 'publint', ['--strict'])
  const attw = ['--pack', '.', '--profile', 'esm-only']
  await check('package types (attw)', '@arethetypeswrong/cli', 'attw', attw)
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
 * @param {string} name
 * @param {string} packageName
 * @param {string} command
 * @param {string[]} args
 */
async function check(name, packageName, command, args) {
  await step(name, process.execPath, [programOf(packageName, command), ...args])
}

/** Nothing stands between vitest and the terminal: what a test says of itself, such as NOT RUN, is seen as it was said. */
async function runTests(/** @type {string[]} */ projects) {
  const name = `tests (${projects.join(', ')})`
  console.error(`odradek: ${name}`)
  const countsFile = join(root, '.cache', `test-counts-${process.pid}.json`)
  mkdirSync(dirname(countsFile), { recursive: true })
  const args = [programOf('vitest'), 'run', '--passWithNoTests', '--reporter=default']
  args.push(`--reporter=${join(root, 'scripts', 'test-counts.js')}`)
  for (const project of projects) args.push('--project', project)
  const { exitCode } = await run(process.execPath, args, 'inherited', { ODRADEK_TEST_COUNTS: countsFile })

  // Vitest reports nothing when it ends before the first test, as when a cluster that tests need cannot be had.
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
