import { rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { startKafka } from '../../support/kafka/cluster.js'
import { kafkaDistribution } from '../../support/kafka/distribution.js'
import { runCommand } from '../../support/kafka/run-command.js'

/**
 * An archive of the classes that a broker loads (Java's class data sharing). With it a restart needs half of
 * the processor time. It is made once for each version of Kafka and Java, and kept beside Kafka.
 */
export async function classArchive(version: string): Promise<string> {
  const { clientsJar } = await kafkaDistribution(version)
  const archive = join(dirname(dirname(clientsJar)), `classes-of-java-${await javaVersion()}.jsa`)
  if (await exists(archive)) return archive
  const unfinished = `${archive}.${process.pid}`
  const env = { JAVA_TOOL_OPTIONS: `"-XX:ArchiveClassesAtExit=${unfinished}"` }
  await using kafka = await startKafka({ version, brokers: 1, env })
  for (const broker of kafka.brokers) {
    broker.kill('SIGTERM')
    await broker.waitForExit()
  }
  await rename(unfinished, archive)
  return archive
}

async function javaVersion(): Promise<string> {
  const { stderr } = await runCommand('java', ['-version'])
  return /"([\w.+-]+)"/.exec(stderr)?.[1] ?? 'unknown'
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
