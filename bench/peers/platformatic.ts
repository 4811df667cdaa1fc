import type { ChaosClient } from '../../test/chaos/driver/chaos-client.js'
import type { DriverSettings } from '../../test/chaos/driver/driver-settings.js'
import type { Call } from './calls.js'
import { importPeer, installedVersion } from './installation.js'

/** The part of @platformatic/kafka that is used here. */
interface Platformatic {
  readonly Producer: new (config: object) => PlatformaticProducer
  readonly stringSerializers: object
  readonly ProduceAcks: { readonly ALL: number }
}

interface PlatformaticProducer {
  send(batch: object): Promise<{
    readonly offsets?: readonly { readonly partition: number; readonly offset: bigint }[]
  }>
  close(): Promise<void>
}

/**
 * The client is idempotent, which implies one request in flight, all acknowledgements and retries without
 * end. It has no delivery.timeout.ms, linger.ms and batch.size. The pauses between retries are those of
 * Java's producer. Its own are 1 s.
 */
export async function platformatic(
  settings: DriverSettings,
  inCalls: (call: Call, disconnect: () => Promise<void>) => ChaosClient,
): Promise<ChaosClient> {
  const { Producer, stringSerializers, ProduceAcks } = await importPeer<Platformatic>('@platformatic/kafka')
  const { requestTimeoutMs, compressionType } = settings.producer
  const producer = new Producer({
    clientId: settings.clientId,
    bootstrapBrokers: settings.bootstrapServers,
    serializers: stringSerializers,
    idempotent: true,
    acks: ProduceAcks.ALL,
    // `timeout` is how long a broker may wait for its followers, `requestTimeout` how long the client waits
    // for the broker.
    timeout: requestTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retryDelay: (_client: unknown, _operation: string, attempt: number) =>
      Math.min(100 * 2 ** (attempt - 1), 1_000),
    autocreateTopics: false,
    ...(compressionType === 'gzip' ? { compression: 'gzip' } : {}),
  })
  console.log(`@platformatic/kafka ${installedVersion('@platformatic/kafka')}, Node ${process.version}`)
  return inCalls(
    async (records) => {
      // The client changes the messages that it is given.
      const { offsets = [] } = await producer.send({ messages: records.map((record) => ({ ...record })) })
      return offsets.map(({ partition, offset }) => ({ partition, baseOffset: offset }))
    },
    () => producer.close(),
  )
}
