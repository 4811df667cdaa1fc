import { type Command, CommanderError } from 'commander'
import { type ResolvedProducerConfig, resolveConfig } from '../config/config.js'
import { examine } from '../doctor/examination/examine.js'
import { type DoctorReport, doctorReport } from '../doctor/report.js'
import { nodeEnvironment } from '../environment/node-environment.js'
import { ConfigError } from '../errors.js'
import type { Logger } from '../logger.js'
import { formatAddress } from '../network/address.js'
import { checkTopicName } from '../protocol/topic-name.js'
import { addClientOptions, type ClientOptions, clientConfig, wholeNumber } from './client-options.js'
import { FindingsLayout, wrap } from './doctor/findings-layout.js'
import { describeFailure, Interrupted } from './failure.js'
import { counted } from './figures.js'
import { addHelpParagraphs } from './help-layout.js'
import type { Terminal } from './terminal.js'
import { unlessAborted } from './until-aborted.js'

interface DoctorOptions extends ClientOptions {
  readonly topic?: string
  readonly json?: true
  readonly timeout: number
  readonly maxTime: number
}

const USAGE_ERROR = 2

export function addDoctorCommand(
  program: Command,
  terminal: Terminal,
  ended: (exitCode: number) => void,
): Command {
  const command = program
    .command('doctor')
    .summary('finds out why a client cannot reach Kafka, and which setting to change')
    .description(
      'Walks the way of a producer step by step: names, TCP, TLS, SASL, the advertised address of every broker, a topic, rights and limits. It says of each step whether it works, and which setting to change if not. It writes no record and creates no topic.',
    )
    .exitOverride(({ exitCode, code, message }) => {
      throw new CommanderError(exitCode === 0 ? 0 : USAGE_ERROR, code, message)
    })
    .option('-t, --topic <topic>', 'look at this topic too')
    .option('--json', 'print the findings as JSON')
    .option('--timeout <seconds>', 'the longest time for each step', wholeNumber(1, 3_600), 5)
    .option('--max-time <seconds>', 'the longest time for all steps', wholeNumber(1, 86_400), 60)
  addHelpParagraphs(command, [
    'Exit codes: 0 if nothing is wrong, 1 if something is, 2 for a wrong option or setting.',
  ])
  return addClientOptions(command).action(async (options: DoctorOptions) =>
    ended(await runDoctor(options, terminal)),
  )
}

async function runDoctor(options: DoctorOptions, terminal: Terminal): Promise<number> {
  const warnings: string[] = []
  const config = await checkedConfig(options, terminal, warnings)
  if (config === null) return USAGE_ERROR
  const { topic = null, json } = options
  const layout = new FindingsLayout(terminal.columns, terminal.hasColours)
  const ending = new AbortController()
  const examination = examine(config, nodeEnvironment, {
    topic,
    warnings,
    limits: { stepMs: options.timeout * 1_000, wholeMs: options.maxTime * 1_000 },
    signal: ending.signal,
    tell: (findings) => {
      if (!json) terminal.print(layout.add(findings))
    },
  })
  const findings = await unlessAborted(examination, terminal.interrupted).catch((error: unknown) => {
    // A file with certificates that cannot be read. Nothing was sent then.
    if (!(error instanceof ConfigError)) throw error
    terminal.say(describeFailure(error))
    return USAGE_ERROR
  })
  if (typeof findings === 'number') return findings
  if (findings === null) {
    ending.abort()
    terminal.say('interrupted before everything was looked at')
    return terminal.interruptedExitCode
  }
  const bootstrapServers = config.bootstrapServers.map(({ host, port }) => formatAddress(host, port))
  const report = doctorReport({ bootstrapServers, topic }, findings)
  terminal.print(json ? `${JSON.stringify(report, null, 2)}\n` : conclusion(report, terminal.columns))
  return report.verdict === 'ok' ? 0 : 1
}

/** Null if an option or a setting is wrong, which the user has been told. */
async function checkedConfig(
  options: DoctorOptions,
  terminal: Terminal,
  warnings: string[],
): Promise<ResolvedProducerConfig | null> {
  try {
    if (options.topic !== undefined) checkTopicName(options.topic)
    const config = await clientConfig(options, { 'client.id': 'odradek-doctor' }, {}, terminal)
    return resolveConfig({ ...config, logger: warningsInto(warnings) })
  } catch (error) {
    if (error instanceof Interrupted) throw error
    terminal.say(describeFailure(error))
    return null
  }
}

/** The client's warnings about its settings are findings, and no lines between them. */
function warningsInto(warnings: string[]): Logger {
  const ignore = (): void => {}
  return { debug: ignore, info: ignore, warn: (message) => void warnings.push(message), error: ignore }
}

/** The last lines, for people. */
function conclusion({ counts, topic }: DoctorReport, columns: number): string {
  const asides = [
    ...(counts.warning > 0 ? [counted(counts.warning, 'warning')] : []),
    ...(counts.unknown > 0 ? [`${counted(counts.unknown, 'check')} without an answer`] : []),
  ]
  const aside = asides.length === 0 ? '' : ` (${asides.join(', ')})`
  const sentences = [
    counts.wrong === 0
      ? `Nothing is wrong${aside}.`
      : `${counted(counts.wrong, 'thing is', 'things are')} wrong${aside}.`,
    ...(counts.wrong > 1 ? ['Begin with the first: others may follow from it.'] : []),
    ...(topic === null ? ['--topic looks at a topic too.'] : []),
  ]
  return `\n${wrap(sentences.join(' '), columns).join('\n')}\n`
}
