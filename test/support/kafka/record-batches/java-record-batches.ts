import { fileURLToPath } from 'node:url'
import { kafkaDistribution } from '../distribution.js'
import { runJava } from '../run-java.js'

const program = fileURLToPath(new URL('CheckRecordBatches.java', import.meta.url))

export interface JavaRecordBatch {
  /**
   * Kafka's reading: the header's fields between slashes, a record after each semicolon; or
   * `refused:<exception>`.
   */
  readonly contents: string
  /** The batch that Kafka writes for the same records and header. */
  readonly rebuilt: Buffer
}

/** Gives batches to Kafka's own MemoryRecords; the results are in the same order. */
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
