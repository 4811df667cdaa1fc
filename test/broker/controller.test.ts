import { expect, test } from 'vitest'
import { describeWithOwnKafka } from '../support/kafka/describe-kafka.js'
import { withProducer } from '../support/kafka/with-producer.js'

await describeWithOwnKafka("a controller's port among the bootstrap servers", { brokers: 1 }, (kafka) => {
  /** The addresses of the controller and of the broker. */
  function addresses(): [controller: string, broker: string] {
    const [broker] = kafka().brokers
    if (broker === undefined) throw new Error('a cluster has at least one broker')
    return [`127.0.0.1:${broker.controllerPort}`, `127.0.0.1:${broker.port}`]
  }

  test('the broker beside it is asked, whichever comes first', async () => {
    const servers = addresses()
    const sends = Array.from({ length: 6 }, (_, i) =>
      withProducer(
        { bootstrapServers: i % 2 === 0 ? servers : servers.toReversed(), logger: false, maxBlockMs: 20_000 },
        async (producer) => {
          await producer.connect()
          return producer.send({ topic: 'found', partition: 0, value: `${i}` })
        },
      ),
    )
    const offsets = (await Promise.all(sends)).map(({ offset }) => Number(offset))
    expect(offsets.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5])
  })

  test('alone it is named in the error, with what it may be', async () => {
    const [controller] = addresses()
    const config = { bootstrapServers: controller, logger: false, maxBlockMs: 1_000 } as const
    await withProducer(config, async (producer) => {
      for (const waiting of [producer.connect(), producer.send({ topic: 'found', value: 'x' })]) {
        await expect(waiting).rejects.toThrow(
          new RegExp(`${controller} \\(bootstrap\\): .*it is no broker but perhaps a KRaft controller`),
        )
      }
    })
  })
})
