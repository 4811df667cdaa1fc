import { expect, test } from 'vitest'
import { InvalidRecordError, type ProducerRecord, RecordTooLargeError } from '../../src/index.js'
import { describeWithKafka } from '../support/kafka/describe-kafka.js'
import { createTopic, kcatRead } from '../support/kafka/tools.js'
import { uniqueTopic, withProducer } from '../support/kafka/with-producer.js'
import { SeededRandom } from '../support/random.js'

describeWithKafka('records that a broker refuses', (kafka) => {
  test.each(['none', 'gzip'] as const)(
    'a batch above max.message.bytes is split, and only a record above it fails (%s)',
    async (compressionType) => {
      const topic = uniqueTopic('small-batches')
      await createTopic(kafka.bootstrapServers, {
        topic,
        partitions: 1,
        config: { 'max.message.bytes': '2000' },
      })
      const values = Array.from(
        { length: 300 },
        (_, index) => `${index} ${incompressible(index === 100 ? 5_000 : 50, index)}`,
      )
      // Long enough for one batch to hold many of them.
      const config = { bootstrapServers: kafka.bootstrapServers, lingerMs: 100, compressionType }
      const outcomes = await withProducer(config, (producer) =>
        Promise.allSettled(values.map((value) => producer.send({ topic, value }))),
      )
      const failed = outcomes.flatMap((outcome, index) =>
        outcome.status === 'rejected' ? [[index, outcome.reason]] : [],
      )
      expect(failed).toEqual([[100, expect.any(RecordTooLargeError)]])
      expect(failed[0]?.[1]).toMatchObject({
        code: 'RECORD_TOO_LARGE',
        topic,
        partition: 0,
        possiblyPersisted: false,
      })
      const read = await kcatRead(kafka.bootstrapServers, { topic })
      expect(read.map(({ value }) => value?.toString())).toEqual(values.filter((_, index) => index !== 100))
      const offsets = outcomes.flatMap((outcome) =>
        outcome.status === 'fulfilled' ? [outcome.value.offset] : [],
      )
      expect(offsets).toEqual(read.map(({ offset }) => BigInt(offset)))
    },
  )

  test('a compacted topic refuses the record without a key by itself, and its neighbours can be sent again', async () => {
    const topic = uniqueTopic('compacted')
    await createTopic(kafka.bootstrapServers, {
      topic,
      partitions: 1,
      config: { 'cleanup.policy': 'compact' },
    })
    const records: ProducerRecord[] = [
      { topic, key: 'a', value: '1' },
      { topic, value: 'without a key' },
      { topic, key: 'b', value: '2' },
    ]
    const config = { bootstrapServers: kafka.bootstrapServers, lingerMs: 50 }
    await withProducer(config, async (producer) => {
      const outcomes = await Promise.allSettled(records.map((record) => producer.send(record)))
      const errors = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : undefined))
      for (const error of errors) {
        expect(error).toBeInstanceOf(InvalidRecordError)
        expect(error).toMatchObject({ topic, partition: 0, possiblyPersisted: false })
      }
      expect(errors.map(({ retriable }) => retriable)).toEqual([true, false, true])
      expect(errors[1].message).toMatch(/key/)
      const again = records.filter((_, index) => errors[index].retriable)
      const sent = await Promise.all(again.map((record) => producer.send(record)))
      expect(sent.map(({ offset }) => offset)).toEqual([0n, 1n])
    })
    const read = await kcatRead(kafka.bootstrapServers, { topic })
    expect(read.map(({ value }) => value?.toString())).toEqual(['1', '2'])
  })
})

/** Text of which gzip can save a quarter at most; the same for the same seed. */
function incompressible(length: number, seed: number): string {
  return new SeededRandom(seed).bytes(length).toString('base64').slice(0, length)
}
