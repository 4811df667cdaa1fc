// A user's strict TypeScript; compiled, and run as compiled.
import { KafkaError, Producer, type ProducerRecord, type RecordMetadata } from 'odradek'
import { EmbeddedCluster } from 'odradek/testing'

await using cluster = await EmbeddedCluster.start()
await using producer = new Producer({ bootstrapServers: cluster.bootstrapServers, lingerMs: 5 })

const record: ProducerRecord = { topic: 'orders', key: 'o-17', value: 'created', headers: { source: 'web' } }
const metadata: RecordMetadata = await producer.send(record)
const offset: bigint = metadata.offset

const refusal: unknown = await producer
  .send({ topic: 'not a topic', value: null })
  .catch((error: unknown) => error)
const isKafkaError: boolean = refusal instanceof KafkaError

const accepted: boolean = producer.send({ topic: 'orders', value: Uint8Array.of(0x21) }, (error, result) => {
  const code: string | undefined = error?.code
  const partition: number | undefined = result?.partition
  if (code !== undefined || partition === undefined) throw error
})
const produced: boolean = producer.produce({ topic: 'orders', value: 'forgotten' })
await producer.flush()

const values = cluster.records('orders').map(({ value }) => value?.toString())
console.log(JSON.stringify({ offset: String(offset), values, isKafkaError, accepted, produced }))

// Never called: what the compiler must refuse.
export function mistakes(): void {
  // @ts-expect-error a key that no configuration has
  new Producer({ bootstrapServers: 'localhost:9092', lingerMilliseconds: 5 })
  // @ts-expect-error a value that nothing here can turn into bytes
  producer.produce({ topic: 'orders', value: 17 })
  // @ts-expect-error a record without a topic
  producer.produce({ value: 'created' })
}
