import { expect, test } from 'vitest'
import type { ThrottleEvent } from '../../src/index.js'
import { describeWithKafka } from '../support/kafka/describe-kafka.js'
import { configCommand, kcatRead, runKafkaTool } from '../support/kafka/tools.js'
import { uniqueTopic, withProducer } from '../support/kafka/with-producer.js'

describeWithKafka('a quota on a producer', (kafka) => {
  test('slows it down, is told as an event, and loses nothing', async () => {
    const clientId = uniqueTopic('slow')
    const topic = uniqueTopic('quota')
    await runKafkaTool(configCommand, [
      '--bootstrap-server',
      kafka.bootstrapServers.join(','),
      ...['--alter', '--add-config', 'producer_byte_rate=25000'],
      ...['--entity-type', 'clients', '--entity-name', clientId],
    ])
    const throttles: ThrottleEvent[] = []
    const values = Array.from({ length: 300 }, (_, index) => String(index).padEnd(1_000, '.'))
    const config = { bootstrapServers: kafka.bootstrapServers, clientId }
    await withProducer(config, async (producer) => {
      producer.on('throttle', (event) => throttles.push(event))
      // A quota is on the mean of ten seconds: the first 250,000 bytes pass freely.
      for (let start = 0; start < values.length; start += 30) {
        const some = values.slice(start, start + 30)
        await Promise.all(some.map((value) => producer.send({ topic, partition: 0, value })))
      }
    })
    expect(throttles.length).toBeGreaterThan(0)
    for (const { throttleMs } of throttles) expect(throttleMs).toBeGreaterThan(0)
    const read = await kcatRead(kafka.bootstrapServers, { topic })
    expect(read.map(({ value }) => value?.toString())).toEqual(values)
  })
})
