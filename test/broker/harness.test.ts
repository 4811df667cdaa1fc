import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { access, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { KafkaCluster } from '../support/kafka/cluster.js'
import { describeWithKafka, describeWithOwnKafka } from '../support/kafka/describe-kafka.js'
import { probeBroker } from '../support/kafka/probe.js'
import {
  consoleConsumer,
  createTopic,
  dumpLogSegments,
  kcat,
  kcatRead,
  readRecords,
} from '../support/kafka/tools.js'

// The harness proves itself with Kafka's and librdkafka's tools alone, so that a failure here is never ours.

describeWithKafka('the shared cluster', (kafka) => {
  test('takes records of any bytes and gives them back unchanged', async () => {
    const topic = `bytes-${randomBytes(4).toString('hex')}`
    await createTopic(kafka.bootstrapServers, { topic, partitions: 1 })
    const value = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    const produce = ['-P', '-t', topic, '-p', '0', '-D', 'no such bytes', '-H', 'trace=abc']
    await kcat(kafka.bootstrapServers, [...produce, '-k', 'a key\twith\nbreaks'], { input: value })
    await kcat(kafka.bootstrapServers, ['-P', '-t', topic, '-p', '0', '-Z', '-K', ':'], { input: 'gone:\n' })

    const key = Buffer.from('a key\twith\nbreaks')
    const tombstone = { offset: 1, key: Buffer.from('gone'), value: null }
    expect(await kcatRead(kafka.bootstrapServers, { topic, partition: 0 })).toMatchObject([
      { partition: 0, offset: 0, key, value },
      tombstone,
    ])
    expect(await readRecords(kafka.bootstrapServers, { topic })).toMatchObject([
      { partition: 0, offset: 0, key, value, headers: [['trace', Buffer.from('abc')]] },
      tombstone,
    ])
  })
})

await describeWithOwnKafka('a cluster of its own', {}, (kafka) => {
  const topic = 'survivors'
  const firstValues = ['one', 'two', 'three']

  test('keeps records over kill -9 and a restart', async () => {
    const { bootstrapServers, brokers } = kafka()
    const [broker] = brokers
    if (broker === undefined) throw new Error('a cluster has at least one broker')
    await createTopic(bootstrapServers, { topic, partitions: 1 })
    await produceText(kafka(), firstValues)
    await expectValues(kafka(), firstValues)

    const { pid } = broker
    broker.kill('SIGKILL')
    expect(await broker.waitForExit()).toEqual({ exitCode: null, signal: 'SIGKILL' })
    expect(broker.running).toBe(false)
    await broker.start()
    expect(broker.pid).not.toBe(pid)

    await produceText(kafka(), ['four'])
    await expectValues(kafka(), [...firstValues, 'four'])
  })

  test('shows the batches in the log, with the producer that wrote them', async () => {
    await kafka().waitUntilInSync()
    for (const { dataFolder } of kafka().brokers) {
      const batches = await dumpLogSegments(dataFolder, topic, 0)
      expect(batches.reduce((sum, batch) => sum + batch.count, 0)).toBe(firstValues.length + 1)
      expect(batches.every((batch) => batch.isValid && batch.magic === 2)).toBe(true)
      expect(batches[0]).toMatchObject({ baseOffset: 0, baseSequence: 0, producerEpoch: 0 })
      expect(batches[0]?.producerId).toBeGreaterThanOrEqual(0)
      expect(batches.at(-1)?.lastOffset).toBe(firstValues.length)
    }
  })

  test('stops answering while paused', async () => {
    for (const broker of kafka().brokers) {
      broker.pause()
      await expect(probeBroker('127.0.0.1', broker.port, 500)).rejects.toThrow('no answer within 500 ms')
      broker.resume()
      await broker.waitUntilServing((view) => view.brokerIds.includes(broker.nodeId))
    }
  })

  async function produceText({ bootstrapServers }: KafkaCluster, values: readonly string[]): Promise<void> {
    const input = values.map((value) => `key-${value}:${value}\n`).join('')
    const idempotent = ['-X', 'enable.idempotence=true', '-X', 'acks=all']
    await kcat(bootstrapServers, ['-P', '-t', topic, '-p', '0', '-K', ':', ...idempotent], { input })
  }

  async function expectValues({ bootstrapServers }: KafkaCluster, values: readonly string[]): Promise<void> {
    const byConsole = await consoleConsumer(bootstrapServers, { topic, maxMessages: values.length })
    expect(byConsole).toMatchObject(
      values.map((value, offset) => ({
        partition: 0,
        offset,
        headers: 'NO_HEADERS',
        key: `key-${value}`,
        value,
      })),
    )
    const byKcat = await kcatRead(bootstrapServers, { topic })
    expect(byKcat.map((record) => record.value?.toString())).toEqual(values)
  }
})

test('nothing outlives a test process that is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'odradek-watched-'))
  const sleeper = spawn('sleep', ['600'])
  const ended = once(sleeper, 'exit')
  const program = fileURLToPath(new URL('../support/kafka/watchdog.js', import.meta.url))
  const watchdog = spawn(process.execPath, [program])
  for (const subject of [sleeper.pid, folder]) {
    watchdog.stdin.write(`${JSON.stringify({ watch: true, subject })}\n`)
  }
  // However its parent ends, the watchdog sees no more than this.
  watchdog.stdin.end()
  await once(watchdog, 'exit')
  expect(await ended).toEqual([null, 'SIGKILL'])
  await expect(access(folder)).rejects.toThrow('ENOENT')
})
