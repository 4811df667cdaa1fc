import { fileURLToPath } from 'node:url'
import { kafkaDistribution } from '../distribution.js'
import { runJava } from '../run-java.js'
import { kafkaVersionUnderTest } from '../version-under-test.js'

/** A record as Kafka's own Java consumer read it, to the byte. */
export interface JavaRecord {
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly timestampType: 'CreateTime' | 'LogAppendTime'
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[]
}

export interface ReadOptions {
  readonly topic: string
  readonly isolationLevel?: 'read_committed' | 'read_uncommitted'
  readonly timeoutMs?: number
}

const program = fileURLToPath(new URL('ReadRecords.java', import.meta.url))

/** Reads the present records of all partitions of a topic, with headers, with the Java consumer. */
export async function readRecords(
  bootstrapServers: readonly string[],
  options: ReadOptions,
): Promise<JavaRecord[]> {
  const { topic, isolationLevel = 'read_committed', timeoutMs = 120_000 } = options
  const { classpath } = await kafkaDistribution(kafkaVersionUnderTest())
  const args = [bootstrapServers.join(','), topic, isolationLevel]
  const { stdout } = await runJava(program, classpath, args, { timeoutMs })
  const lines = stdout.toString().split('\n')
  return lines.filter((line) => line !== '').map(parseLine)
}

function parseLine(line: string): JavaRecord {
  const [partition, offset, timestamp, timestampType, key = '-', value = '-', ...headers] = line.split('\t')
  if (timestampType !== 'CreateTime' && timestampType !== 'LogAppendTime') {
    throw new Error(`not a record: ${line}`)
  }
  return {
    partition: Number(partition),
    offset: Number(offset),
    timestamp: Number(timestamp),
    timestampType,
    key: bytes(key),
    value: bytes(value),
    headers: parseHeaders(headers),
  }
}

function parseHeaders(fields: readonly string[]): [name: string, value: Buffer | null][] {
  const headers: [string, Buffer | null][] = []
  for (let index = 0; index < fields.length; index += 2) {
    headers.push([Buffer.from(fields[index] ?? '', 'base64').toString(), bytes(fields[index + 1] ?? '-')])
  }
  return headers
}

function bytes(text: string): Buffer | null {
  return text === '-' ? null : Buffer.from(text, 'base64')
}
