// A vitest reporter that prints nothing: it counts, per project, so that a run over several processes can be summed up.

import { writeFileSync } from 'node:fs'

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
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
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: [], projects: [] }
    for (const module of modules) {
      if (!counts.projects.includes(module.project.name)) counts.projects.push(module.project.name)
      let failed = 0
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'passed') counts.passed++
        else if (state === 'failed') failed++
        else counts.skipped.push(`${module.relativeModuleId} > ${test.fullName}`)
      }
      // A file that could not be loaded has no tests to count, and is a failure all the same.
      if (failed === 0 && module.state() === 'failed') failed = 1
      counts.failed += failed
    }
    const { ODRADEK_TEST_COUNTS: path } = process.env
    if (path !== undefined) writeFileSync(path, JSON.stringify(counts))
  }
}
