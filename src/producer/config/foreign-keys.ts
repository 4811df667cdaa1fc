import type { ConfigKey } from './table.js'

/** A key, or with a dot at its end all keys that begin so, and why it is not among ours. */
export interface ForeignKey {
  readonly name: string
  readonly reason: string
}

/** Java's keys that mean nothing here and harm nobody: `fromProperties` passes over them with a warning. */
export const ignoredJavaKeys: readonly ForeignKey[] = [
  { name: 'send.buffer.bytes', reason: "Node does not let a program set a socket's buffers" },
  { name: 'receive.buffer.bytes', reason: "Node does not let a program set a socket's buffers" },
  { name: 'metric.reporters', reason: 'there are no reporters to load' },
  { name: 'auto.include.jmx.reporter', reason: 'there is no JMX' },
]

/** Java's keys that mean nothing here but whose meaning matters, most of them to security: to pass over them could leave a door open. */
export const refusedJavaKeys: readonly ForeignKey[] = [
  { name: 'config.providers', reason: 'values are taken as they stand, not looked up elsewhere' },
  { name: 'security.providers', reason: 'Java security providers cannot be loaded' },
  { name: 'ssl.provider', reason: 'Java security providers cannot be loaded' },
  { name: 'ssl.keymanager.algorithm', reason: 'it chooses among Java classes' },
  { name: 'ssl.trustmanager.algorithm', reason: 'it chooses among Java classes' },
  { name: 'ssl.secure.random.implementation', reason: 'it chooses among Java classes' },
  { name: 'ssl.engine.factory.class', reason: 'it is the name of a Java class' },
  { name: 'sasl.client.callback.handler.class', reason: 'it is the name of a Java class' },
  { name: 'sasl.login.callback.handler.class', reason: 'it is the name of a Java class' },
  { name: 'sasl.login.class', reason: 'it is the name of a Java class' },
  { name: 'sasl.kerberos.', reason: 'Kerberos is not supported' },
  { name: 'sasl.login.connect.timeout.ms', reason: 'no token is fetched from a URL that a setting names' },
  { name: 'sasl.login.read.timeout.ms', reason: 'no token is fetched from a URL that a setting names' },
  { name: 'sasl.login.retry.backoff.', reason: 'no token is fetched from a URL that a setting names' },
  { name: 'sasl.oauthbearer.', reason: 'no token is fetched from a URL or a file that a setting names' },
]

/** Keys that Kafka has removed, and those that other clients have for the same thing. */
export const replacedKeys: ReadonlyMap<string, ConfigKey> = new Map<string, ConfigKey>([
  ['block.on.buffer.full', 'maxBlockMs'],
  ['metadata.fetch.timeout.ms', 'maxBlockMs'],
  ['timeout.ms', 'requestTimeoutMs'],
  ['metadata.broker.list', 'bootstrapServers'],
  ['request.required.acks', 'acks'],
  ['message.send.max.retries', 'retries'],
  ['serializer.class', 'valueSerializer'],
  ['key.serializer.class', 'keySerializer'],
  ['queue.buffering.max.ms', 'lingerMs'],
  ['queue.buffering.max.kbytes', 'bufferMemory'],
  ['batch.num.messages', 'batchSize'],
  ['compression.codec', 'compressionType'],
  ['message.timeout.ms', 'deliveryTimeoutMs'],
  ['message.max.bytes', 'maxRequestSize'],
  ['max.in.flight', 'maxInFlightRequestsPerConnection'],
  ['socket.timeout.ms', 'requestTimeoutMs'],
  ['partitioner.class', 'partitioner'],
  ['interceptor.classes', 'interceptors'],
  ['brokers', 'bootstrapServers'],
  ['compression', 'compressionType'],
  ['connection.timeout', 'socketConnectionSetupTimeoutMs'],
  ['request.timeout', 'requestTimeoutMs'],
  ['idempotent', 'enableIdempotence'],
  ['idempotence', 'enableIdempotence'],
  ['max.in.flight.requests', 'maxInFlightRequestsPerConnection'],
  ['ssl', 'tls'],
])

/** The camelCase spelling of a dotted name. */
export function camelCased(dotted: string): string {
  const [first = '', ...rest] = dotted.split('.')
  return first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

/** The entry for `name`, which is dotted or, if `isCamelCase`, spelled as our keys are. */
export function findForeignKey(
  keys: readonly ForeignKey[],
  name: string,
  isCamelCase: boolean,
): ForeignKey | undefined {
  return keys.find((key) => {
    const spelled = isCamelCase ? camelCased(key.name) : key.name
    return key.name.endsWith('.') ? name.startsWith(spelled) : name === spelled
  })
}
