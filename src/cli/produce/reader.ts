import { parsePropertiesText } from '../../config/properties-text.js'
import { keyAndValue } from '../client-options.js'
import { CommandFailure } from '../failure.js'
import { readText } from '../input.js'
import type { Terminal } from '../terminal.js'
import { jsonLines } from './json-line.js'
import { lineFormat, linesAs, type RecordOfLine } from './line-format.js'
import type { ProduceOptions } from './produce-options.js'

/** Makes records of lines. */
export interface LineReader {
  readonly recordOf: RecordOfLine
  /** Whether an invalid line is left out. If not, it ends the command. */
  readonly leavesOutWrongLines: boolean
}

/** The class names of Kafka's own reader, since Kafka 4 and before it. */
const kafkasReaders = [
  'org.apache.kafka.tools.LineMessageReader',
  'kafka.tools.ConsoleProducer$LineMessageReader',
]

/**
 * The reader that the options ask for.
 *
 * @throws CommandFailure for a class other than Kafka's own reader, and for invalid reader properties
 */
export async function lineReader(options: ProduceOptions, terminal: Terminal): Promise<LineReader> {
  const { topic, lineReader: className, json } = options
  if (className !== undefined && !kafkasReaders.includes(className)) {
    throw new CommandFailure(
      `--line-reader ${className}: a Java class cannot be loaded; ${kafkasReaders[0]} is built in, and --json is another reader`,
    )
  }
  const properties = await readerProperties(options, terminal)
  const format = lineFormat(properties)
  // With ignore.error, a plain line without a key is sent as the value, so no line is left out.
  if (!json) return { recordOf: linesAs(topic, format), leavesOutWrongLines: false }
  for (const name of Object.keys(properties)) {
    if (name !== 'ignore.error') {
      throw new CommandFailure(`reader property ${name} has no meaning with --json`)
    }
  }
  return { recordOf: jsonLines(topic), leavesOutWrongLines: format.ignoreError }
}

async function readerProperties(
  { readerConfig, property = [], readerProperty = [], ignoreError }: ProduceOptions,
  terminal: Terminal,
): Promise<Record<string, string>> {
  const file = readerConfig === undefined ? [] : parsePropertiesText(await readText(readerConfig, terminal))
  return Object.fromEntries([
    ...file,
    ...[...property, ...readerProperty].map(keyAndValue),
    ...(ignoreError ? [['ignore.error', 'true'] as const] : []),
  ])
}
