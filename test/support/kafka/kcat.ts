import { type CommandResult, type RunOptions, runCommand } from './run-command.js'

/** A record as kcat (librdkafka) read it, to the byte. */
export interface KcatRecord {
  readonly partition: number
  readonly offset: number
  readonly timestamp: number
  readonly key: Buffer | null
  readonly value: Buffer | null
}

export interface KcatReadOptions {
  readonly topic: string
  /** All partitions unless given. */
  readonly partition?: number
  readonly isolationLevel?: 'read_committed' | 'read_uncommitted'
  readonly timeoutMs?: number
}

/** Runs kcat with any arguments, against a cluster. */
export function kcat(
  bootstrapServers: readonly string[],
  args: readonly string[],
  options?: RunOptions,
): Promise<CommandResult> {
  return runCommand('kcat', ['-b', bootstrapServers.join(','), ...args], options)
}

/** Reads what a topic or partition holds now, from the beginning to the end. Headers: see `readRecords`. */
export async function kcatRead(
  bootstrapServers: readonly string[],
  options: KcatReadOptions,
): Promise<KcatRecord[]> {
  const { topic, partition, isolationLevel = 'read_committed', timeoutMs = 120_000 } = options
  const args = ['-C', '-e', '-q', '-t', topic, '-o', 'beginning', '-f', format]
  if (partition !== undefined) args.push('-p', String(partition))
  args.push('-X', `isolation.level=${isolationLevel}`)
  const { stdout } = await kcat(bootstrapServers, args, { timeoutMs })
  return parse(stdout)
}

// Lengths before the bytes: no other format of kcat keeps every byte and distinguishes null from empty.
const format = '%p %o %T %K %S\\n%k%s\\n'

function parse(output: Buffer): KcatRecord[] {
  const records: KcatRecord[] = []
  let position = 0
  const take = (length: number): Buffer | null => {
    if (length === -1) return null // no bytes follow for a null
    position += length
    return output.subarray(position - length, position)
  }
  while (position < output.length) {
    const lineEnd = output.indexOf('\n', position)
    const head = output.toString('latin1', position, lineEnd).split(' ').map(Number)
    const [partition = 0, offset = 0, timestamp = 0, keyLength = -1, valueLength = -1] = head
    position = lineEnd + 1
    records.push({ partition, offset, timestamp, key: take(keyLength), value: take(valueLength) })
    position++ // the line break after the value
  }
  return records
}
