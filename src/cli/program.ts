import { Command, CommanderError } from 'commander'
import { SOFTWARE_VERSION } from '../version.js'
import { addBrokerCommand } from './broker.js'
import { addDemoCommand } from './demo.js'
import { addDoctorCommand } from './doctor.js'
import { describeFailure, Interrupted } from './failure.js'
import { helpLayout } from './help-layout.js'
import { addProduceCommand } from './produce.js'
import type { Terminal } from './terminal.js'
import { addTopicsCommand } from './topics.js'

/** Adds a command whose work ends with an exit code. */
export type CommandAdder = (
  program: Command,
  terminal: Terminal,
  ended: (exitCode: number) => void,
) => Command

const commands: readonly CommandAdder[] = [
  addProduceCommand,
  addTopicsCommand,
  addDoctorCommand,
  addBrokerCommand,
  addDemoCommand,
]

/**
 * Runs the command line and resolves to the exit code.
 *
 * @param args the arguments without the names of the runtime and the program
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode = 0
  const program = new Command('odradek')
    .description('A Kafka producer and its tools.')
    .version(SOFTWARE_VERSION)
    .exitOverride()
    .configureHelp(helpLayout)
    .configureOutput({
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.errorColumns,
      writeOut: (text) => terminal.print(text),
      writeErr: (text) => terminal.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'odradek: ')),
    })
  for (const add of commands) {
    add(program, terminal, (code) => {
      exitCode = code
    }).version(SOFTWARE_VERSION)
  }
  try {
    await program.parseAsync(args, { from: 'user' })
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode
    terminal.say(describeFailure(error))
    return error instanceof Interrupted ? terminal.interruptedExitCode : 1
  }
}
