import { describe, expect, test } from 'vitest'
import type { Producer, RecordMetadata } from '../../src/index.js'
import { describeWithKafka } from '../support/kafka/describe-kafka.js'
import { defaultKafkaVersion } from '../support/kafka/distribution.js'
import { createTopic, kcat } from '../support/kafka/tools.js'
import { brokerCountUnderTest, kafkaVersionUnderTest } from '../support/kafka/version-under-test.js'
import { uniqueTopic, withProducer } from '../support/kafka/with-producer.js'

/** What the programs that everybody writes first have in common: they send without looking. */
interface Program {
  readonly count: number
  readonly bytes: number
  /**
   * The first record of the producer's life, which knows no metadata yet, is among those sent in one tick.
   */
  readonly start: 'cold' | 'warm'
}

type Form = 'promise' | 'callback' | 'produce'

const forms: readonly Form[] = ['promise', 'callback', 'produce']
const programs: readonly Program[] = (['cold', 'warm'] as const).flatMap((start) => [
  { start, count: 100_000, bytes: 100 },
  { start, count: 100_000, bytes: 1_000 },
  { start, count: 1_000_000, bytes: 100 },
])
const LIMIT_MS = 180_000

/** How many records of the program were delivered, refused, and in another place than their turn. */
interface Counts {
  delivered: number
  refused: number
  misplaced: number
}

/** Sends all records in one tick, and waits for their outcomes. `offset` is that of the first. */
async function sendInOneTick(
  producer: Producer,
  topic: string,
  { count, bytes }: Program,
  form: Form,
  offset: number,
): Promise<Counts> {
  const value = 'x'.repeat(bytes)
  const counts = { delivered: 0, refused: 0, misplaced: 0 }
  const settle = (i: number, metadata: RecordMetadata | null): void => {
    if (metadata === null) counts.refused++
    else counts.delivered++
    if (metadata !== null && Number(metadata.offset) !== offset + i) counts.misplaced++
  }
  const record = (i: number) => ({ topic, partition: 0, key: `${i}`, value })
  if (form === 'promise') {
    const sends = Array.from({ length: count }, (_, i) => producer.send(record(i)))
    const outcomes = await Promise.allSettled(sends)
    outcomes.forEach((outcome, i) => {
      settle(i, outcome.status === 'fulfilled' ? outcome.value : null)
    })
  } else if (form === 'callback') {
    await new Promise<void>((resolve) => {
      for (let i = 0; i < count; i++)
        producer.send(record(i), (_, metadata) => {
          settle(i, metadata)
          if (counts.delivered + counts.refused === count) resolve()
        })
    })
  } else {
    producer.on('deliveryError', () => counts.refused++)
    for (let i = 0; i < count; i++) producer.produce(record(i))
    await producer.flush()
    // Nobody hears of a success: the log tells.
    counts.delivered = count - counts.refused
  }
  return counts
}

/** The keys in the log of partition 0, in order. */
async function keysInLog(bootstrapServers: readonly string[], topic: string): Promise<string[]> {
  const args = ['-C', '-e', '-q', '-t', topic, '-p', '0', '-o', 'beginning', '-f', '%k\\n']
  const { stdout } = await kcat(bootstrapServers, args, { timeoutMs: LIMIT_MS })
  return stdout.toString().trimEnd().split('\n')
}

// Nothing here depends on the broker's version or on other brokers: one row of the matrix has the minutes
// that it takes.
const isItsRow = kafkaVersionUnderTest() === defaultKafkaVersion && brokerCountUnderTest() === 1
describe.skipIf(!isItsRow)('programs that send without looking (the newest Kafka, one node)', () => {
  describeWithKafka('records sent in one tick', (kafka) => {
    describe.each(forms)('by %s', (form) => {
      test.each(programs)(
        '$start: $count of $bytes B are all delivered, none is refused, in order',
        async (program) => {
          const { bootstrapServers } = kafka
          const topic = uniqueTopic('naive')
          await createTopic(bootstrapServers, { topic, partitions: 1 })
          const counts = await withProducer({ bootstrapServers }, async (producer) => {
            if (program.start === 'warm')
              await producer.send({ topic, partition: 0, key: 'first', value: '' })
            return sendInOneTick(producer, topic, program, form, program.start === 'warm' ? 1 : 0)
          })
          expect(counts).toEqual({ delivered: program.count, refused: 0, misplaced: 0 })
          const keys = await keysInLog(bootstrapServers, topic)
          if (program.start === 'warm') expect(keys.shift()).toBe('first')
          expect(keys.length).toBe(program.count)
          expect(keys.findIndex((key, i) => key !== `${i}`)).toBe(-1)
        },
        LIMIT_MS,
      )
    })
  })

  describeWithKafka('one record after the other', (kafka) => {
    test('5,000 that are awaited each are all delivered, in order', async () => {
      const { bootstrapServers } = kafka
      const topic = uniqueTopic('awaited')
      await createTopic(bootstrapServers, { topic, partitions: 1 })
      const offsets = await withProducer({ bootstrapServers }, async (producer) => {
        const told: number[] = []
        for (let i = 0; i < 5_000; i++) {
          const { offset } = await producer.send({ topic, key: `${i}`, value: 'x'.repeat(100) })
          told.push(Number(offset))
        }
        return told
      })
      expect(offsets).toEqual(Array.from({ length: 5_000 }, (_, i) => i))
      expect(await keysInLog(bootstrapServers, topic)).toEqual(offsets.map(String))
    })
  })
})
