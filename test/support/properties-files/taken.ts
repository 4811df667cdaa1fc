import { type ProducerConfig, Secret } from '../../../src/config/config.js'

/** A realistic `.properties` file, and the config that must come of it. */
export interface TakenFile {
  readonly name: string
  readonly text: string
  readonly config: Partial<ProducerConfig>
  /** The ignored keys, each with one warning, in the order of the file. */
  readonly ignored: readonly string[]
}

/** Files that Java's producer accepts. This one must accept them too. */
export const takenFiles: readonly TakenFile[] = [
  {
    name: "the example that comes with Kafka's tools",
    text: `
# see the producer settings in the documentation for the rest
############################# Basics #############################
# brokers for the first metadata request
bootstrap.servers=localhost:9092
compression.type=none
#partitioner.class=
#request.timeout.ms=
#linger.ms=
#max.request.size=
#buffer.memory=
`,
    config: { bootstrapServers: 'localhost:9092', compressionType: 'none' },
    ignored: [],
  },
  {
    name: 'a service of Aiven with client certificates',
    text: `
bootstrap.servers=kafka-project.aivencloud.com:17044
security.protocol=SSL
ssl.protocol=TLS
ssl.key.password=canary
ssl.keystore.type=PKCS12
ssl.keystore.location=client.keystore.p12
ssl.keystore.password=canary
ssl.truststore.location=client.truststore.jks
ssl.truststore.password=canary
`,
    config: {
      bootstrapServers: 'kafka-project.aivencloud.com:17044',
      securityProtocol: 'SSL',
      sslProtocol: 'TLS',
      sslKeyPassword: new Secret('canary'),
      sslKeystoreType: 'PKCS12',
      sslKeystoreLocation: 'client.keystore.p12',
      sslKeystorePassword: new Secret('canary'),
      sslTruststoreLocation: 'client.truststore.jks',
      sslTruststorePassword: new Secret('canary'),
    },
    ignored: [],
  },
  {
    name: 'a cluster of Confluent Cloud, with its schema registry',
    text: `
bootstrap.servers=pkc-xxxxx.eu-central-1.aws.confluent.cloud:9092
security.protocol=SASL_SSL
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username='KEY' password='canary';
sasl.mechanism=PLAIN
client.dns.lookup=use_all_dns_ips
session.timeout.ms=45000
acks=all
schema.registry.url=https://psrc-xxxxx.eu-central-1.aws.confluent.cloud
basic.auth.user.info=SR_KEY:canary
`,
    config: {
      bootstrapServers: 'pkc-xxxxx.eu-central-1.aws.confluent.cloud:9092',
      securityProtocol: 'SASL_SSL',
      saslJaasConfig: new Secret(
        "org.apache.kafka.common.security.plain.PlainLoginModule required username='KEY' password='canary';",
      ),
      saslMechanism: 'PLAIN',
      clientDnsLookup: 'use_all_dns_ips',
      acks: 'all',
    },
    ignored: ['session.timeout.ms', 'schema.registry.url', 'basic.auth.user.info'],
  },
  {
    name: "Java's defaults written out, and a certificate in the file itself",
    text: `
bootstrap.servers=kafka:9093
security.protocol=ssl
ssl.protocol=TLSv1.3
ssl.enabled.protocols=TLSv1.2,TLSv1.3
ssl.keymanager.algorithm=SunX509
ssl.trustmanager.algorithm=PKIX
ssl.endpoint.identification.algorithm=https
ssl.client.auth=none
ssl.truststore.type=PEM
ssl.truststore.certificates=-----BEGIN CERTIFICATE----- \\
  MIIB \\
  -----END CERTIFICATE-----
`,
    config: {
      bootstrapServers: 'kafka:9093',
      securityProtocol: 'SSL',
      sslProtocol: 'TLSv1.3',
      sslEnabledProtocols: ['TLSv1.2', 'TLSv1.3'],
      sslEndpointIdentificationAlgorithm: 'https',
      sslTruststoreType: 'PEM',
      sslTruststoreCertificates: new Secret('-----BEGIN CERTIFICATE----- MIIB -----END CERTIFICATE-----'),
    },
    ignored: ['ssl.keymanager.algorithm', 'ssl.trustmanager.algorithm', 'ssl.client.auth'],
  },
  {
    name: 'one file for the producer and the consumer of a service',
    text: `
bootstrap.servers=kafka-0.internal:9092,kafka-1.internal:9092
client.id=invoices
acks=all
retries=10
key.serializer=org.apache.kafka.common.serialization.StringSerializer
value.serializer=org.apache.kafka.common.serialization.StringSerializer

group.id=invoices
key.deserializer=org.apache.kafka.common.serialization.StringDeserializer
value.deserializer=org.apache.kafka.common.serialization.StringDeserializer
auto.offset.reset=earliest
enable.auto.commit=false
max.poll.records=200
session.timeout.ms=45000
`,
    config: {
      bootstrapServers: 'kafka-0.internal:9092,kafka-1.internal:9092',
      clientId: 'invoices',
      acks: 'all',
      retries: 10,
    },
    ignored: [
      ...['group.id', 'key.deserializer', 'value.deserializer', 'auto.offset.reset', 'enable.auto.commit'],
      ...['max.poll.records', 'session.timeout.ms'],
    ],
  },
  {
    name: 'settings of Kafka 0.9 that were never cleaned up',
    text: `
bootstrap.servers = broker1:9092
acks = 1
retries = 3
batch.size = 32768
block.on.buffer.full = true
metadata.fetch.timeout.ms = 15000
timeout.ms = 10000
metric.reporters =
receive.buffer.bytes = 65536
`,
    config: { bootstrapServers: 'broker1:9092', acks: 1, retries: 3, batchSize: 32768 },
    ignored: [
      ...['block.on.buffer.full', 'metadata.fetch.timeout.ms', 'timeout.ms', 'metric.reporters'],
      'receive.buffer.bytes',
    ],
  },
  {
    name: 'settings of the Scala producer of 0.8 beside those of today',
    text: `
metadata.broker.list=old1:9092,old2:9092
producer.type=async
request.required.acks=1
serializer.class=kafka.serializer.StringEncoder
queue.buffering.max.ms=200
queue.enqueue.timeout.ms=-1
compressed.topics=
topic.metadata.refresh.interval.ms=60000
bootstrap.servers=new1:9092
linger.ms=200
`,
    config: { bootstrapServers: 'new1:9092', lingerMs: 200 },
    ignored: [
      ...['metadata.broker.list', 'producer.type', 'request.required.acks', 'serializer.class'],
      ...['queue.buffering.max.ms', 'queue.enqueue.timeout.ms', 'compressed.topics'],
      'topic.metadata.refresh.interval.ms',
    ],
  },
  {
    name: 'an application that keeps its own settings in the same file',
    text: `
# orders-loader
input.directory=data/in
topic=orders
worker.threads=8
orders.dead-letter.topic=orders-dlq
bootstrap.servers=10.1.2.3:9092
linger.ms=50
enable.idempotence=true
`,
    config: { bootstrapServers: '10.1.2.3:9092', lingerMs: 50, enableIdempotence: true },
    ignored: ['input.directory', 'topic', 'worker.threads', 'orders.dead-letter.topic'],
  },
  {
    name: 'a development copy with a registry beside a plaintext broker',
    text: `
bootstrap.servers=localhost:29092
schema.registry.url=http://localhost:8081
basic.auth.credentials.source=USER_INFO
basic.auth.user.info=key:secret
auto.register.schemas=false
use.latest.version=true
value.subject.name.strategy=io.confluent.kafka.serializers.subject.RecordNameStrategy
client.dns.lookup=use_all_dns_ips
acks=all
`,
    config: { bootstrapServers: 'localhost:29092', clientDnsLookup: 'use_all_dns_ips', acks: 'all' },
    ignored: [
      ...['schema.registry.url', 'basic.auth.credentials.source', 'basic.auth.user.info'],
      ...['auto.register.schemas', 'use.latest.version', 'value.subject.name.strategy'],
    ],
  },
  {
    name: 'the worker file of Kafka Connect',
    text: `
bootstrap.servers=connect-kafka:9092
group.id=connect-cluster
key.converter=org.apache.kafka.connect.json.JsonConverter
value.converter=org.apache.kafka.connect.json.JsonConverter
key.converter.schemas.enable=true
offset.storage.topic=connect-offsets
offset.storage.replication.factor=3
config.storage.topic=connect-configs
status.storage.topic=connect-status
offset.flush.interval.ms=10000
plugin.path=plugins
`,
    config: { bootstrapServers: 'connect-kafka:9092' },
    ignored: [
      ...['group.id', 'key.converter', 'value.converter', 'key.converter.schemas.enable'],
      ...['offset.storage.topic', 'offset.storage.replication.factor', 'config.storage.topic'],
      ...['status.storage.topic', 'offset.flush.interval.ms', 'plugin.path'],
    ],
  },
  {
    name: 'a file written on Windows, with a byte order mark, colons and continued lines',
    text: '\ufeffbootstrap.servers: node1:9092, \\\r\n    node2:9092, \\\r\n    node3:9092,\r\n! tuned in May\r\nbatch.size : 131072\r\nlinger.ms 20\r\ncompression.type=gzip\r\n',
    config: {
      bootstrapServers: 'node1:9092, node2:9092, node3:9092,',
      batchSize: 131072,
      lingerMs: 20,
      compressionType: 'gzip',
    },
    ignored: [],
  },
  {
    name: 'a cluster of Strimzi, from a pod inside',
    text: `
bootstrap.servers=my-cluster-kafka-bootstrap.kafka.svc:9092
security.protocol=PLAINTEXT
client.rack=eu-central-1a
delivery.timeout.ms=60000
request.timeout.ms=15000
`,
    config: {
      bootstrapServers: 'my-cluster-kafka-bootstrap.kafka.svc:9092',
      securityProtocol: 'PLAINTEXT',
      clientRack: 'eu-central-1a',
      deliveryTimeoutMs: 60000,
      requestTimeoutMs: 15000,
    },
    ignored: [],
  },
  {
    name: "settings of librdkafka among Java's",
    text: `
bootstrap.servers=a.example:9092
queue.buffering.max.messages=100000
message.timeout.ms=30000
socket.keepalive.enable=true
broker.address.family=v4
receive.message.max.bytes=200000000
max.response.bytes=200000000
`,
    config: { bootstrapServers: 'a.example:9092', maxResponseBytes: 200000000 },
    ignored: [
      ...['queue.buffering.max.messages', 'message.timeout.ms', 'socket.keepalive.enable'],
      ...['broker.address.family', 'receive.message.max.bytes'],
    ],
  },
  {
    name: 'every record everywhere: partitioners and metrics of Java',
    text: `
bootstrap.servers=[2001:db8::1]:9092
partitioner.class=org.apache.kafka.clients.producer.RoundRobinPartitioner
auto.include.jmx.reporter=true
metrics.recording.level=INFO
max.block.ms=9223372036854775807
connections.max.idle.ms=-1
`,
    config: {
      bootstrapServers: '[2001:db8::1]:9092',
      partitioner: 'round-robin',
      metricsRecordingLevel: 'INFO',
      maxBlockMs: Number.MAX_SAFE_INTEGER,
      connectionsMaxIdleMs: -1,
    },
    ignored: ['auto.include.jmx.reporter'],
  },
]
