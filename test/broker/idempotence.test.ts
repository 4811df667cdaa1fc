import { afterAll, beforeAll, expect, test } from 'vitest'
import { ChaosProxy } from '../support/chaos-proxy.js'
import { DeliveryLedger } from '../support/delivery-ledger.js'
import { describeWithOwnKafka } from '../support/kafka/describe-kafka.js'
import { logFaults } from '../support/kafka/log-faults.js'
import { pickPorts } from '../support/kafka/ports.js'
import { createTopic, dumpLogSegments, kcatRead } from '../support/kafka/tools.js'
import { withProducer } from '../support/kafka/with-producer.js'

const [proxyPort = 0] = await pickPorts(1)
const seed = 4_711
const records = 100_000
const cuts = 300
// A request is up to 50,000 bytes here, and its answer a hundred.
const bytesAtMost = { 'to the broker': 150_000, 'from the broker': 1_000 }

// The broker names the proxy as its own address, so that nobody gets past it.
const config = { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${proxyPort}` }

await describeWithOwnKafka('a network that cuts connections', { brokers: 1, config }, (kafka) => {
  let proxy: ChaosProxy

  beforeAll(async () => {
    const [broker] = kafka().brokers
    if (broker === undefined) throw new Error('a cluster has at least one broker')
    const target = { port: proxyPort, targetPort: broker.port }
    proxy = await ChaosProxy.start({ ...target, seed, cuts: 0, bytesAtMost })
    await createTopic(kafka().bootstrapServers, { topic: 'cut', partitions: 3 })
    await proxy.stop()
    proxy = await ChaosProxy.start({ ...target, seed, cuts, bytesAtMost })
  })
  afterAll(() => proxy.stop())

  test(`at least ${records} records, 5 requests in flight, at least ${cuts} cuts: all are in the log once, in order`, async () => {
    const { bootstrapServers } = kafka()
    const ledger = new DeliveryLedger()
    const config = { bootstrapServers: [`127.0.0.1:${proxyPort}`], reconnectBackoffMs: 5, retryBackoffMs: 5 }
    await withProducer({ ...config, maxInFlightRequestsPerConnection: 5 }, async (producer) => {
      while (ledger.sent < records || proxy.cut < cuts) {
        const { record, callback } = ledger.next('cut')
        if (producer.send(record, callback)) continue
        await new Promise<void>((resolve) => producer.once('drain', resolve))
      }
    })
    expect(ledger.failures).toEqual([])
    expect(ledger.acknowledged).toBe(ledger.sent)
    expect(ledger.faults(await kcatRead(bootstrapServers, { topic: 'cut' }))).toEqual([])
  })

  test('the log has one row of sequences for each partition, of one producer', async () => {
    const [{ dataFolder } = { dataFolder: '' }] = kafka().brokers
    const ids = new Set<number>()
    for (const partition of [0, 1, 2]) {
      const batches = await dumpLogSegments(dataFolder, 'cut', partition)
      expect(logFaults(batches)).toEqual([])
      expect(batches.map(({ producerEpoch }) => producerEpoch)).toEqual(batches.map(() => 0))
      for (const { producerId } of batches) ids.add(producerId)
    }
    expect(ids.size).toBe(1)
  })
})
