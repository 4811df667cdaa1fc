import { BROKER_SETTINGS } from '../../src/testing/broker-settings.js'
import type { SettingRule } from '../../src/testing/setting.js'
import { TOPIC_SETTINGS } from '../../src/testing/topic-settings.js'

const introduction = `# Settings of the embedded cluster

<!-- Made from the tables in src/testing/topic-settings.ts and src/testing/broker-settings.ts.
     To make it again: npx vitest run --project unit test/unit/testing/settings-markdown.test.ts --update -->

\`EmbeddedCluster\` of \`odradek/testing\` takes every topic setting of Kafka 4.4. It checks the values as Kafka's
brokers do, and DescribeConfigs shows them. An unknown name is refused with the nearest one.

\`\`\`ts
// settings.mts
import { EmbeddedCluster } from 'odradek/testing'

await using cluster = await EmbeddedCluster.start({
  topics: [{ topic: 'orders', numPartitions: 3, configs: { 'max.message.bytes': '100000' } }],
  config: { 'auto.create.topics.enable': false },
})
\`\`\``

const security = `## TLS, logins and their faults

With \`tls\`, every connection is encrypted. With \`sasl\`, every client must log in. Both can be changed while
the cluster runs. A change holds for every later connection or login, as in Kafka. Open connections stay.

\`\`\`ts
// secured.mts
import { readFileSync } from 'node:fs'
import { Producer } from 'odradek'
import { EmbeddedCluster } from 'odradek/testing'

const [key, cert, ca] = [readFileSync('broker.key'), readFileSync('broker.pem'), readFileSync('ca.pem')]

await using cluster = await EmbeddedCluster.start({
  brokers: 3,
  tls: { key, cert },
  sasl: { users: { alice: 'secret' }, mechanisms: ['SCRAM-SHA-256'], sessionLifetimeMs: 3_600_000 },
})
const producer = new Producer({
  bootstrapServers: cluster.bootstrapServers,
  securityProtocol: 'SASL_SSL',
  tls: { ca },
  sasl: { mechanism: 'SCRAM-SHA-256', username: 'alice', password: 'secret' },
})
const { offset } = await producer.send({ topic: 'orders', value: 'created' })
console.log(\`written at offset \${offset}\`)
await producer.close()
\`\`\`

\`\`\`text
written at offset 0
\`\`\`

The calls of this table may follow it. \`cluster.tls\` and \`cluster.sasl\` are null in a cluster that was started
without them.

| to see | call |
| --- | --- |
| a certificate of another authority, or an expired one | \`cluster.tls?.change({ key, cert })\` |
| clients that must have a certificate from now on | \`cluster.tls?.change({ ca, requestCert: true })\` |
| TLS handshakes that a broker refuses | \`cluster.tls?.refuseHandshakes({ nodeId: 2, times: 3 })\` |
| connections that are reset, or cut, in a handshake | \`cluster.tls?.resetHandshakes()\`, \`cluster.tls?.cutHandshakes()\` |
| slow handshakes | \`cluster.tls?.delayHandshakes({ times: Infinity }, 500)\` |
| a password that is changed | \`cluster.sasl?.setUser('alice', 'another secret')\` |
| a user that is removed | \`cluster.sasl?.removeUser('alice')\` |
| a mechanism that is disabled | \`if (cluster.sasl) cluster.sasl.mechanisms = ['PLAIN']\` |
| sessions that end after three seconds (KIP-368) | \`if (cluster.sasl) cluster.sasl.sessionLifetimeMs = 3_000\` |
| a broker that refuses logins | \`cluster.failRequests({ api: 'SaslAuthenticate', nodeId: 2 }, 'SASL_AUTHENTICATION_FAILED')\` |
| a connection that ends in the midst of a login | \`cluster.cutAnswers({ api: 'SaslAuthenticate' }, 10)\` |

The faults of handshakes take \`nodeId\`, \`skip\` and \`times\`, and count their hits. \`cluster.closeConnections()\`
makes clients connect anew.`

/** The whole of docs/embedded-cluster.md. */
export function embeddedSettingsMarkdown(): string {
  const topics = [...TOPIC_SETTINGS]
  const acting = topics.filter(([, { effect }]) => effect !== null)
  const idle = topics.filter(([, { effect }]) => effect === null)
  const brokers = [...BROKER_SETTINGS].filter(([, { effect }]) => effect !== null)
  const defaults = topics.flatMap(([name, { broker }]) =>
    broker === null ? [] : [[code(broker), code(name)]],
  )
  return `${[
    introduction,
    '## Topic settings with an effect',
    tableOf(
      ['setting', 'default', 'must be', 'effect'],
      acting.map(([name, { rule, default: value, effect }]) => [
        code(name),
        code(value),
        allowed(rule),
        effect ?? '',
      ]),
    ),
    '## Topic settings without an effect',
    `These settings are checked and shown only. Logs are in memory and are not flushed, compacted, tiered or
deleted by age. Batches keep the codec of the producer.`,
    tableOf(
      ['setting', 'default', 'must be'],
      idle.map(([name, { rule, default: value }]) => [
        code(name),
        value === '' ? '' : code(value),
        allowed(rule),
      ]),
    ),
    '## Broker settings',
    'All brokers of a cluster have the same settings. These have an effect of their own:',
    tableOf(
      ['setting', 'default', 'must be', 'effect'],
      brokers.map(([name, { rule, default: value, effect }]) => [
        code(name),
        code(value),
        allowed(rule),
        effect ?? '',
      ]),
    ),
    'These are the defaults of topic settings:',
    tableOf(['broker setting', 'topic setting'], defaults),
    security,
  ].join('\n\n')}\n`
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n')
}

function allowed({ type, min, max, orElse, words, items }: SettingRule): string {
  if (type === 'boolean') return 'true or false'
  if (words !== undefined) return `${type === 'list' ? 'a list of ' : ''}${words.map(code).join(', ')}`
  if (items !== undefined) return '`*`, or a list of partitions and brokers such as `0:1,0:2`'
  const kind = type === 'double' ? 'a number' : `a whole number of ${type === 'int' ? 32 : 64} bits`
  const from = min === undefined ? '' : ` from ${min}`
  const to = max === undefined ? '' : ` to ${max}`
  return `${kind}${from}${to}${orElse === undefined ? '' : `, or ${orElse}`}`
}

function code(text: string): string {
  return `\`${text}\``
}
