import type { Command } from 'commander'
import { EmbeddedCluster } from '../testing/index.js'
import { wholeNumber } from './client-options.js'
import { CommandFailure, describeFailure } from './failure.js'
import type { Terminal } from './terminal.js'
import { untilAborted } from './until-aborted.js'

interface BrokerOptions {
  readonly port: number
  readonly brokers: number
}

export function addBrokerCommand(
  program: Command,
  terminal: Terminal,
  ended: (exitCode: number) => void,
): Command {
  return program
    .command('broker')
    .summary('runs the embedded cluster as a process')
    .description(
      'Runs the embedded cluster as a process, for development. It speaks the Kafka protocol on 127.0.0.1 and keeps its logs in memory. It prints the bootstrap servers and ends on Ctrl-C.',
    )
    .option(
      '--port <port>',
      'the port of the first broker; the other brokers get the ports after it; 0: any free ports',
      wholeNumber(0, 65535),
      9092,
    )
    .option('--brokers <number>', 'the number of brokers', wholeNumber(1, 100), 1)
    .action(async (options: BrokerOptions) => ended(await runBroker(options, terminal)))
}

async function runBroker({ port, brokers }: BrokerOptions, terminal: Terminal): Promise<number> {
  if (port > 65536 - brokers)
    throw new CommandFailure(`not enough ports: ${brokers} brokers need ${brokers} ports from ${port} on`)
  const cluster = await EmbeddedCluster.start({ port, brokers }).catch((error: unknown) => {
    const where =
      port === 0 ? 'free ports' : `port ${port}${brokers === 1 ? '' : ` to ${port + brokers - 1}`}`
    throw new CommandFailure(`cannot listen on ${where}: ${describeFailure(error)}; --port chooses another`)
  })
  terminal.print(`${cluster.bootstrapServers}\n`)
  terminal.say(
    `${brokers === 1 ? 'a broker is' : `${brokers} brokers are`} up; Ctrl-C ends ${brokers === 1 ? 'it' : 'them'}`,
  )
  await untilAborted(terminal.interrupted)
  await cluster.close()
  return terminal.interruption?.kind === 'signal' ? 0 : 1
}
