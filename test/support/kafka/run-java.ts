import { toolJvmArguments } from './java.js'
import { type CommandResult, type RunOptions, runCommand } from './run-command.js'

/** Compiles and runs a single Java source file (`java -cp <classpath> Source.java <args>`); needs a JDK. */
export function runJava(
  source: string,
  classpath: string,
  args: readonly string[] = [],
  options?: RunOptions,
): Promise<CommandResult> {
  return runCommand('java', [...toolJvmArguments, '-cp', classpath, source, ...args], options)
}
