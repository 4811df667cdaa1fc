import type { ChaosClient } from '../../test/chaos/driver/chaos-client.js'
import type { DriverSettings } from '../../test/chaos/driver/driver-settings.js'
import { codeAndMessage } from './calls.js'
import { importPeer, installedManifest } from './installation.js'

/** The part of @confluentinc/kafka-javascript that is used here. */
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

/**
 * librdkafka's error for a full local queue: the record was never accepted. The binding reports only the
 * number of an error.
 */
const queueFull = -184

/**
 * librdkafka through the binding of its makers, with promises, as the binding's documentation recommends. It
 * is idempotent, and every setting has a counterpart. librdkafka knows whether a failed message may be in the
 * log, but the binding does not report it.
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
    // Java's default. Its own is 10 s.
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
 * Makes the client fetch the topics' partitions before the first record. Until it knows them, records without
 * a partition wait and are overtaken by records that name one, as its documentation says.
 */
async function learnPartitions(producer: BindingProducer, { topics }: DriverSettings): Promise<void> {
  const admin = producer.dependentAdmin()
  await admin.connect()
  await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name), timeout: 30_000 })
  await admin.disconnect()
}
