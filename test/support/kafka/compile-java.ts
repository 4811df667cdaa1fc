import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { toolJvmArguments } from './java.js'
import { type CommandResult, type RunOptions, runCommand } from './run-command.js'

/**
 * Compiles a Java source file into a folder of its own and runs a class of it. A class in one of Kafka's own
 * packages reaches what only its neighbours may use. `runJava`, which compiles in memory, cannot do that:
 * Java takes packages of two class loaders for two packages.
 */
export async function runCompiledJava(
  source: string,
  mainClass: string,
  classpath: string,
  options?: RunOptions,
): Promise<CommandResult> {
  const folder = await mkdtemp(join(tmpdir(), 'odradek-java-'))
  try {
    await runCommand('javac', ['-proc:none', '-d', folder, '-cp', classpath, source])
    const both = `${folder}${delimiter}${classpath}`
    return await runCommand('java', [...toolJvmArguments, '-cp', both, mainClass], options)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
