/** A `.properties` file with a login, as a provider publishes it, and what the client says first with it. */
export interface SaslFile {
  readonly name: string
  readonly text: string
  readonly mechanism: string
  /** A part of the first message. */
  readonly says: string
}

export const saslFiles: readonly SaslFile[] = [
  {
    name: 'Confluent Cloud with an API key',
    text: `
bootstrap.servers=pkc-xxxxx.eu-central-1.aws.confluent.cloud:9092
security.protocol=SASL_SSL
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username='KEY' password='SECRET';
sasl.mechanism=PLAIN
client.dns.lookup=use_all_dns_ips
session.timeout.ms=45000
acks=all
`,
    mechanism: 'PLAIN',
    says: '\0KEY\0SECRET',
  },
  {
    name: 'Azure Event Hubs',
    text: `
bootstrap.servers=namespace.servicebus.windows.net:9093
security.protocol=SASL_SSL
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="$ConnectionString" password="Endpoint=sb://NS.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=ab+/c=";
metadata.max.age.ms=180000
connections.max.idle.ms=180000
max.request.size=1000000
`,
    mechanism: 'PLAIN',
    says: '\0$ConnectionString\0Endpoint=sb://NS.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=ab+/c=',
  },
  {
    name: 'Amazon MSK with SCRAM',
    text: `
bootstrap.servers=b-1.demo.kafka.eu-west-1.amazonaws.com:9096
security.protocol=SASL_SSL
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\
  username="alice" \\
  password="alice-secret";
`,
    mechanism: 'SCRAM-SHA-512',
    says: 'n,,n=alice,r=',
  },
  {
    name: 'Redpanda Cloud',
    text: `
bootstrap.servers=seed-xxxx.fmc.prd.cloud.redpanda.com:9092
security.protocol = SASL_SSL
sasl.mechanism = SCRAM-SHA-256
sasl.jaas.config = org.apache.kafka.common.security.scram.ScramLoginModule required username="u" password="p" ;
`,
    mechanism: 'SCRAM-SHA-256',
    says: 'n,,n=u,r=',
  },
  {
    name: 'Google Cloud with a key of a service account',
    text: `
bootstrap.servers=bootstrap.demo.europe-west1.managedkafka.project.cloud.goog:9092
security.protocol=SASL_SSL
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
  username="demo@project.iam.gserviceaccount.com" \\
  password="eyJrZXkiOiJ2YWx1ZSJ9==";
`,
    mechanism: 'PLAIN',
    says: '\0demo@project.iam.gserviceaccount.com\0eyJrZXkiOiJ2YWx1ZSJ9==',
  },
  {
    name: 'a delegation token',
    text: `
bootstrap.servers=kafka:9093
security.protocol=SASL_SSL
sasl.mechanism=SCRAM-SHA-256
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="tokenID123" password="lAYYSFmLs4bTjf+lTZ1LCHR/ZZFNA==" tokenauth="true";
`,
    mechanism: 'SCRAM-SHA-256',
    says: ',tokenauth=true',
  },
  {
    name: 'Kafka without TLS, as in its documentation of OAUTHBEARER',
    text: `
bootstrap.servers=localhost:9092
security.protocol=SASL_PLAINTEXT
sasl.mechanism=OAUTHBEARER
sasl.login.callback.handler.class=org.apache.kafka.common.security.oauthbearer.internals.unsecured.OAuthBearerUnsecuredLoginCallbackHandler
sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required \\
    unsecuredLoginStringClaim_sub="alice";
`,
    mechanism: 'OAUTHBEARER',
    says: 'n,,\x01auth=Bearer ',
  },
]
