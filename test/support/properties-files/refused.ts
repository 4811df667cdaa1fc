/** A realistic `.properties` file, and the error that this version must give. */
export interface RefusedFile {
  readonly name: string
  readonly text: string
  /** The whole message. It must show no value that may be secret. */
  readonly message: string
}

/** Files with settings that this version does not support, or that would be lost in silence. */
export const refusedFiles: readonly RefusedFile[] = [
  {
    name: 'a cluster of Amazon MSK with IAM',
    text: `
bootstrap.servers=b-1.demo.kafka.eu-west-1.amazonaws.com:9098
security.protocol=SASL_SSL
sasl.mechanism=AWS_MSK_IAM
sasl.jaas.config=software.amazon.msk.auth.iam.IAMLoginModule required;
sasl.client.callback.handler.class=software.amazon.msk.auth.iam.IAMClientCallbackHandler
`,
    message:
      "sasl.client.callback.handler.class is the name of a Java class: Amazon MSK with IAM needs a function that gives credentials of AWS. For a .properties file: fromProperties(text, { sasl: { mechanism: 'AWS_MSK_IAM', credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }) } })",
  },
  {
    name: 'Kerberos on plaintext connections',
    text: `
bootstrap.servers=kafka.corp:9092
security.protocol=SASL_PLAINTEXT
sasl.kerberos.kinit.cmd=/opt/kinit
`,
    message:
      "config key 'sasl.kerberos.kinit.cmd' has no meaning here: the Kerberos library behind your mechanism object gets the tickets",
  },
  {
    name: 'passwords that are looked up elsewhere',
    text: `
bootstrap.servers=kafka:9093
config.providers=file
config.providers.file.class=org.apache.kafka.common.config.provider.FileConfigProvider
client.id=\${file:secrets.properties:client}
`,
    message: [
      '2 errors in the properties:',
      "- config key 'config.providers' has no meaning here: values are taken as they stand, not looked up elsewhere",
      "- config key 'config.providers.file.class' has no meaning here: values are taken as they stand, not looked up elsewhere",
    ].join('\n'),
  },
  {
    name: 'Avro by a serializer of Java, and monitoring by an interceptor',
    text: `
bootstrap.servers=kafka:9092
key.serializer=org.apache.kafka.common.serialization.StringSerializer
value.serializer=io.confluent.kafka.serializers.KafkaAvroSerializer
schema.registry.url=http://registry:8081
interceptor.classes=io.confluent.monitoring.clients.interceptor.MonitoringProducerInterceptor
`,
    message: [
      '2 errors in the properties:',
      "- value.serializer 'io.confluent.kafka.serializers.KafkaAvroSerializer' is not supported by this version yet: keys and values are strings or bytes, as with Kafka's StringSerializer and ByteArraySerializer",
      "- interceptor.classes names classes of Java, got 'io.confluent.monitoring.clients.interceptor.MonitoringProducerInterceptor': leave it out, and give objects as interceptors in the program",
    ].join('\n'),
  },
  {
    name: 'transactions, another codec and a number with a unit',
    text: `
bootstrap.servers=kafka:9092
transactional.id=payments-1
enable.idempotence=true
compression.type=lz4
batch.size=64K
`,
    message: [
      '3 errors in the properties:',
      "- batch.size must be a whole number from 0 to 2147483647, got '64K'",
      '- transactional.id is not supported by this version yet: leave it out',
      "- compression.type 'lz4' is not supported by this version yet: use 'none' or 'gzip'",
    ].join('\n'),
  },
  {
    name: 'a misspelt key that was meant to protect the connection',
    text: `
bootstrap.servers=kafka:9093
securty.protocol=SSL
`,
    message: "unknown config key 'securty.protocol': did you mean security.protocol?",
  },
]
