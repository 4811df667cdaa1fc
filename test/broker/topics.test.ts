import { expect, test } from 'vitest'
import { type Logger, type RecordMetadata, TimeoutError } from '../../src/index.js'
import { describeWithKafka, describeWithOwnKafka } from '../support/kafka/describe-kafka.js'
import {
  addPartitions,
  createTopic,
  deleteTopic,
  isAtLeast,
  javaMurmur2,
  kcatRead,
} from '../support/kafka/tools.js'
import { kafkaVersionUnderTest } from '../support/kafka/version-under-test.js'
import { uniqueTopic, withProducer } from '../support/kafka/with-producer.js'

describeWithKafka('brokers that create topics', (kafka) => {
  test('a topic that is not there yet is created by the first record, and none is lost', async () => {
    const topic = uniqueTopic('created-by-sending')
    const log = new ListeningLogger()
    const values = Array.from({ length: 100 }, (_, index) => `${index}`)
    const config = { bootstrapServers: kafka.bootstrapServers, logger: log }
    const sent = await withProducer(config, (producer) =>
      Promise.all(values.map((value) => producer.send({ topic, partition: 3, value }))),
    )
    expect(sent.map(({ offset }) => offset)).toEqual(values.map((_, index) => BigInt(index)))
    expect(log.lines.filter((line) => line.includes(topic)).join('\n')).toMatch(
      /LEADER_NOT_AVAILABLE|UNKNOWN_TOPIC_OR_PARTITION/,
    )
    const read = await kcatRead(kafka.bootstrapServers, { topic })
    expect(read.map(({ value }) => value?.toString())).toEqual(values)
  })
})

const noCreation = { config: { 'auto.create.topics.enable': 'false' } }

