// A user's program that logs in over TLS. It prints how its sends end.
import { readFileSync } from 'node:fs'
import process from 'node:process'
import { fromProperties, KafkaError, Producer } from 'odradek'

const { server, otherHost, mutual, certificates } = JSON.parse(process.env.SECURED)
const file = (name) => readFileSync(`${certificates}/${name}`, 'utf8')

async function outcomeOf(config) {
  const producer = new Producer({ logger: false, maxBlockMs: 20_000, ...config })
  try {
    const { topic } = await producer.send({ topic: 'orders', value: 'v' })
    return topic
  } catch (error) {
    return error instanceof KafkaError ? `${error.name} ${error.code}` : String(error)
  } finally {
    await producer.close({ timeoutMs: 0 })
  }
}

const login = (mechanism, password = 'alice-secret') => ({ mechanism, username: 'alice', password })
const secured = (more = {}) => ({
  bootstrapServers: server,
  securityProtocol: 'SASL_SSL',
  tls: { ca: file('root.pem') },
  sasl: login('SCRAM-SHA-512'),
  ...more,
})

const jaas = 'org.apache.kafka.common.security.scram.ScramLoginModule required'
const properties = `bootstrap.servers=${server}
security.protocol=SASL_SSL
ssl.truststore.location=${certificates}/trust.jks
ssl.truststore.password=changeit
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=${jaas} username="alice" password="alice-secret";
`
const withCertificate = { ca: file('root.pem'), key: file('client.key'), cert: file('client.pem') }

const outcomes = {
  scram512: await outcomeOf(secured()),
  scram256: await outcomeOf(secured({ sasl: login('SCRAM-SHA-256') })),
  plain: await outcomeOf(secured({ sasl: login('PLAIN') })),
  properties: await outcomeOf(fromProperties(properties)),
  mutual: await outcomeOf(secured({ bootstrapServers: mutual, tls: withCertificate })),
  wrongPassword: await outcomeOf(secured({ sasl: login('SCRAM-SHA-512', 'wrong') })),
  unknownAuthority: await outcomeOf(secured({ tls: { ca: file('other-root.pem') } })),
  otherHost: await outcomeOf(secured({ bootstrapServers: otherHost })),
  noCertificate: await outcomeOf(secured({ bootstrapServers: mutual })),
}
console.log(JSON.stringify(outcomes))
