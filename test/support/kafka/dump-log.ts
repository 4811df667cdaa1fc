import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isAtLeast, runKafkaTool } from './kafka-tool.js'

/** The header of a record batch as it is in the log. */
export interface LoggedBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  readonly count: number
  readonly baseSequence: number
  readonly lastSequence: number
  readonly producerId: number
  readonly producerEpoch: number
  readonly isTransactional: boolean
  readonly isControl: boolean
  readonly createTime: number
  readonly size: number
  readonly magic: number
  /** `none`, `gzip`, `snappy`, `lz4` or `zstd`. */
  readonly compression: string
  /** Whether the checksum is right. */
  readonly isValid: boolean
}

/** Reads the batches of one partition from a broker's data folder with Kafka's DumpLogSegments. */
export async function dumpLogSegments(
  dataFolder: string,
  topic: string,
  partition: number,
): Promise<LoggedBatch[]> {
  const folder = join(dataFolder, `${topic}-${partition}`)
  const segments = (await readdir(folder)).filter((name) => name.endsWith('.log')).sort()
  const files = segments.map((name) => join(folder, name)).join(',')
  const { stdout } = await runKafkaTool(
    (version) =>
      isAtLeast(version, '4.3') ? 'org.apache.kafka.tools.DumpLogSegments' : 'kafka.tools.DumpLogSegments',
    ['--deep-iteration', '--skip-record-metadata', '--files', files],
  )
  const lines = stdout.toString().split('\n')
  return lines.filter((line) => line.startsWith('baseOffset: ')).map(parseBatch)
}

function parseBatch(line: string): LoggedBatch {
  const fields = new Map([...line.matchAll(/(\w+): (\S+)/g)].map(([, name = '', text = '']) => [name, text]))
  const text = (name: string): string => {
    const found = fields.get(name)
    if (found === undefined) throw new Error(`no ${name} in the dumped batch: ${line}`)
    return found
  }
  const number = (name: string) => Number(text(name))
  const flag = (name: string) => text(name) === 'true'
  return {
    baseOffset: number('baseOffset'),
    lastOffset: number('lastOffset'),
    count: number('count'),
    baseSequence: number('baseSequence'),
    lastSequence: number('lastSequence'),
    producerId: number('producerId'),
    producerEpoch: number('producerEpoch'),
    isTransactional: flag('isTransactional'),
    isControl: flag('isControl'),
    createTime: number('CreateTime'),
    size: number('size'),
    magic: number('magic'),
    compression: text('compresscodec').toLowerCase(),
    isValid: flag('isvalid'),
  }
}
