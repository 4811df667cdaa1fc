import { type Command, Option } from 'commander'
import { addClientOptions, type ClientOptions, collect } from '../client-options.js'
import { addHelpParagraphs } from '../help-layout.js'

export interface ProduceOptions extends ClientOptions {
  readonly topic: string
  readonly sync?: true
  readonly json?: true
  readonly readerProperty?: readonly string[]
  readonly property?: readonly string[]
  readonly readerConfig?: string
  readonly lineReader?: string
  readonly ignoreError?: true
  readonly compressionCodec?: string | true
  readonly compressionType?: string
}

/**
 * Options of kafka-console-producer, each with the producer setting that it sets there. If two options set
 * one setting, the later one in this list counts. The defaults of kafka-console-producer are not used: 3
 * retries and a request timeout of 1.5 s would fail records that the producer's own defaults deliver.
 */
const settingOptions = [
  { flags: '--batch-size <bytes>', setting: 'batch.size' },
  { flags: '--max-partition-memory-bytes <bytes>', setting: 'batch.size' },
  { flags: '--max-memory-bytes <bytes>', setting: 'buffer.memory' },
  { flags: '--max-block-ms <ms>', setting: 'max.block.ms' },
  { flags: '--timeout <ms>', setting: 'linger.ms' },
  { flags: '--request-required-acks <acks>', setting: 'acks' },
  { flags: '--request-timeout-ms <ms>', setting: 'request.timeout.ms' },
  { flags: '--message-send-max-retries <number>', setting: 'retries' },
  { flags: '--retry-backoff-ms <ms>', setting: 'retry.backoff.ms' },
  { flags: '--metadata-expiry-ms <ms>', setting: 'metadata.max.age.ms' },
  { flags: '--socket-buffer-size <bytes>', setting: 'send.buffer.bytes' },
] as const

const paragraphs = [
  [
    'Reader properties and their defaults, as in kafka-console-producer: parse.key (false), key.separator (tab),',
    'parse.headers (false), headers.delimiter (tab), headers.separator (,), headers.key.separator (:),',
    'ignore.error (false), null.marker (none). A line has headers, delimiter, key, separator and value, in this',
    'order. An invalid line ends the command unless ignore.error is true.',
  ],
  [
    'Lines end with a line feed. All other bytes are sent unchanged, including a carriage return before the line',
    'feed. A line that is too long for a record fails, and the other lines are sent.',
  ],
  [
    'With --json a line is an object with the field value (a string or null) and the optional fields key,',
    'headers, partition and timestamp (ms). Blank lines are skipped. An invalid line ends the command, or is',
    'left out if ignore.error is true.',
  ],
  [
    'The exit code is 1 if a record failed. On Ctrl-C, SIGTERM or SIGHUP the command sends the lines that it has',
    'accepted and reports. On a second Ctrl-C or SIGTERM it gives up the lines that are not sent yet.',
  ],
].map((lines) => lines.join(' '))

export function addProduceOptions(command: Command): Command {
  command.argument('[file]', 'the file to send; - or none: standard input')
  command.requiredOption('-t, --topic <topic>', 'the topic to send to')
  addClientOptions(command)
    .option('--producer.config <file>', 'the same as --command-config')
    .option('--producer-property <key=value>', 'the same as --command-property', collect)
    .option('--compression-codec [codec]', 'none, gzip, snappy, lz4 or zstd; gzip if left out')
    .option('--compression-type <codec>', 'the same as --compression-codec')
    .option('--sync', 'send each line when the line before it is acknowledged')
    .optionsGroup('How lines are read:')
    .option('--json', 'every line is a JSON object')
    .option('--reader-property <key=value>', 'see below; may be repeated', collect)
    .option('--property <key=value>', 'the same as --reader-property', collect)
    .option('--reader-config <file>', 'a .properties file with reader properties')
    .option('--ignore-error', 'the same as --reader-property ignore.error=true')
    .option(
      '--line-reader <class>',
      "only Kafka's own reader can be named: org.apache.kafka.tools.LineMessageReader",
    )
    .optionsGroup('Settings of the producer:')
  for (const { flags, setting } of settingOptions) command.option(flags, setting)
  return addHelpParagraphs(command.optionsGroup('Options:'), paragraphs)
}

/** The settings that the options of `settingOptions` give, by Kafka's names. */
export function settingsOf(command: Command): Record<string, string> {
  const given = settingOptions.flatMap(({ flags, setting }) => {
    const value: unknown = command.getOptionValue(new Option(flags).attributeName())
    return typeof value === 'string' ? [[setting, value] as const] : []
  })
  return Object.fromEntries(given)
}
