import { fileURLToPath } from 'node:url'
import { runCompiledJava } from '../compile-java.js'
import { kafkaDistribution } from '../distribution.js'

const program = fileURLToPath(new URL('Partitioners.java', import.meta.url))
const mainClass = 'org.apache.kafka.clients.producer.internals.Partitioners'

/** The answers of Kafka's own partitioners, in the order of the questions: see `Partitioners.java`. */
export async function askJavaPartitioners(questions: readonly string[]): Promise<number[][]> {
  const { classpath } = await kafkaDistribution()
  const { stdout } = await runCompiledJava(program, mainClass, classpath, { input: questions.join('\n') })
  return stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => line.split(',').map(Number))
}
