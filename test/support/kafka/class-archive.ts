import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { kafkaDistribution } from './distribution.js'
import { runCommand } from './run-command.js'

let javaVersion: Promise<string> | undefined

/**
 * The file for an archive of the classes that a broker loads (Java's class data sharing), one for each
 * version of Kafka and Java, beside Kafka. `quickStartArguments` makes it.
 */
export async function classArchive(version: string): Promise<string> {
  const { clientsJar } = await kafkaDistribution(version)
  javaVersion ??= askForJavaVersion()
  return join(dirname(dirname(clientsJar)), `classes-of-java-${await javaVersion}.jsa`)
}

/** Arguments for Kafka's tools, which load much the same classes. None until there is an archive. */
export async function toolArchiveArguments(version: string): Promise<readonly string[]> {
  const archive = await classArchive(version)
  return (await exists(archive)) ? archiveArguments(archive) : []
}

export const archiveArguments = (archive: string): readonly string[] => [
  `-XX:SharedArchiveFile=${archive}`,
  // A JVM that cannot use the archive goes without, and would say so in the middle of a tool's output.
  '-Xlog:disable',
]

export function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

async function askForJavaVersion(): Promise<string> {
  const { stderr } = await runCommand('java', ['-version'])
  return /"([\w.+-]+)"/.exec(stderr)?.[1] ?? 'unknown'
}
