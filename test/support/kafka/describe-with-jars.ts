import { describe, test } from 'vitest'
import { processSource } from './availability.js'
import { notRunBanner } from './not-run.js'

/** Tests with Kafka's own classes or schemas. Without them the tests print NOT RUN, and fail in CI. */
export async function describeWithKafkaJars(name: string, tests: () => void | Promise<void>): Promise<void> {
  const source = await processSource()
  if (source.kind === 'processes') {
    describe(name, tests)
    return
  }
  const { CI: inCi } = process.env
  if (inCi) throw new Error(`${name}: ${source.reason}`)
  console.warn(notRunBanner(name, source.reason))
  describe(name, () => {
    test.skip(`NOT RUN: ${source.reason}`)
  })
}
