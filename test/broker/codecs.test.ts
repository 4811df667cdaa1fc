import { describe, expect, test } from 'vitest'
import type { ProducerConfig } from '../../src/index.js'
import { describeWithKafka } from '../support/kafka/describe-kafka.js'
import { kcatRead, readRecords } from '../support/kafka/tools.js'
import { uniqueTopic, withProducer } from '../support/kafka/with-producer.js'
import { payloads } from '../support/payloads.js'

/** Each codec at its default level and at others. */
const settings: readonly Omit<ProducerConfig, 'bootstrapServers'>[] = [
  { compressionType: 'gzip' },
  { compressionType: 'gzip', compressionGzipLevel: 9 },
  { compressionType: 'snappy' },
  { compressionType: 'lz4' },
  { compressionType: 'zstd' },
  { compressionType: 'zstd', compressionZstdLevel: -7 },
  { compressionType: 'zstd', compressionZstdLevel: 19 },
]

/** A record in a batch, batches of the default size, and batches of whole blocks of the codecs. */
const batchSizes = [0, 16_384, 262_144]

describeWithKafka('records of every kind, compressed', (kafka) => {
  describe.each(settings)('with %o', (config) => {
    test('reach librdkafka and Java byte for byte and in order', async () => {
      const topic = uniqueTopic('codecs')
      const values = payloads(400, 11)
      const { bootstrapServers } = kafka
      for (const batchSize of batchSizes) {
        await withProducer({ ...config, bootstrapServers, batchSize, lingerMs: 20 }, (producer) =>
          Promise.all(values.map((value) => producer.send({ topic, value, partition: 0 }))),
        )
      }
      const expected = batchSizes.flatMap(() => values)
      for (const read of [
        await kcatRead(bootstrapServers, { topic }),
        await readRecords(bootstrapServers, { topic }),
      ]) {
        expect(read).toHaveLength(expected.length)
        const wrong = read.filter(
          ({ value }, index) => expected[index]?.equals(value ?? Buffer.from('null')) !== true,
        )
        expect(wrong).toEqual([])
      }
    })
  })
})
