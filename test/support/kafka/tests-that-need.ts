import { type TestAPI, test } from 'vitest'
import { processSource } from './availability.js'
import { notRunBanner } from './not-run.js'
import { runCommand } from './run-command.js'

/** The reason why kcat cannot run; null if it can. */
export function missingKcat(): Promise<string | null> {
  return runCommand('kcat', ['-V']).then(
    () => null,
    () => 'kcat is not on the PATH (apt-get install kcat)',
  )
}

/** The reason why Kafka's own programs cannot run; null if they can. */
export async function missingKafka(): Promise<string | null> {
  const source = await processSource()
  return source.kind === 'processes' ? null : source.reason
}

/**
 * `test` for tests that need a program. Without it they are skipped with a conspicuous notice, and fail in
 * CI.
 *
 * @param missing the reason why they cannot run; null if they can
 */
export function testsThatNeed(what: string, missing: string | null): TestAPI | TestAPI['skip'] {
  if (missing === null) return test
  const { CI: inCi } = process.env
  if (inCi) throw new Error(`${what}: ${missing}`)
  console.warn(notRunBanner(what, missing))
  return test.skip
}
