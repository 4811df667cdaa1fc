import type { BrokerSource } from './availability.js'
import { startKafka } from './cluster.js'
import { startCompose } from './compose.js'
import { probeBroker } from './probe.js'
import { quickStartArguments } from './quick-start.js'
import { brokerCountUnderTest, kafkaVersionUnderTest } from './version-under-test.js'

/** The cluster all broker tests share, as plain data: it is started in one process and used in others. */
export interface SharedKafka {
  readonly version: string
  readonly bootstrapServers: readonly string[]
  /** A cluster outside of the tests: its version is unknown, and it may have other data. */
  readonly external: boolean
  /** Empty if the brokers are not processes of the tests. */
  readonly brokers: readonly SharedBroker[]
}

export interface SharedBroker {
  readonly nodeId: number
  readonly port: number
  readonly dataFolder: string
}

export interface RunningSharedKafka {
  readonly kafka: SharedKafka
  stop(): Promise<void>
}

/** Starts or finds the shared cluster. */
export async function openSharedKafka(
  source: Exclude<BrokerSource, { kind: 'unavailable' }>,
): Promise<RunningSharedKafka> {
  switch (source.kind) {
    case 'external':
      return findExternal(source.bootstrapServers)
    case 'compose':
      return startCompose()
    case 'processes':
      return startProcesses()
  }
}

async function startProcesses(): Promise<RunningSharedKafka> {
  const version = kafkaVersionUnderTest()
  const jvmArguments = await quickStartArguments(version)
  const cluster = await startKafka({ version, brokers: brokerCountUnderTest(), jvmArguments })
  const { bootstrapServers } = cluster
  const brokers = cluster.brokers.map(({ nodeId, port, dataFolder }) => ({ nodeId, port, dataFolder }))
  return { kafka: { version, bootstrapServers, external: false, brokers }, stop: () => cluster.stop() }
}

async function findExternal(bootstrapServers: readonly string[]): Promise<RunningSharedKafka> {
  const answers = bootstrapServers.map((address) => {
    const colon = address.lastIndexOf(':')
    return probeBroker(address.slice(0, colon), Number(address.slice(colon + 1)), 10_000)
  })
  await Promise.any(answers).catch((error: unknown) => {
    throw new Error(`no broker of KAFKA_BOOTSTRAP=${bootstrapServers.join(',')} answers`, { cause: error })
  })
  const kafka = { version: kafkaVersionUnderTest(), bootstrapServers, external: true, brokers: [] }
  return { kafka, stop: async () => undefined }
}
