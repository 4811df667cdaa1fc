// npm run test:matrix: the broker tests against every supported version of Apache Kafka, on one node and on
// three. For a selection: npm run test:matrix -- --versions 3.3.2,4.4.0 --nodes 1 [test file...]
//
// --projects secured runs the tests of TLS, logins and rights alone, and --projects broker all others. The
// brokers of the secured tests are their own, so the number of nodes does not matter to them.

import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { install, main, programOf, root, run } from './setup.js'

/** The oldest supported release, the last one of Kafka 3, and the newest ones of two lines of Kafka 4. */
const allVersions = ['3.3.2', '3.9.2', '4.1.2', '4.4.0']
const allNodeCounts = ['1', '3']

/**
 * @typedef {object} Row
 * @property {string} version
 * @property {string} nodes
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} notRun
 * @property {string[]} failures
 * @property {number} seconds
 */

const { values, positionals } = parseArgs({
  options: {
    versions: { type: 'string' },
    nodes: { type: 'string' },
    projects: { type: 'string', default: 'broker,secured' },
  },
  allowPositionals: true,
})
const versions = values.versions?.split(',') ?? allVersions
const nodeCounts = values.nodes?.split(',') ?? allNodeCounts

await main(async () => {
  await install()
  /** @type {Row[]} */
  const rows = []
  for (const version of versions) {
    for (const nodes of nodeCounts) rows.push(await runRow(version, nodes))
  }
  printTable(rows)
  const passed = sum(rows.map((row) => row.passed))
  const failed = sum(rows.map((row) => row.failed))
  console.log(`${passed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
})

/**
 * @param {string} version
 * @param {string} nodes
 * @returns {Promise<Row>}
 */
async function runRow(version, nodes) {
  console.log(`\nodradek: Kafka ${version}, ${nodes} ${nodes === '1' ? 'node' : 'nodes'}`)
  const countsFile = join(root, '.cache', `matrix-counts-${process.pid}.json`)
  mkdirSync(dirname(countsFile), { recursive: true })
  const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts', 'test-counts.js')}`]
  const projects = values.projects.split(',').flatMap((project) => ['--project', project])
  const args = [programOf('vitest'), 'run', ...projects, ...reporters, ...positionals]
  const start = performance.now()
  const { exitCode } = await run(process.execPath, args, 'inherited', {
    ODRADEK_TEST_COUNTS: countsFile,
    ODRADEK_KAFKA_VERSION: version,
    ODRADEK_KAFKA_BROKERS: nodes,
    // A user's own cluster has one version, and must not stand in for the others.
    KAFKA_BOOTSTRAP: '',
  })
  const seconds = (performance.now() - start) / 1000
  const { passed, failed, skipped, failures } = takeCounts(countsFile)
  // A row without a passed test, or with another exit code than 0, has failed.
  const atLeast = exitCode !== 0 || passed === 0 ? 1 : 0
  return { version, nodes, passed, failed: Math.max(failed, atLeast), notRun: skipped, failures, seconds }
}

/** @returns {import('./test-counts.js').Counts} */
function takeCounts(/** @type {string} */ file) {
  // Vitest writes nothing if it ends before the first test, for example because the cluster does not start.
  if (!existsSync(file)) return { passed: 0, failed: 0, failures: ['no test ran'], skipped: [], projects: [] }
  const counts = JSON.parse(readFileSync(file, 'utf8'))
  rmSync(file)
  return counts
}

function printTable(/** @type {Row[]} */ rows) {
  console.log('\nKafka    nodes  passed  failed  not run  seconds')
  for (const { version, nodes, passed, failed, notRun, seconds } of rows) {
    const cells = [
      version.padEnd(7),
      nodes.padStart(6),
      String(passed).padStart(7),
      String(failed).padStart(7),
      String(notRun.length).padStart(8),
      seconds.toFixed(0).padStart(8),
    ]
    console.log(cells.join(' '))
  }
  for (const { version, nodes, notRun } of rows) {
    for (const name of notRun) console.log(`NOT RUN with Kafka ${version}, nodes ${nodes}: ${name}`)
  }
  // Failures come last, because some machines keep only the end of the output.
  for (const { version, nodes, failures } of rows) {
    for (const failure of failures) console.log(`FAILED with Kafka ${version}, nodes ${nodes}: ${failure}`)
  }
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0)
}
