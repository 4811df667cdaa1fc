import type { ChaosClient } from '../../test/chaos/driver/chaos-client.js'
import type { DriverSettings } from '../../test/chaos/driver/driver-settings.js'
import { codeAndMessage } from './calls.js'
import { importPeer, installedManifest } from './installation.js'

/** As much of @confluentinc/kafka-javascript as is used here. */
interface Binding {
  readonly librdkafkaVersion: string
  readonly KafkaJS: {
    readonly Kafka: new (config: object) => { producer(config: object): BindingProducer }
  }
}

interface BindingProducer {
  connect(): Promise<void>
  dependentAdmin(): {
    connect(): Promise<void>
    fetchTopicMetadata(options: object): Promise<unknown>
    disconnect(): Promise<void>
  }
  send(batch: object): Promise<{ readonly partition: number; readonly baseOffset: string | null }[]>
  disconnect(): Promise<void>
}

const packageName = '@confluentinc/kafka-javascript'

/** The local queue is full: the record was never taken. The binding tells no other status than the error's number. */
const queueFull = -184

/**
 * librdkafka through the binding that its makers publish, in the way the binding's documentation recommends: promises. Idempotent; every
 * other setting has a counterpart. Whether a failed message may be in the log is known to librdkafka, but the binding does not pass it on.
 */
export async function librdkafka(settings: DriverSettings): Promise<ChaosClient> {
  const { KafkaJS, librdkafkaVersion } = await importPeer<Binding>(packageName)
  const { requestTimeoutMs, deliveryTimeoutMs, lingerMs, batchSize, compressionType } = settings.producer
  const producer = new KafkaJS.Kafka({}).producer({
    'bootstrap.servers': settings.bootstrapServers.join(),
    'client.id': settings.clientId,
    'enable.idempotence': true,
    acks: 'all',
    'max.in.flight.requests.per.connection': settings.producer.maxInFlightRequestsPerConnection,
    'socket.timeout.ms': requestTimeoutMs,
    'request.timeout.ms': requestTimeoutMs,
    'delivery.timeout.ms': deliveryTimeoutMs,
    // Java's: its own goes up to 10 s.
    'reconnect.backoff.max.ms': 1_000,
    'linger.ms': lingerMs,
    'batch.size': batchSize,
    'compression.type': compressionType,
    partitioner: 'murmur2_random',
    'allow.auto.create.topics': false,
    log_level: 3,
  })
  await producer.connect()
  await learnPartitions(producer, settings)
  console.log(
    `${packageName} ${installedManifest(packageName).version}, librdkafka ${librdkafkaVersion}, Node ${process.version}`,
  )
  const unsettled = new Set<Promise<unknown>>()
  return {
    send: ({ topic, ...message }, settled) => {
      const sending = producer.send({ topic, messages: [message] }).then(
        ([result]) => {
          const offset = BigInt(result?.baseOffset ?? -1)
          settled({ kind: 'acknowledged', partition: result?.partition ?? -1, offset })
        },
        (error) => {
          const possiblyPersisted = error?.code !== queueFull
          settled({ kind: 'failed', possiblyPersisted, ...codeAndMessage(error) })
        },
      )
      unsettled.add(sending)
      void sending.finally(() => unsettled.delete(sending))
    },
    close: async () => {
      await Promise.all(unsettled)
      await producer.disconnect()
    },
  }
}

/**
 * Its documentation says not to mix records that name their partition with others as long as it does not know a topic's partitions: the
 * others wait and are overtaken. So it is asked for them first.
 */
async function learnPartitions(producer: BindingProducer, { topics }: DriverSettings): Promise<void> {
  const admin = producer.dependentAdmin()
  await admin.connect()
  await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name), timeout: 30_000 })
  await admin.disconnect()
}
