import type { TestProject } from 'vitest/node'
import { brokerSource } from '../support/kafka/availability.js'
import { notRunBanner } from '../support/kafka/not-run.js'
import { openSharedKafka } from '../support/kafka/shared-cluster.js'

/** One cluster for all broker test files: starting one for each would cost seconds every time. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const source = await brokerSource()
  if (source.kind === 'unavailable') return reportNotRun(project, source.reason)
  const { kafka, stop } = await openSharedKafka(source)
  const nodes = kafka.bootstrapServers.length
  const version = kafka.external ? 'external Kafka' : `Kafka ${kafka.version}`
  console.log(`Broker tests: ${version}, ${nodes} ${nodes === 1 ? 'node' : 'nodes'} (${source.reason})`)
  project.provide('sharedKafka', kafka)
  return stop
}

function reportNotRun(project: TestProject, reason: string): () => Promise<void> {
  const banner = notRunBanner('the broker tests', reason)
  const { CI: inCi } = process.env
  if (inCi) throw new Error(banner)
  console.warn(banner)
  project.provide('sharedKafka', undefined)
  // Once more at the end, where the summary of the other tests would hide it.
  return async () => console.warn(banner)
}
