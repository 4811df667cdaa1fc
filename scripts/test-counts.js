// A vitest reporter that prints nothing. It counts tests, so that the counts of several processes can be
// added.

import { writeFileSync } from 'node:fs'

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} failures the full name and the reason of each failure
 * @property {string[]} skipped the full names of tests that did not run
 * @property {string[]} projects the projects that had a test file
 */

export default class TestCounts {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    /** @type {Counts} */
    const counts = {
      passed: 0,
      failed: unhandledErrors.length,
      failures: unhandledErrors.map((error) => `outside of a test: ${firstLine(error)}`),
      skipped: [],
      projects: [],
    }
    for (const module of modules) {
      if (!counts.projects.includes(module.project.name)) counts.projects.push(module.project.name)
      let failed = 0
      for (const test of module.children.allTests()) {
        const { state, errors = [] } = test.result()
        const name = `${module.relativeModuleId} > ${test.fullName}`
        if (state === 'passed') counts.passed++
        else if (state === 'skipped') counts.skipped.push(name)
        else {
          failed++
          counts.failures.push(`${name}: ${state === 'pending' ? 'did not end' : firstLine(errors[0])}`)
        }
      }
      // A file that could not be loaded has no tests, but counts as a failure.
      if (failed === 0 && module.state() === 'failed') {
        failed = 1
        counts.failures.push(`${module.relativeModuleId}: ${firstLine(module.errors()[0])}`)
      }
      counts.failed += failed
    }
    const { ODRADEK_TEST_COUNTS: path } = process.env
    if (path !== undefined) writeFileSync(path, JSON.stringify(counts))
  }
}

function firstLine(/** @type {unknown} */ error) {
  const message = error instanceof Object && 'message' in error ? error.message : error
  return String(message).split('\n', 1)[0]
}
