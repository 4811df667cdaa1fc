import { beforeAll, describe, expect, test } from 'vitest'
import type { ProducerConfig, RecordMetadata } from '../../src/index.js'
import { describeWithKafka } from '../support/kafka/describe-kafka.js'
import {
  consoleConsumer,
  createTopic,
  type JavaRecord,
  type KcatRecord,
  kcatRead,
  readRecords,
} from '../support/kafka/tools.js'
import { uniqueTopic, withProducer } from '../support/kafka/with-producer.js'
import { type RecordShape, recordShapes } from '../support/record-shapes.js'

interface Setting {
  readonly name: string
  readonly config: Omit<ProducerConfig, 'bootstrapServers'>
}

const settings: readonly Setting[] = [
  { name: 'the defaults', config: {} },
  { name: 'gzip', config: { compressionType: 'gzip' } },
  { name: 'gzip, acks 1, idempotence off', config: { compressionType: 'gzip', acks: 1 } },
  {
    name: 'acks all, idempotence off, one request in flight',
    config: { enableIdempotence: false, maxInFlightRequestsPerConnection: 1 },
  },
  { name: 'batches of one record', config: { batchSize: 0, lingerMs: 0 } },
  { name: 'acks 0', config: { acks: 0, enableIdempotence: false, lingerMs: 50 } },
]
const withoutAcks = settings.length - 1
const shapes = recordShapes()

describeWithKafka('records of every shape', (kafka) => {
  const topic = uniqueTopic('shapes')
  const sentAt: { from: number; to: number }[] = []
  const metadata: RecordMetadata[][] = []
  let byJava: JavaRecord[]
  let byKcat: KcatRecord[]

  beforeAll(async () => {
    // One partition for each setting; the first producer has the broker create the topic.
    for (const [partition, { config }] of settings.entries()) {
      const from = Date.now()
      metadata[partition] = await sendAll(partition, config)
      sentAt[partition] = { from, to: Date.now() }
    }
    // Nothing but the log itself tells when a broker is done with what it was not asked about.
    do byKcat = await kcatRead(kafka.bootstrapServers, { topic })
    while (byKcat.filter(({ partition }) => partition === withoutAcks).length < shapes.length)
    byJava = await readRecords(kafka.bootstrapServers, { topic })
  })

  describe.each(settings.map((setting, partition) => ({ ...setting, partition })))(
    'with $name',
    ({ partition }) => {
      test("reach Kafka's Java consumer byte for byte and in order", () => {
        const read = byJava.filter((record) => record.partition === partition)
        expect(read.map(contents)).toEqual(shapes.map(({ expected }) => contents(expected)))
      })

      test('keep their timestamps, or get that of the send', () => {
        const read = byJava.filter((record) => record.partition === partition)
        const { from, to } = sentAt[partition] ?? { from: 0, to: 0 }
        for (const [index, { record }] of shapes.entries()) {
          const { timestamp = 0, timestampType } = read[index] ?? {}
          expect(timestampType).toBe('CreateTime')
          if (record.timestamp !== undefined) expect(timestamp).toBe(record.timestamp)
          else expect(timestamp >= from && timestamp <= to, `${from} <= ${timestamp} <= ${to}`).toBe(true)
        }
      })

      test('are read by librdkafka as by Java', () => {
        const own = (records: readonly KcatRecord[]) =>
          records
            .filter((record) => record.partition === partition)
            .map(({ offset, timestamp, key, value }) => [offset, timestamp, printable(key), printable(value)])
        expect(own(byKcat)).toEqual(own(byJava))
      })

      test('have the offsets, timestamps and sizes that their metadata tell', () => {
        const read = byJava.filter((record) => record.partition === partition)
        expect(metadata[partition]).toEqual(
          read.map(({ offset, timestamp, key, value }) => ({
            topic,
            partition,
            offset: partition === withoutAcks ? -1n : BigInt(offset),
            timestamp,
            serializedKeySize: key === null ? -1 : key.length,
            serializedValueSize: value === null ? -1 : value.length,
          })),
        )
      })
    },
  )

  function sendAll(partition: number, config: Setting['config']): Promise<RecordMetadata[]> {
    return withProducer({ bootstrapServers: kafka.bootstrapServers, ...config }, (producer) =>
      Promise.all(shapes.map(({ record }: RecordShape) => producer.send({ ...record, topic, partition }))),
    )
  }
})

describeWithKafka('text', (kafka) => {
  test("is printed by Kafka's console consumer as it was sent", async () => {
    const topic = uniqueTopic('text')
    const sent = await withProducer({ bootstrapServers: kafka.bootstrapServers }, (producer) =>
      Promise.all([
        producer.send({ topic, partition: 0, key: 'ключ', value: 'zażółć gęślą jaźń 🧵', timestamp: 1 }),
        producer.send({ topic, partition: 0, key: '', value: '' }),
        producer.send({
          topic,
          partition: 0,
          value: 'no key',
          headers: [
            ['b', '2'],
            ['a', '1'],
            ['b', '0'],
          ],
        }),
        producer.send({ topic, partition: 0, key: 'no value', value: null, headers: { trace: null } }),
      ]),
    )
    const printed = await consoleConsumer(kafka.bootstrapServers, { topic, maxMessages: sent.length })
    const place = (index: number) => ({ partition: 0, offset: index, timestamp: sent[index]?.timestamp })
    expect(sent[0]?.timestamp).toBe(1)
    expect(printed).toEqual([
      { ...place(0), headers: 'NO_HEADERS', key: 'ключ', value: 'zażółć gęślą jaźń 🧵' },
      { ...place(1), headers: 'NO_HEADERS', key: '', value: '' },
      { ...place(2), headers: 'b:2,a:1,b:0', key: 'null', value: 'no key' },
      { ...place(3), headers: 'trace:null', key: 'no value', value: 'null' },
    ])
  })
})

describeWithKafka('a topic with LogAppendTime', (kafka) => {
  test("gives records the broker's time, and so do their metadata", async () => {
    const topic = uniqueTopic('append-time')
    const config = { 'message.timestamp.type': 'LogAppendTime' }
    await createTopic(kafka.bootstrapServers, { topic, partitions: 2, config })
    const from = Date.now()
    const sent: RecordMetadata[] = []
    for (const [partition, compressionType] of (['none', 'gzip'] as const).entries()) {
      await withProducer({ bootstrapServers: kafka.bootstrapServers, compressionType }, async (producer) => {
        const record = { topic, partition, timestamp: 1_000, value: 'late' }
        sent.push(...(await Promise.all([producer.send(record), producer.send({ ...record, timestamp: 2 })])))
      })
    }
    const to = Date.now()
    const read = await readRecords(kafka.bootstrapServers, { topic })
    read.sort((a, b) => a.partition - b.partition)
    expect(read.map(({ timestampType }) => timestampType)).toEqual(Array(4).fill('LogAppendTime'))
    expect(sent.map(({ timestamp }) => timestamp)).toEqual(read.map(({ timestamp }) => timestamp))
    for (const { timestamp } of sent) expect(timestamp >= from && timestamp <= to).toBe(true)
  })
})

/** Compared as text: bytes one by one take a hundred times as long. */
function printable(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString('base64')
}

function contents({ key, value, headers }: RecordShape['expected']): unknown {
  return [printable(key), printable(value), headers.map(([name, bytes]) => [name, printable(bytes)])]
}