await describeWithOwnKafka('brokers that create no topics', noCreation, (kafka) => {
  test('sends wait for a topic that is created after them, and keep their order', async () => {
    const { bootstrapServers } = kafka()
    const topic = 'created-late'
    const log = new ListeningLogger()
    const values = Array.from({ length: 100 }, (_, index) => `${index}`)
    await withProducer({ bootstrapServers, logger: log }, async (producer) => {
      const unknown = log.next(`UNKNOWN_TOPIC_OR_PARTITION`)
      const sends = Promise.all(values.map((value) => producer.send({ topic, partition: 0, value })))
      await unknown
      await createTopic(bootstrapServers, { topic, partitions: 1 })
      expect((await sends).map(({ offset }) => offset)).toEqual(values.map((_, index) => BigInt(index)))
    })
    const read = await kcatRead(bootstrapServers, { topic })
    expect(read.map(({ value }) => value?.toString())).toEqual(values)
  })

  test('a topic that never comes is a TimeoutError that says why', async () => {
    const { bootstrapServers } = kafka()
    await withProducer({ bootstrapServers, maxBlockMs: 1_500 }, async (producer) => {
      const error = await producer.send({ topic: 'never', value: 'x' }).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(TimeoutError)
      expect(error).toMatchObject({ phase: 'metadata', topic: 'never', possiblyPersisted: false })
      expect(error).toMatchObject({ cause: { code: 'UNKNOWN_TOPIC_OR_PARTITION' } })
      expect(String(error)).toMatch(/max\.block\.ms=1500: topic never .*UNKNOWN_TOPIC_OR_PARTITION/)
      await expect(producer.partitionsFor('never')).rejects.toThrow(
        /max\.block\.ms=1500: .*UNKNOWN_TOPIC_OR_PARTITION/,
      )
    })
  })

  test('a name that Kafka does not allow is refused before any broker is asked', async () => {
    await withProducer({ bootstrapServers: kafka().bootstrapServers }, async (producer) => {
      let connected = false
      producer.on('connect', () => {
        connected = true
      })
      for (const topic of ['', '..', 'a b', 'ż', 'x'.repeat(250)]) {
        await expect(producer.send({ topic, value: 'x' })).rejects.toMatchObject({
          name: 'InvalidTopicError',
          code: 'INVALID_TOPIC_EXCEPTION',
        })
      }
      expect(connected).toBe(false)
    })
  })

  test('a record for a partition that is added later waits for it', async () => {
    const { bootstrapServers } = kafka()
    const topic = 'grows'
    await createTopic(bootstrapServers, { topic, partitions: 1 })
    await withProducer({ bootstrapServers }, async (producer) => {
      await producer.send({ topic, partition: 0, value: 'there' })
      const later = producer.send({ topic, partition: 2, value: 'later' })
      await producer.send({ topic, partition: 0, value: 'still there' })
      await addPartitions(bootstrapServers, topic, 3)
      expect(await later).toMatchObject({ partition: 2, offset: 0n })
    })
  })

  test('a partition that never comes is a TimeoutError that says which there are', async () => {
    const { bootstrapServers } = kafka()
    const topic = 'does-not-grow'
    await createTopic(bootstrapServers, { topic, partitions: 2 })
    await withProducer({ bootstrapServers, maxBlockMs: 1_500 }, async (producer) => {
      const error = await producer
        .send({ topic, partition: 2, value: 'x' })
        .catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ name: 'TimeoutError', phase: 'metadata', topic, partition: 2 })
      expect(String(error)).toMatch(/max\.block\.ms=1500: .*no partition 2 .*only 0 to 1/)
    })
  })

  test('keys go by the number of partitions that there are, as Java computes it', async () => {
    const { bootstrapServers } = kafka()
    const topic = 'more-partitions'
    const keys = Array.from({ length: 200 }, (_, index) => `key ${index}`)
    const hashes = await javaMurmur2(keys.map((key) => Buffer.from(key)))
    const partitionsOf = (sent: readonly RecordMetadata[]) => sent.map(({ partition }) => partition)
    await createTopic(bootstrapServers, { topic, partitions: 2 })
    await withProducer({ bootstrapServers, metadataMaxAgeMs: 100 }, async (producer) => {
      const send = () => Promise.all(keys.map((key) => producer.send({ topic, key, value: 'x' })))
      expect(partitionsOf(await send())).toEqual(hashes.map((hash) => hash % 2))
      await addPartitions(bootstrapServers, topic, 5)
      // A record that names it waits until the producer knows the new partition.
      await producer.send({ topic, partition: 4, value: 'x' })
      expect(partitionsOf(await send())).toEqual(hashes.map((hash) => hash % 5))
    })
  })

  test('what waits when its topic is deleted and created anew fails, and what comes later is in the new one', async () => {
    const { bootstrapServers } = kafka()
    const topic = 'created-anew'
    await createTopic(bootstrapServers, { topic, partitions: 1 })
    const config = { bootstrapServers, metadataMaxAgeMs: 100, lingerMs: 60_000 }
    await withProducer(config, async (producer) => {
      const first = producer.send({ topic, value: 'in the old one' })
      await producer.flush()
      expect(await first).toMatchObject({ offset: 0n })
      const waiting = producer.send({ topic, value: 'for the old one' }).catch((error: unknown) => error)
      await deleteTopic(bootstrapServers, topic)
      await createTopic(bootstrapServers, { topic, partitions: 1 })
      expect(await waiting).toMatchObject({
        name: 'BrokerError',
        code: 'UNKNOWN_TOPIC_ID',
        topic,
        partition: 0,
        possiblyPersisted: false,
      })
      const last = producer.send({ topic, value: 'for the new one' })
      await producer.flush()
      expect(await last).toMatchObject({ offset: 0n })
    })
    const read = await kcatRead(bootstrapServers, { topic })
    expect(read.map(({ value }) => value?.toString())).toEqual(['for the new one'])
  })

  // Produce knows topics by their ids from Kafka 4.1 on. Before, it is by their names, and the new topic
  // takes the record unless its leader is another broker, which makes the producer look at the metadata
  // first.
  const byId = isAtLeast(kafkaVersionUnderTest(), '4.1')
  const refused = byId ? 'is refused' : 'is refused or taken by the new one'

  test(`a record for a topic that was created anew unnoticed ${refused}, and later ones are in the new one`, async () => {
    const { bootstrapServers } = kafka()
    const topic = 'created-anew-unnoticed'
    await createTopic(bootstrapServers, { topic, partitions: 1 })
    const taken = await withProducer({ bootstrapServers }, async (producer) => {
      await producer.send({ topic, value: 'in the old one' })
      await deleteTopic(bootstrapServers, topic)
      await createTopic(bootstrapServers, { topic, partitions: 1 })
      const outcome = await producer.send({ topic, value: 'unnoticed' }).then(
        ({ offset }) => offset,
        (error: unknown) => error,
      )
      const refusal = expect.objectContaining({ code: 'UNKNOWN_TOPIC_ID', possiblyPersisted: false })
      expect(byId ? [refusal] : [refusal, 0n]).toContainEqual(outcome)
      await producer.send({ topic, value: 'later' })
      return outcome === 0n ? ['unnoticed'] : []
    })
    const read = await kcatRead(bootstrapServers, { topic })
    expect(read.map(({ value }) => value?.toString())).toEqual([...taken, 'later'])
  })
})

/** Keeps what is logged, and tells when something is. */
class ListeningLogger implements Logger {
  readonly lines: string[] = []
  #waiters: { readonly text: string; readonly resolve: () => void }[] = []

  debug(line: string): void {
    this.lines.push(line)
    for (const waiter of this.#waiters) if (line.includes(waiter.text)) waiter.resolve()
  }

  info(line: string): void {
    this.debug(line)
  }

  warn(line: string): void {
    this.debug(line)
  }

  error(line: string): void {
    this.debug(line)
  }

  next(text: string): Promise<void> {
    return new Promise((resolve) => this.#waiters.push({ text, resolve }))
  }
}
