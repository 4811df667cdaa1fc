import { isAtLeast, runKafkaTool } from './kafka-tool.js'
import { kafkaVersionUnderTest } from './version-under-test.js'

export interface ConsoleConsumerOptions {
  readonly topic: string
  /** All partitions unless given. */
  readonly partition?: number
  /** Ends after this many records. */
  readonly maxMessages?: number
  /** Ends when no record has come for this long; 10 s unless given. */
  readonly timeoutMs?: number
  readonly isolationLevel?: 'read_committed' | 'read_uncommitted'
  /** A .properties file with the settings of the consumer. */
  readonly configFile?: string
}

/** A record as Kafka's console consumer prints it: text, with a null key or value as "null". */
export interface PrintedRecord {
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  /** `name:value,name:value`, or `NO_HEADERS`. */
  readonly headers: string
  readonly key: string
  readonly value: string
}

/**
 * Reads a topic from its beginning with `kafka-console-consumer`. For records of readable text only: its
 * output does not keep a line break or an invalid UTF-8 byte. `readRecords` reads everything.
 */
export async function consoleConsumer(
  bootstrapServers: readonly string[],
  options: ConsoleConsumerOptions,
): Promise<PrintedRecord[]> {
  const { topic, partition, maxMessages, timeoutMs = 10_000, isolationLevel = 'read_committed' } = options
  const { configFile } = options
  const args = ['--bootstrap-server', bootstrapServers.join(','), '--topic', topic]
  // With a partition the beginning has to be said as an offset.
  if (partition === undefined) args.push('--from-beginning')
  else args.push('--partition', String(partition), '--offset', 'earliest')
  if (maxMessages !== undefined) args.push('--max-messages', String(maxMessages))
  args.push('--timeout-ms', String(timeoutMs), '--isolation-level', isolationLevel)
  if (configFile !== undefined)
    args.push(
      isAtLeast(kafkaVersionUnderTest(), '4.2') ? '--command-config' : '--consumer.config',
      configFile,
    )
  const { stdout } = await runKafkaTool(mainClass, [...args, ...printEverything], {
    timeoutMs: timeoutMs + 60_000,
  })
  const lines = stdout.toString().split('\n')
  return lines.filter((line) => line.includes(separator)).map(parseLine)
}

/** What the console consumer prints by itself, to the byte: the value of each record and a line break. */
export async function consoleConsumerOutput(
  bootstrapServers: readonly string[],
  options: { readonly topic: string; readonly maxMessages: number },
): Promise<Buffer> {
  const args = ['--bootstrap-server', bootstrapServers.join(','), '--topic', options.topic]
  args.push('--from-beginning', '--max-messages', String(options.maxMessages), '--timeout-ms', '20000')
  const { stdout } = await runKafkaTool(mainClass, args, { timeoutMs: 300_000 })
  return stdout
}

const mainClass = (version: string) =>
  isAtLeast(version, '3.7')
    ? 'org.apache.kafka.tools.consumer.ConsoleConsumer'
    : 'kafka.tools.ConsoleConsumer'

const separator = '\u001f' // ASCII's unit separator: no test has it in its text

// 4.3 prefers --formatter-property, and still takes the only name the older ones know.
const printEverything: readonly string[] = [
  'print.timestamp=true',
  'print.partition=true',
  'print.offset=true',
  'print.headers=true',
  'print.key=true',
  'print.value=true',
  `key.separator=${separator}`,
].flatMap((property) => ['--property', property])

function parseLine(line: string): PrintedRecord {
  const [timestamp = '', partition = '', offset = '', headers = '', key = '', value = ''] =
    line.split(separator)
  return {
    timestamp: numberAfterColon(timestamp),
    partition: numberAfterColon(partition),
    offset: numberAfterColon(offset),
    headers,
    key,
    value,
  }
}

/** The tool prints `CreateTime:1700000000000`, `Partition:0` and `Offset:5`. */
function numberAfterColon(text: string): number {
  return Number(text.slice(text.indexOf(':') + 1))
}
