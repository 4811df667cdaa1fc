import type { Readable } from 'node:stream'
import type { Command } from 'commander'
import type { ProducerConfig } from '../producer/config/config.js'
import { Producer } from '../producer/producer.js'
import { addClientOptions, type ClientOptions, clientConfig, collect, keyAndValue } from './client-options.js'
import { CommandFailure } from './failure.js'
import { openInputFile } from './input-file.js'
import { Deliveries } from './produce/deliveries.js'
import { jsonLines } from './produce/json-line.js'
import { lineFormat, linesAs, type RecordOfLine } from './produce/line-format.js'
import { showProgress, summary } from './produce/report.js'
import { sendLines } from './produce/send-lines.js'
import type { Terminal } from './terminal.js'
import { unlessAborted } from './until-aborted.js'

interface ProduceOptions extends ClientOptions {
  readonly topic: string
  readonly readerProperty?: readonly string[]
  readonly property?: readonly string[]
  readonly json?: true
  readonly compressionCodec?: string | true
  readonly compressionType?: string
}

const DEFAULT_MAX_REQUEST_SIZE = 1048576
/** A line of JSON can take six bytes for one of a record; beyond this it is no line of records at all. */
const LINE_PER_RECORD = 8

const help = `
Reader properties, as of Kafka's console producer: parse.key (false), key.separator (tab), parse.headers (false),
headers.delimiter (tab), headers.separator (,), headers.key.separator (:), ignore.error (false), null.marker (none).
A line is headers, delimiter, key, separator, value. A wrong line ends the command, unless ignore.error is true.

Lines end with a line feed; all other bytes are sent as they are, also a carriage return before it.
With --json a line is an object: value (a string, or null), and where wanted key, headers, partition, timestamp (ms).

Exit code 1 if a record failed. Ctrl-C sends what was accepted and reports; a second one gives up what is not sent.
`

export function addProduceCommand(
  program: Command,
  terminal: Terminal,
  ended: (exitCode: number) => void,
): Command {
  const command = program
    .command('produce')
    .summary('sends lines as records')
    .description('Sends every line of a file, or of standard input, as a record.')
    .argument('[file]', 'what to send; - or nothing: standard input')
    .requiredOption('--topic <topic>', 'where to')
  return addClientOptions(command)
    .option('--producer.config <file>', 'the same as --command-config')
    .option('--producer-property <key=value>', 'the same as --command-property', collect)
    .option('--reader-property <key=value>', 'how lines are read, see below; may be repeated', collect)
    .option('--property <key=value>', 'the same as --reader-property', collect)
    .option('--json', 'every line is a JSON object')
    .option('--compression-codec [codec]', 'none, gzip, snappy, lz4 or zstd; gzip if none is named')
    .option('--compression-type <codec>', 'the same')
    .addHelpText('after', help)
    .action(async (file: string | undefined, options: ProduceOptions) =>
      ended(await produce(file ?? '-', options, terminal)),
    )
}

async function produce(file: string, options: ProduceOptions, terminal: Terminal): Promise<number> {
  const recordOf = recordsOf(options)
  const config = await producerConfig(options, terminal)
  const stream = await openSource(file, terminal)
  const producer = new Producer(config)
  try {
    return await produceFrom(stream, file, config, recordOf, producer, options.topic, terminal)
  } finally {
    stream.destroy()
    // Whatever is left now was given up.
    await producer.close({ timeoutMs: 0 })
  }
}

async function produceFrom(
  stream: Readable,
  file: string,
  config: ProducerConfig,
  recordOf: RecordOfLine,
  producer: Producer,
  topic: string,
  terminal: Terminal,
): Promise<number> {
  const { interrupted, abandoned } = terminal
  // Before the first line is read: a cluster or a topic that is not there is one error, not one for each record.
  await unlessAborted(
    producer.connect().then(() => producer.partitionsFor(topic)),
    interrupted,
  )
  const source = {
    stream,
    name: file === '-' ? 'standard input' : file,
    maxLineBytes: (config.maxRequestSize ?? DEFAULT_MAX_REQUEST_SIZE) * LINE_PER_RECORD,
  }
  const deliveries = new Deliveries(terminal)
  const startedAtMs = performance.now()
  const stopProgress = showProgress(deliveries, startedAtMs, terminal)
  let failure: CommandFailure | null = null
  try {
    await sendLines(source, recordOf, producer, deliveries, interrupted)
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    failure = error
    terminal.say(error.message)
  }
  if (interrupted.aborted && deliveries.unsettled > 0) terminal.say('interrupted; sending what was accepted')
  const giveUp = (): void => void producer.close({ timeoutMs: 0 })
  abandoned.addEventListener('abort', giveUp)
  await producer.flush()
  if (abandoned.aborted) await producer.close({ timeoutMs: 0 })
  stopProgress()
  for (const line of summary(deliveries, topic, performance.now() - startedAtMs)) terminal.say(line)
  if (deliveries.failed > 0 || deliveries.unsettled > 0 || failure !== null) return 1
  return terminal.interruption === null ? 0 : terminal.interruptedExitCode
}

function recordsOf({ topic, json, readerProperty = [], property = [] }: ProduceOptions): RecordOfLine {
  const properties = Object.fromEntries([...property, ...readerProperty].map(keyAndValue))
  if (json !== true) return linesAs(topic, lineFormat(properties))
  if (Object.keys(properties).length > 0)
    throw new CommandFailure('reader properties have no meaning with --json')
  return jsonLines(topic)
}

function producerConfig(options: ProduceOptions, terminal: Terminal): Promise<ProducerConfig> {
  const { compressionCodec, compressionType } = options
  const codec = compressionCodec === true ? 'gzip' : compressionCodec
  return clientConfig(
    options,
    { 'client.id': 'console-producer' },
    { 'compression.type': compressionType ?? codec },
    terminal,
  )
}

async function openSource(file: string, terminal: Terminal): Promise<Readable> {
  return file === '-' ? terminal.stdin : (await openInputFile(file)).stream
}
