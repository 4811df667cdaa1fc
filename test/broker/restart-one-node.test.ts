import { expect, test } from 'vitest'
import { DeliveryLedger } from '../support/delivery-ledger.js'
import { FullSpeed } from '../support/full-speed.js'
import { describeWithOwnKafka } from '../support/kafka/describe-kafka.js'
import { createTopic, kcatRead } from '../support/kafka/tools.js'
import { withProducer } from '../support/kafka/with-producer.js'

await describeWithOwnKafka('the only broker is restarted while records are sent', { brokers: 1 }, (kafka) => {
  test.each(['SIGTERM', 'SIGKILL'] as const)('by %s: all are in the log once, in order', async (signal) => {
    const { bootstrapServers, brokers } = kafka()
    const [broker] = brokers
    if (broker === undefined) throw new Error('a cluster has at least one broker')
    const topic = `restarted-by-${signal.toLowerCase()}`
    await createTopic(bootstrapServers, { topic, partitions: 6 })
    const ledger = new DeliveryLedger()
    let connects = 0
    let undecided = 0

    await withProducer({ bootstrapServers, bufferMemory: 4 * 1024 ** 2 }, async (producer) => {
      producer.on('connect', ({ nodeId }) => {
        if (nodeId === broker.nodeId) connects++
      })
      const sending = new FullSpeed(producer, topic, ledger)
      await ledger.moreAcknowledged(20_000)
      broker.kill(signal)
      await broker.waitForExit()
      undecided = ledger.sent - ledger.acknowledged
      await broker.start()
      await ledger.moreAcknowledged(20_000)
      await sending.stop()
    })

    expect(undecided, 'records without an outcome while there was no broker').toBeGreaterThan(0)
    expect(connects, 'connections to the broker, one before the restart and one after').toBe(2)
    expect(ledger.failures).toEqual([])
    expect(ledger.acknowledged).toBe(ledger.sent)
    expect(ledger.faults(await kcatRead(bootstrapServers, { topic }))).toEqual([])
  })
})
