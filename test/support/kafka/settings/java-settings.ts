import { fileURLToPath } from 'node:url'
import { kafkaDistribution } from '../distribution.js'
import { runJava } from '../run-java.js'

const program = fileURLToPath(new URL('Settings.java', import.meta.url))

/** A setting as Kafka's brokers define it, with everything in Java's notation. */
export interface JavaSetting {
  readonly of: 'topic' | 'broker'
  readonly name: string
  readonly type: string
  readonly defaultValue: string
  readonly validator: string
  /** The broker setting that gives a topic setting its default; `null` if there is none. */
  readonly synonym: string
  readonly isInternal: boolean
}

/** Every setting of topics and brokers. */
export async function javaSettings(): Promise<JavaSetting[]> {
  const { classpath } = await kafkaDistribution()
  const { stdout } = await runJava(program, classpath)
  return stdout
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [of, name = '', type = '', defaultValue = '', validator = '', synonym = '', isInternal] =
        line.split('\t')
      return {
        of: of === 'topic' ? 'topic' : 'broker',
        name,
        type,
        defaultValue,
        validator,
        synonym,
        isInternal: isInternal === 'true',
      }
    })
}
