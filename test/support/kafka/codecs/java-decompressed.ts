import { fileURLToPath } from 'node:url'
import { kafkaDistribution } from '../distribution.js'
import { runJava } from '../run-java.js'

const program = fileURLToPath(new URL('Decompress.java', import.meta.url))

export interface CompressedBytes {
  /** The number of the codec in a batch's attributes. */
  readonly codec: number
  readonly original: Buffer
  readonly compressed: Buffer
}

export interface JavaVerdict {
  /** `same`, or what is wrong. */
  readonly verdict: string
  /** Bytes to which Kafka's producer compresses the original at the default level. */
  readonly javaSize: number
}

/** What Kafka's own classes make of each. */
export async function javaDecompressed(inputs: readonly CompressedBytes[]): Promise<JavaVerdict[]> {
  const { classpath } = await kafkaDistribution()
  const parts = inputs.flatMap(({ codec, original, compressed }) => [
    int32(codec),
    int32(original.length),
    original,
    int32(compressed.length),
    compressed,
  ])
  const { stdout } = await runJava(program, classpath, [], {
    input: Buffer.concat(parts),
    timeoutMs: 300_000,
  })
  return stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [size = '', ...words] = line.split(' ')
      return { verdict: words.join(' '), javaSize: Number(size) }
    })
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
