import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithKafka } from '../support/kafka/describe-kafka.js'
import { defaultKafkaVersion } from '../support/kafka/distribution.js'
import { logFaults } from '../support/kafka/log-faults.js'
import { probeBroker } from '../support/kafka/probe.js'
import { runCommand } from '../support/kafka/run-command.js'
import type { SharedKafka } from '../support/kafka/shared-cluster.js'
import { consoleConsumerOutput, createTopic, dumpLogSegments, kcat } from '../support/kafka/tools.js'
import { uniqueTopic } from '../support/kafka/with-producer.js'
import { realLines } from '../support/real-lines.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const commandLine = join(root, 'dist', 'cli', 'main.js')

describeWithKafka('a real file, line by line', (kafka) => {
  const lines = linesToSend(kafka)
  const topics = { six: uniqueTopic('file-over-six'), one: uniqueTopic('file-in-one') }
  let folder: string
  let text: Buffer

  beforeAll(async () => {
    await runCommand(process.execPath, [join(root, 'scripts', 'build.js'), '--if-changed'])
    folder = await mkdtemp(join(tmpdir(), 'odradek-file-'))
    const real = await realLines(lines)
    text = real.text
    await writeFile(join(folder, 'real.txt'), text)
    console.log(`Real file: ${lines} lines, ${text.length} bytes, from ${real.source}`)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test(`${lines} lines over six partitions are the same lines for kcat and for Kafka's console consumer`, async () => {
    await send(topics.six, 6)
    const sorted = fingerprint(await sort(text))
    expect(fingerprint(await sort(await readByKcat(topics.six)))).toEqual(sorted)
    expect(fingerprint(await sort(await readByConsole(topics.six)))).toEqual(sorted)
  })

  test(`${lines} lines in one partition are the same file for kcat and for Kafka's console consumer`, async () => {
    await send(topics.one, 1)
    expect(fingerprint(await readByKcat(topics.one))).toEqual(fingerprint(text))
    expect(fingerprint(await readByConsole(topics.one))).toEqual(fingerprint(text))
  })

  const readLog = kafka.brokers.length > 0 ? test : test.skip
  const notRun = kafka.brokers.length > 0 ? '' : 'NOT RUN, the log of this cluster is not on this machine: '

  readLog(`${notRun}every batch in the log is valid, and its sequences follow the ones before`, async () => {
    expect(await logOf(topics.one, 1)).toEqual({ records: lines, producerIds: 1, faults: [] })
    expect(await logOf(topics.six, 6)).toEqual({ records: lines, producerIds: 1, faults: [] })
  })

  async function send(topic: string, partitions: number): Promise<void> {
    await createTopic(kafka.bootstrapServers, { topic, partitions })
    const args = ['--bootstrap-server', kafka.bootstrapServers.join(','), '--topic', topic]
    const { stderr } = await runCommand(process.execPath, [
      commandLine,
      'produce',
      ...args,
      join(folder, 'real.txt'),
    ])
    console.log(stderr.trim())
  }

  async function readByKcat(topic: string): Promise<Buffer> {
    return (await kcat(kafka.bootstrapServers, ['-C', '-e', '-q', '-t', topic, '-o', 'beginning'])).stdout
  }

  function readByConsole(topic: string): Promise<Buffer> {
    return consoleConsumerOutput(kafka.bootstrapServers, { topic, maxMessages: lines })
  }

  /** What the leader of each partition has on its disk. */
  async function logOf(topic: string, partitions: number): Promise<LogSummary> {
    const [first] = kafka.brokers
    const view = await probeBroker('127.0.0.1', first?.port ?? 0)
    const producerIds = new Set<number>()
    const faults: string[] = []
    let records = 0
    for (let partition = 0; partition < partitions; partition++) {
      const { leaderId } =
        view.partitions.find((own) => own.topic === topic && own.partition === partition) ?? {}
      const { dataFolder = '' } = kafka.brokers.find(({ nodeId }) => nodeId === leaderId) ?? {}
      const batches = await dumpLogSegments(dataFolder, topic, partition)
      faults.push(...logFaults(batches).map((fault) => `partition ${partition}: ${fault}`))
      for (const { producerId, count } of batches) {
        producerIds.add(producerId)
        records += count
      }
    }
    return { records, producerIds: producerIds.size, faults }
  }
})

interface LogSummary {
  readonly records: number
  readonly producerIds: number
  readonly faults: readonly string[]
}

/**
 * A million with the newest Kafka on one node, a tenth elsewhere; ODRADEK_FILE_LINES says otherwise. The
 * names of the tests tell.
 */
function linesToSend({ version, bootstrapServers }: SharedKafka): number {
  const { ODRADEK_FILE_LINES: wanted } = process.env
  if (wanted) return Number(wanted)
  return version === defaultKafkaVersion && bootstrapServers.length === 1 ? 1_000_000 : 100_000
}

/** Byte by byte, and in any order of lines. */
async function sort(text: Buffer): Promise<Buffer> {
  return (await runCommand('sort', [], { input: text, env: { LC_ALL: 'C' } })).stdout
}

/** Equal for equal bytes. The length first: it tells a shortened read from a changed one. */
function fingerprint(text: Buffer): { bytes: number; sha256: string } {
  return { bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') }
}
