import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectFolder } from '../project-folder.js'
import { withFileLock } from './file-lock.js'
import { runCommand } from './run-command.js'

export interface KafkaDistribution {
  readonly version: string
  /** For `java -cp`: the broker, the command-line tools and everything they need. */
  readonly classpath: string
  /** `kafka-clients-<version>.jar`, which also holds the message schemas (`common/message/*.json`). */
  readonly clientsJar: string
}

export const defaultKafkaVersion = '4.4.0'

const cacheFolder = join(projectFolder(), '.cache', 'kafka')
const fetchLimitMs = 10 * 60_000

/** Apache Kafka from Maven Central: fetched once per machine, then served from `.cache/kafka/<version>`. */
export async function kafkaDistribution(version: string = defaultKafkaVersion): Promise<KafkaDistribution> {
  const folder = join(cacheFolder, version)
  if (!(await exists(folder))) {
    await mkdir(cacheFolder, { recursive: true })
    await withFileLock(join(cacheFolder, `${version}.lock`), fetchLimitMs, () => fetchOnce(version, folder))
  }
  const libraries = join(folder, 'lib')
  return {
    version,
    classpath: join(libraries, '*'),
    clientsJar: join(libraries, `kafka-clients-${version}.jar`),
  }
}

/** Whether `kafkaDistribution(version)` can answer without Maven. */
export function isFetched(version: string): Promise<boolean> {
  return exists(join(cacheFolder, version))
}

async function fetchOnce(version: string, folder: string): Promise<void> {
  if (await exists(folder)) return // another process fetched it while this one waited for the lock
  const unfinished = await mkdtemp(join(cacheFolder, `.${version}-`))
  try {
    const pom = join(unfinished, 'pom.xml')
    await writeFile(pom, projectFile(version))
    await runMaven([
      '--file',
      pom,
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      // The tools of 3.x bring their own log binding; two bindings on one class path warn on every start.
      '-DexcludeArtifactIds=slf4j-reload4j',
      `-DoutputDirectory=${join(unfinished, 'lib')}`,
    ])
    await rename(unfinished, folder)
  } catch (error) {
    // A lock taken over by age lets two fetches race. The loser's rename fails, and both use the winner's
    // copy.
    if (!(await exists(folder))) throw new Error(`cannot fetch Apache Kafka ${version}`, { cause: error })
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
}

async function runMaven(args: readonly string[]): Promise<void> {
  const run = () => runCommand('mvn', ['--batch-mode', '--quiet', ...args], { timeoutMs: fetchLimitMs })
  // Maven keeps what it already downloaded, so a second attempt after a dropped connection is cheap.
  await run().catch(run)
}

function projectFile(version: string): string {
  const dependencies: readonly (readonly [group: string, artifact: string, release: string])[] = [
    ['org.apache.kafka', 'kafka_2.13', version],
    ['org.apache.kafka', 'kafka-tools', version],
    // Without a binding the broker logs nothing, and a broker that does not start could not say why.
    ['org.slf4j', 'slf4j-simple', '1.7.36'],
  ]
  const entries = dependencies.map(
    ([group, artifact, release]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${release}</version></dependency>`,
  )
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>test</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>${entries.join('')}</dependencies>
</project>
`
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
