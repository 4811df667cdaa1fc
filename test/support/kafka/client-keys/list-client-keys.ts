import { fileURLToPath } from 'node:url'
import { kafkaDistribution } from '../distribution.js'
import { runJava } from '../run-java.js'

const program = fileURLToPath(new URL('ListClientKeys.java', import.meta.url))

/** Every key of Kafka's consumers, admin clients, brokers and Connect workers, with its owner. */
export async function listClientKeys(): Promise<{ owner: string; key: string }[]> {
  const { classpath } = await kafkaDistribution()
  const { stdout } = await runJava(program, classpath)
  const lines = stdout.toString().trimEnd().split('\n')
  return lines.map((line) => {
    const [owner = '', key = ''] = line.split('\t')
    return { owner, key }
  })
}
