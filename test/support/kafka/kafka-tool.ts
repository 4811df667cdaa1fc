import { toolArchiveArguments } from './class-archive.js'
import { kafkaDistribution } from './distribution.js'
import { toolJvmArguments } from './java.js'
import { type CommandResult, type RunOptions, runCommand } from './run-command.js'
import { kafkaVersionUnderTest } from './version-under-test.js'

export interface ToolOptions extends RunOptions {
  /** Of the tool; the version under test unless given. */
  readonly version?: string
}

/** Runs the main class of one of Kafka's own tools; `mainClass` may depend on the version. */
export async function runKafkaTool(
  mainClass: string | ((version: string) => string),
  args: readonly string[],
  options: ToolOptions = {},
): Promise<CommandResult> {
  const { version = kafkaVersionUnderTest(), ...runOptions } = options
  const { classpath } = await kafkaDistribution(version)
  const className = typeof mainClass === 'string' ? mainClass : mainClass(version)
  const shared = await toolArchiveArguments(version)
  return runCommand(
    'java',
    [...toolJvmArguments, ...shared, '-cp', classpath, className, ...args],
    runOptions,
  )
}

/** The main class of kafka-configs. */
export function configCommand(version: string): string {
  return isAtLeast(version, '4.4') ? 'org.apache.kafka.tools.ConfigCommand' : 'kafka.admin.ConfigCommand'
}

/** Whether `version` is `minimum` ("4.3") or later. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [minimumMajor = 0, minimumMinor = 0] = minimum.split('.').map(Number)
  return major === minimumMajor ? minor >= minimumMinor : major > minimumMajor
}
