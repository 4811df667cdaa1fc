import { fileURLToPath } from 'node:url'
import { kafkaDistribution } from '../distribution.js'
import { runJava } from '../run-java.js'

const program = fileURLToPath(new URL('DescribeProducerConfig.java', import.meta.url))

/** A config of Kafka's own producer, each column as Java prints it. */
export interface JavaConfig {
  readonly name: string
  readonly type: string
  readonly defaultValue: string
  readonly validator: string
  readonly importance: string
}

/** All configs of Kafka's own producer, as its ConfigDef has them. */
export async function describeProducerConfig(): Promise<JavaConfig[]> {
  const { classpath } = await kafkaDistribution()
  const { stdout } = await runJava(program, classpath)
  const lines = stdout.toString().trimEnd().split('\n')
  return lines.map((line) => {
    const [name = '', type = '', defaultValue = '', validator = '', importance = ''] = line.split('\t')
    return { name, type, defaultValue, validator, importance }
  })
}
