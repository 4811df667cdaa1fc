import type { ConfigKey } from './table.js'

/**
 * A key that is not one of ours, and the reason. A name that ends with a dot stands for all keys that begin
 * with it.
 */
export interface ForeignKey {
  readonly name: string
  readonly reason: string
  /** The default of Java. A refused key with this value asks for nothing, so it is ignored with a warning. */
  readonly javaDefault?: string
}

const TOKEN_CHECK = 'it says how brokers check tokens, which a client leaves to them'
/** The reason against a list of what tokens may be fetched from, among the settings that name that. */
export const ONLY_CODE =
  'settings cannot allow what settings name. Only code can: pass allowedTokenUrls and allowedTokenFiles to the constructor, or --allow-token-url and --allow-token-file on the command line'

const TICKETS = 'the Kerberos library behind your mechanism object gets the tickets'

/** Java's keys that have no meaning here and are harmless. `fromProperties` ignores them with a warning. */
export const ignoredJavaKeys: readonly ForeignKey[] = [
  { name: 'send.buffer.bytes', reason: "Node does not let a program set a socket's buffers" },
  { name: 'receive.buffer.bytes', reason: "Node does not let a program set a socket's buffers" },
  {
    name: 'bootstrap.resolve.timeout.ms',
    reason: 'names are resolved at every connect, never in the constructor',
  },
  { name: 'metric.reporters', reason: 'reporters of metrics cannot be loaded' },
  { name: 'auto.include.jmx.reporter', reason: 'there is no JMX' },
  {
    name: 'producer.type',
    reason: 'every send is asynchronous, and a promise or a callback tells its outcome',
  },
  { name: 'queue.enqueue.timeout.ms', reason: 'a send never blocks' },
  { name: 'sasl.oauthbearer.allow.unverified.', reason: TOKEN_CHECK },
  { name: 'sasl.oauthbearer.clock.skew.seconds', reason: TOKEN_CHECK },
  { name: 'sasl.oauthbearer.expected.', reason: TOKEN_CHECK },
  { name: 'sasl.oauthbearer.jwks.', reason: TOKEN_CHECK },
  { name: 'compressed.topics', reason: 'compression is the same for all topics' },
]

/**
 * Java's keys that have no meaning here and are refused. Most of them are about security: ignoring them could
 * leave a door open.
 */
export const refusedJavaKeys: readonly ForeignKey[] = [
  { name: 'config.providers', reason: 'values are taken as they stand, not looked up elsewhere' },
  { name: 'config.providers.', reason: 'values are taken as they stand, not looked up elsewhere' },
  { name: 'security.providers', reason: 'Java security providers cannot be loaded' },
  { name: 'ssl.provider', reason: 'Java security providers cannot be loaded' },
  {
    name: 'ssl.keymanager.algorithm',
    reason: 'it chooses among Java classes',
    javaDefault: 'SunX509',
  },
  { name: 'ssl.trustmanager.algorithm', reason: 'it chooses among Java classes', javaDefault: 'PKIX' },
  { name: 'ssl.secure.random.implementation', reason: 'it chooses among Java classes' },
  { name: 'ssl.engine.factory.class', reason: 'it is the name of a Java class; a program can give tls' },
  { name: 'sasl.client.callback.handler.class', reason: 'pass a function or a mechanism object in sasl' },
  { name: 'sasl.login.callback.handler.class', reason: 'pass a function or a mechanism object in sasl' },
  { name: 'sasl.login.class', reason: 'pass a function or a mechanism object in sasl' },
  { name: 'sasl.kerberos.kinit.cmd', reason: TICKETS, javaDefault: '/usr/bin/kinit' },
  { name: 'sasl.kerberos.ticket.renew.window.factor', reason: TICKETS, javaDefault: '0.8' },
  { name: 'sasl.kerberos.ticket.renew.jitter', reason: TICKETS, javaDefault: '0.05' },
  { name: 'sasl.kerberos.min.time.before.relogin', reason: TICKETS, javaDefault: '60000' },
  { name: 'sasl.kerberos.principal.to.local.rules', reason: "it is a setting of Kafka's brokers" },
  { name: 'org.apache.kafka.sasl.oauthbearer.', reason: ONLY_CODE },
  { name: 'sasl.enabled.mechanisms', reason: "it is a setting of Kafka's brokers" },
  { name: 'sasl.mechanism.', reason: "it is a setting of Kafka's brokers" },
  { name: 'sasl.server.', reason: "it is a setting of Kafka's brokers" },
]

/** Keys that Kafka has removed and keys of other clients, each with our key for the same setting. */
export const replacedKeys: ReadonlyMap<string, ConfigKey> = new Map<string, ConfigKey>([
  ['block.on.buffer.full', 'maxBlockMs'],
  ['metadata.fetch.timeout.ms', 'maxBlockMs'],
  ['timeout.ms', 'requestTimeoutMs'],
  ['topic.metadata.refresh.interval.ms', 'metadataMaxAgeMs'],
  ['queue.buffering.max.messages', 'bufferMemory'],
  ['receive.message.max.bytes', 'maxResponseBytes'],
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
  ['ssl.ca.location', 'sslTruststoreLocation'],
  ['ssl.ca.pem', 'sslTruststoreCertificates'],
  ['ssl.certificate.location', 'sslKeystoreLocation'],
  ['ssl.certificate.pem', 'sslKeystoreCertificateChain'],
  ['ssl.key.location', 'sslKeystoreLocation'],
  ['ssl.key.pem', 'sslKeystoreKey'],
  ['sasl.username', 'saslJaasConfig'],
  ['sasl.password', 'saslJaasConfig'],
  ['sasl.mechanisms', 'saslMechanism'],
  ['sasl.oauthbearer.client.id', 'saslOauthbearerClientCredentialsClientId'],
  ['sasl.oauthbearer.client.secret', 'saslOauthbearerClientCredentialsClientSecret'],
  ['sasl.oauthbearer.config', 'saslJaasConfig'],
])

/** What takes the place of a key in a program, beside our key. */
export const replacedInPrograms: ReadonlyMap<string, string> = new Map([
  ['sasl.username', 'sasl: { mechanism, username, password }'],
  ['sasl.password', 'sasl: { mechanism, username, password }'],
  ['sasl.oauthbearer.config', "sasl: { mechanism: 'OAUTHBEARER', token }"],
])

/** The camelCase spelling of a dotted name. */
export function camelCased(dotted: string): string {
  const [first = '', ...rest] = dotted.split('.')
  return first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

/** Whether `name` is the dotted name, in either spelling. */
export function isNameOf(dotted: string, name: string): boolean {
  return name === dotted || name === camelCased(dotted)
}

/**
 * Finds the entry for `name`. If `isCamelCase`, the name is spelled like our keys. Otherwise it is dotted.
 */
export function findForeignKey(
  keys: readonly ForeignKey[],
  name: string,
  isCamelCase: boolean,
): ForeignKey | undefined {
  return keys.find((key) => {
    const spelled = isCamelCase ? camelCased(key.name) : key.name
    if (!key.name.endsWith('.')) return name === spelled
    // In camelCase a capital begins the next word: `logDirs` is a broker's, `logger` is not.
    return name.startsWith(spelled) && (!isCamelCase || /^[A-Z]/.test(name.slice(spelled.length)))
  })
}
