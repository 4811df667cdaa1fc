import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { defaultKafkaVersion, isFetched } from './distribution.js'
import { runCommand } from './run-command.js'
import { kafkaVersionUnderTest } from './version-under-test.js'

/** The source of the broker tests' Kafka, and the reason for it. */
export type BrokerSource = ExternalSource | ProcessSource | ComposeSource | UnavailableSource

/** A cluster outside of the tests, which cannot restart it. */
export interface ExternalSource {
  readonly kind: 'external'
  readonly bootstrapServers: readonly string[]
  readonly reason: string
}

/** Broker processes of our own, which may be killed. */
export interface ProcessSource {
  readonly kind: 'processes'
  readonly reason: string
}

/** The three containers of docker-compose.yml. */
export interface ComposeSource {
  readonly kind: 'compose'
  readonly reason: string
}

export interface UnavailableSource {
  readonly kind: 'unavailable'
  readonly reason: string
}

/** The source of the cluster that the tests share. */
export async function brokerSource(): Promise<BrokerSource> {
  const { KAFKA_BOOTSTRAP: bootstrap } = process.env
  if (bootstrap) {
    const bootstrapServers = bootstrap.split(',').map((address) => address.trim())
    return { kind: 'external', bootstrapServers, reason: 'KAFKA_BOOTSTRAP is set' }
  }
  const processes = await processSource()
  if (processes.kind === 'processes') return processes
  if (!(await dockerAnswers())) {
    return { kind: 'unavailable', reason: `${processes.reason}, and no Docker engine answers` }
  }
  if (!composeIsUnderTest()) {
    return { kind: 'unavailable', reason: `${processes.reason}, and docker-compose.yml has another Kafka` }
  }
  return { kind: 'compose', reason: `Docker answers, and ${processes.reason}` }
}

/** Whether brokers that a test may kill can be started here; KAFKA_BOOTSTRAP changes nothing about that. */
export async function processSource(): Promise<ProcessSource | UnavailableSource> {
  if (!(await isOnPath('java'))) return { kind: 'unavailable', reason: 'java is not on the PATH' }
  if (await isFetched(kafkaVersionUnderTest())) {
    return { kind: 'processes', reason: 'Java is installed and Kafka is already fetched' }
  }
  if (!(await isOnPath('mvn'))) return { kind: 'unavailable', reason: 'mvn is not on the PATH' }
  return { kind: 'processes', reason: 'Java and Maven are installed' }
}

/** docker-compose.yml has one version and three nodes, which must not pass for others in the test matrix. */
function composeIsUnderTest(): boolean {
  const { ODRADEK_KAFKA_BROKERS: count } = process.env
  return kafkaVersionUnderTest() === defaultKafkaVersion && (!count || count === '3')
}

async function isOnPath(program: string): Promise<boolean> {
  const { PATH: path = '' } = process.env
  const found = path.split(delimiter).map((folder) => access(join(folder, program), constants.X_OK))
  return Promise.any(found).then(
    () => true,
    () => false,
  )
}

function dockerAnswers(): Promise<boolean> {
  return runCommand('docker', ['info'], { timeoutMs: 5_000 }).then(
    () => true,
    () => false,
  )
}
