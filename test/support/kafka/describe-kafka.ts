import { afterAll, beforeAll, describe, inject, test } from 'vitest'
import { processSource } from './availability.js'
import { type KafkaCluster, type KafkaOptions, startKafka } from './cluster.js'
import { notRunBanner } from './not-run.js'
import { quickStartArguments } from './quick-start.js'
import type { SharedKafka } from './shared-cluster.js'
import { kafkaVersionUnderTest } from './version-under-test.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** `undefined` without a Kafka, which the global setup has reported; in CI it fails. */
    readonly sharedKafka: SharedKafka | undefined
  }
}

/** Tests against the cluster all test files share: they use topics of their own, and kill nothing. */
export function describeWithKafka(name: string, tests: (kafka: SharedKafka) => void): void {
  const kafka = inject('sharedKafka')
  if (kafka === undefined) describeNotRun(name, 'no Kafka')
  else describe(name, () => tests(kafka))
}

/**
 * Tests that need their own cluster, to kill or configure brokers; `kafka()` works within tests and hooks.
 */
export async function describeWithOwnKafka(
  name: string,
  options: KafkaOptions,
  tests: (kafka: () => KafkaCluster) => void,
): Promise<void> {
  const source = await processSource()
  if (source.kind === 'unavailable') {
    const { CI: inCi } = process.env
    if (inCi) throw new Error(`${name}: ${source.reason}`)
    console.warn(notRunBanner(name, source.reason))
    describeNotRun(name, source.reason)
    return
  }
  describe(name, () => {
    let cluster: KafkaCluster | undefined
    beforeAll(async () => {
      const { version = kafkaVersionUnderTest() } = options
      const jvmArguments = await quickStartArguments(version)
      cluster = await startKafka({ ...options, version, jvmArguments })
    })
    afterAll(async () => {
      await cluster?.stop()
    })
    tests(() => {
      if (cluster === undefined)
        throw new Error('the cluster starts in beforeAll: call kafka() inside a test')
      return cluster
    })
  })
}

function describeNotRun(name: string, reason: string): void {
  describe(name, () => {
    test.skip(`NOT RUN: ${reason}`)
  })
}
