import type { ChaosClient, ChaosRecord } from '../../test/chaos/driver/chaos-client.js'
import type { DriverSettings } from '../../test/chaos/driver/driver-settings.js'
import type { Call } from './calls.js'
import { importPeer, installedVersion } from './installation.js'

/** The part of kafkajs that is used here. */
interface KafkaJs {
  readonly Kafka: new (config: object) => { producer(config: object): KafkaJsProducer }
  readonly Partitioners: { readonly DefaultPartitioner: unknown }
  readonly CompressionTypes: { readonly None: number; readonly GZIP: number }
  readonly logLevel: { readonly NOTHING: number }
}

interface KafkaJsProducer {
  connect(): Promise<void>
  sendBatch(batch: object): Promise<{ readonly partition: number; readonly baseOffset: string }[]>
  disconnect(): Promise<void>
}

/**
 * The settings that kafkajs's documentation asks for if each message must be written exactly once:
 * idempotent, one request in flight, all acknowledgements (its default) and retries without end. The
 * documentation calls the last one the default too, but 2.2.4 stops after 5 retries. It has no
 * delivery.timeout.ms, linger.ms and batch.size. The pauses between retries are those of Java's producer. Its
 * own go up to 30 s.
 */
export async function kafkaJs(
  settings: DriverSettings,
  inCalls: (call: Call, disconnect: () => Promise<void>) => ChaosClient,
): Promise<ChaosClient> {
  const { Kafka, Partitioners, CompressionTypes, logLevel } = await importPeer<KafkaJs>('kafkajs')
  const { requestTimeoutMs, compressionType } = settings.producer
  const retry = { retries: Number.MAX_SAFE_INTEGER, initialRetryTime: 100, maxRetryTime: 1_000 }
  const kafka = new Kafka({
    clientId: settings.clientId,
    brokers: settings.bootstrapServers,
    // The default of one second is too short for a busy machine.
    connectionTimeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry,
    // Under faults it would log thousands of lines a second. The outcomes of records are in the journal.
    logLevel: logLevel.NOTHING,
  })
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    retry,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  })
  const compression = compressionType === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None
  await producer.connect()
  console.log(`kafkajs ${installedVersion('kafkajs')}, Node ${process.version}`)
  return inCalls(
    async (records) => {
      const results = await producer.sendBatch({
        topicMessages: byTopic(records),
        acks: -1,
        timeout: requestTimeoutMs,
        compression,
      })
      return results.map(({ partition, baseOffset }) => ({ partition, baseOffset: BigInt(baseOffset) }))
    },
    () => producer.disconnect(),
  )
}

function byTopic(records: readonly ChaosRecord[]): { topic: string; messages: object[] }[] {
  const batches = new Map<string, object[]>()
  for (const { topic, ...message } of records) {
    const batch = batches.get(topic)
    if (batch === undefined) batches.set(topic, [message])
    else batch.push(message)
  }
  return [...batches].map(([topic, messages]) => ({ topic, messages }))
}
