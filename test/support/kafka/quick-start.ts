import { rename } from 'node:fs/promises'
import { archiveArguments, classArchive, exists } from './class-archive.js'
import { startKafka } from './cluster.js'
import { withFileLock } from './file-lock.js'

/** Longer than it takes a broker to start and stop on a busy machine. */
const makeLimitMs = 5 * 60_000

/**
 * Arguments for JVMs of brokers that live for minutes and start again and again. Most of a start is loading
 * and compiling classes: with these it needs a third of the processor time. The classes come from an archive,
 * which the first call makes. Code is compiled quickly rather than well, so they are not for benchmarks.
 */
export async function quickStartArguments(version: string): Promise<readonly string[]> {
  const archive = await classArchive(version)
  if (!(await exists(archive)))
    await withFileLock(`${archive}.lock`, makeLimitMs, () => makeOnce(version, archive))
  return ['-XX:TieredStopAtLevel=1', ...archiveArguments(archive)]
}

async function makeOnce(version: string, archive: string): Promise<void> {
  if (await exists(archive)) return // another process made it while this one waited for the lock
  const unfinished = `${archive}.${process.pid}`
  const jvmArguments = [`-XX:ArchiveClassesAtExit=${unfinished}`]
  await using kafka = await startKafka({ version, brokers: 1, jvmArguments })
  for (const broker of kafka.brokers) {
    broker.kill('SIGTERM')
    await broker.waitForExit()
  }
  await rename(unfinished, archive)
}
