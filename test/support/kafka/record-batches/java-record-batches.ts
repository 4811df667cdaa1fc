import { fileURLToPath } from 'node:url'
import { kafkaDistribution } from '../distribution.js'
import { runJava } from '../run-java.js'

const program = fileURLToPath(new URL('CheckRecordBatches.java', import.meta.url))

export interface JavaRecordBatch {
  /** What Kafka reads: the header's fields between slashes, then a record behind each semicolon; or `refused:<exception>`. */
  readonly contents: string
  /** What Kafka writes for the same records and header. */
  readonly rebuilt: Buffer
}

/** Hands batches to Kafka's own MemoryRecords; the results stand in the same order. */
export async function javaRecordBatches(batches: readonly Buffer[]): Promise<JavaRecordBatch[]> {
  const { classpath } = await kafkaDistribution()
  const input = batches.map((batch) => `${batch.toString('hex')}\n`).join('')
  const { stdout } = await runJava(program, classpath, [], { input })
  return stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [contents = '', rebuilt = ''] = line.split(' ')
      return { contents, rebuilt: Buffer.from(rebuilt, 'hex') }
    })
}
