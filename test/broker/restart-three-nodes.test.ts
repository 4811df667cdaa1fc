import { expect, test } from 'vitest'
import type { DisconnectEvent, Producer } from '../../src/index.js'
import { DeliveryLedger } from '../support/delivery-ledger.js'
import { FullSpeed } from '../support/full-speed.js'
import type { KafkaBroker } from '../support/kafka/broker.js'
import type { KafkaCluster } from '../support/kafka/cluster.js'
import { describeWithOwnKafka } from '../support/kafka/describe-kafka.js'
import { type PartitionView, probeBroker } from '../support/kafka/probe.js'
import { createTopic, kcatRead } from '../support/kafka/tools.js'
import { withProducer } from '../support/kafka/with-producer.js'

// Every record is on all three nodes, and two of them must have it before it is acknowledged.
await describeWithOwnKafka('brokers of three fail while records are sent', { brokers: 3 }, (kafka) => {
  test('a rolling restart: all are in the log once, in order', async () => {
    const topic = 'rolling-restart'
    const { ledger, leaders } = await sendWhile(topic, async ({ sending, ledger, leaderOf }) => {
      for (const broker of kafka().brokers) {
        broker.kill('SIGTERM')
        await broker.waitForExit()
        await ledger.moreAcknowledged(5_000)
        await leaderOf(0)
        // At full speed two cores would be busy for minutes with the records it has to catch up on.
        sending.slowDown()
        await broker.start()
        await kafka().waitUntilInSync()
        sending.speedUp()
        await ledger.moreAcknowledged(5_000)
      }
    })
    expect(new Set(leaders).size, `the leaders of partition 0: ${leaders}`).toBeGreaterThan(1)
    await expectAllDelivered(topic, ledger)
  })

  test('kill -9 of a leader: all are in the log once, in order', async () => {
    const topic = 'killed-leader'
    const { ledger, leaders } = await sendWhile(topic, async ({ sending, ledger, leaderOf }) => {
      const leader = await leaderOf(0)
      leader.kill('SIGKILL')
      await leader.waitForExit()
      await ledger.moreAcknowledged(10_000)
      await leaderOf(0)
      sending.slowDown()
      await leader.start()
      sending.speedUp()
    })
    expect(leaders[1], `the leaders of partition 0: ${leaders}`).not.toBe(leaders[0])
    await expectAllDelivered(topic, ledger)
  })

  test('a leader that hangs for longer than request.timeout.ms: all are in the log once, in order', async () => {
    const topic = 'frozen-leader'
    const { ledger, lost } = await sendWhile(topic, async ({ producer, ledger, leaderOf }) => {
      const leader = await leaderOf(0)
      leader.pause()
      await givenUp(producer, leader)
      await ledger.moreAcknowledged(2_000)
      leader.resume()
      await leader.waitUntilServing((view) => view.brokerIds.length === 3)
      await ledger.moreAcknowledged(2_000)
    })
    expect(lost.map(({ error }) => error?.name)).toContain('TimeoutError')
    await expectAllDelivered(topic, ledger)
  })

  test('too few in-sync replicas: not in the log when time is up, and in it once they are back', async () => {
    const { bootstrapServers, brokers } = kafka()
    const topic = 'needs-all-three'
    await kafka().waitUntilInSync()
    await createTopic(bootstrapServers, { topic, partitions: 1, config: { 'min.insync.replicas': '3' } })
    const [broker] = brokers
    if (broker === undefined) throw new Error('a cluster has at least one broker')
    broker.kill('SIGTERM')
    await broker.waitForExit()
    // The leader hears of it a moment later. Until then it would append a record and wait for the third node.
    const hasLost = ({ topic: name, leaderId, inSync }: PartitionView) =>
      name === topic && leaderId !== broker.nodeId && inSync.length === 2
    await Promise.all(
      brokers
        .filter((other) => other !== broker)
        .map((other) => other.waitUntilServing(({ partitions }) => partitions.some(hasLost))),
    )

    const times = { lingerMs: 0, requestTimeoutMs: 1_500, deliveryTimeoutMs: 3_000 }
    await withProducer({ bootstrapServers, ...times }, async (producer) => {
      const error = await producer.send({ topic, value: 'too early' }).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({
        name: 'TimeoutError',
        topic,
        partition: 0,
        possiblyPersisted: false,
        cause: { code: 'NOT_ENOUGH_REPLICAS' },
      })
      expect(String(error)).toContain('delivery.timeout.ms=3000')
    })
    await withProducer({ bootstrapServers }, async (producer) => {
      const waiting = producer.send({ topic, value: 'patient' })
      await broker.start()
      expect(await waiting).toMatchObject({ offset: 0n })
    })
    const read = await kcatRead(bootstrapServers, { topic })
    expect(read.map(({ value }) => value?.toString())).toEqual(['patient'])
  })

  interface Sending {
    readonly sending: FullSpeed
    readonly producer: Producer
    readonly ledger: DeliveryLedger
    /** Its node; remembered, to tell later whether it moved. */
    leaderOf(partition: number): Promise<KafkaBroker>
  }

  async function sendWhile(
    topic: string,
    happens: (sending: Sending) => Promise<void>,
  ): Promise<{ ledger: DeliveryLedger; leaders: number[]; lost: DisconnectEvent[] }> {
    const { bootstrapServers } = kafka()
    await kafka().waitUntilInSync()
    await createTopic(bootstrapServers, { topic, partitions: 6 })
    const ledger = new DeliveryLedger()
    const leaders: number[] = []
    const lost: DisconnectEvent[] = []
    const config = { bootstrapServers, requestTimeoutMs: 2_000, bufferMemory: 2 * 1024 ** 2 }
    await withProducer(config, async (producer) => {
      producer.on('disconnect', (event) => lost.push(event))
      const sending = new FullSpeed(producer, topic, ledger)
      await ledger.moreAcknowledged(10_000)
      await happens({
        sending,
        producer,
        ledger,
        leaderOf: async (partition) => {
          const leader = await leaderOf(kafka(), topic, partition)
          leaders.push(leader.nodeId)
          return leader
        },
      })
      await ledger.moreAcknowledged(10_000)
      await sending.stop()
    })
    return { ledger, leaders, lost }
  }

  async function expectAllDelivered(topic: string, ledger: DeliveryLedger): Promise<void> {
    expect(ledger.failures).toEqual([])
    expect(ledger.acknowledged).toBe(ledger.sent)
    // A broker that has just come back may take itself for a leader still, and show the log as it was when it
    // was one.
    await kafka().waitUntilInSync()
    expect(ledger.faults(await kcatRead(kafka().bootstrapServers, { topic }))).toEqual([])
  }
})

/** The broker that leads a partition, as one that runs has it; asks until there is one. */
async function leaderOf(kafka: KafkaCluster, topic: string, partition: number): Promise<KafkaBroker> {
  for (;;) {
    const running = kafka.brokers.filter((broker) => broker.running)
    const views = await Promise.all(running.map(({ port }) => probeBroker('127.0.0.1', port)))
    const leaders = views
      .flatMap((view) => view.partitions)
      .filter((own) => own.topic === topic && own.partition === partition)
    const leader = running.find(({ nodeId }) => leaders.every(({ leaderId }) => leaderId === nodeId))
    if (leader !== undefined) return leader
  }
}

/** Resolves when the producer gives its connection to a broker up because nothing answers. */
function givenUp(producer: Producer, { nodeId }: KafkaBroker): Promise<void> {
  return new Promise((resolve) => {
    producer.on('disconnect', (event) => {
      if (event.nodeId === nodeId && event.error !== undefined) resolve()
    })
  })
}
