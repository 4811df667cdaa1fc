import { fileURLToPath } from 'node:url'
import { kafkaDistribution } from '../distribution.js'
import { runJava } from '../run-java.js'

const program = fileURLToPath(new URL('Murmur2Partitions.java', import.meta.url))

/** `Utils.toPositive(Utils.murmur2(key))` of Kafka's own Java class for every key, in order. */
export async function javaMurmur2(keys: readonly Uint8Array[]): Promise<number[]> {
  const { classpath } = await kafkaDistribution()
  const input = keys.map((key) => `${Buffer.from(key).toString('hex')}\n`).join('')
  const { stdout } = await runJava(program, classpath, [], { input })
  return stdout.toString().trimEnd().split('\n').map(Number)
}
