import { fileURLToPath } from 'node:url'
import { kafkaDistribution } from '../distribution.js'
import { runJava } from '../run-java.js'

const program = fileURLToPath(new URL('ErrorCodes.java', import.meta.url))

export interface JavaErrorCode {
  readonly code: number
  readonly name: string
  /** Java's client throws a RetriableException. */
  readonly retriable: boolean
  /** It throws an InvalidMetadataException. */
  readonly refreshMetadata: boolean
}

/** Every constant of Kafka's own `Errors`. */
export async function javaErrorCodes(): Promise<JavaErrorCode[]> {
  const { classpath } = await kafkaDistribution()
  const { stdout } = await runJava(program, classpath)
  const lines = stdout.toString().trimEnd().split('\n')
  return lines.map((line) => {
    const [code, name = '', retriable, refreshMetadata] = line.split(' ')
    return {
      code: Number(code),
      name,
      retriable: retriable === 'true',
      refreshMetadata: refreshMetadata === 'true',
    }
  })
}
