/** The stable name of a check. */
export type CheckName =
  | 'settings'
  | 'name'
  | 'tcp'
  | 'tls'
  | 'versions'
  | 'sasl-mechanism'
  | 'sasl-login'
  | 'cluster'
  | 'producer-id'
  | 'advertised-address'
  | 'same-cluster'
  | 'topic'
  | 'leaders'
  | 'replicas'
  | 'min-isr'
  | 'write-right'
  | 'record-size'
  | 'timestamps'
  | 'clock'

/** One kind of thing that the doctor looks at. */
export interface Check {
  /** The name in the output for people. The key of the table is the name in JSON. */
  readonly title: string
  /** The checks without which this one cannot be made. */
  readonly needs: readonly CheckName[]
  /** The question that the check answers, for the documentation. */
  readonly asks: string
  /** The way in which it is answered, for the documentation. */
  readonly how: string
}

/** Every check, in the order in which they are made. */
export const checks: Readonly<Record<CheckName, Check>> = {
  settings: {
    title: 'settings',
    needs: [],
    asks: 'Do the settings of the client keep records safe?',
    how: 'Reads `acks`, `enable.idempotence`, `security.protocol` and their neighbours. Nothing is sent.',
  },
  name: {
    title: 'name',
    needs: [],
    asks: 'Does the host name have addresses?',
    how: 'Asks the resolver of this machine for all addresses.',
  },
  tcp: {
    title: 'TCP',
    needs: ['name'],
    asks: 'Does something listen there?',
    how: 'Connects to each address by itself.',
  },
  tls: {
    title: 'TLS',
    needs: ['tcp'],
    asks: 'Is the connection encrypted, and is the certificate good?',
    how: 'Makes the handshake of a producer. With `security.protocol` SSL or SASL_SSL only.',
  },
  versions: {
    title: 'versions',
    needs: ['tls'],
    asks: 'Is it a broker, and which requests does it know?',
    how: 'Sends ApiVersions. If there is no answer, tries once with TLS, or once without.',
  },
  'sasl-mechanism': {
    title: 'SASL mechanism',
    needs: ['versions'],
    asks: 'Does the broker offer the mechanism of the client?',
    how: 'Sends SaslHandshake. With `security.protocol` SASL_PLAINTEXT or SASL_SSL only.',
  },
  'sasl-login': {
    title: 'SASL login',
    needs: ['sasl-mechanism'],
    asks: 'Does the broker take the credentials?',
    how: 'Logs in as a producer does.',
  },
  cluster: {
    title: 'cluster',
    needs: ['versions', 'sasl-login'],
    asks: 'Which cluster is it, and which brokers does it have?',
    how: 'Sends Metadata.',
  },
  'producer-id': {
    title: 'producer id',
    needs: ['cluster'],
    asks: 'May the principal be an idempotent producer?',
    how: 'Sends InitProducerId, as each idempotent producer does at its start. No record is written.',
  },
  'advertised-address': {
    title: 'address',
    needs: ['cluster'],
    asks: 'Can clients use the address that the cluster advertises for a broker?',
    how: 'Judges the address in a Metadata response: another machine cannot reach `localhost` or `0.0.0.0`.',
  },
  'same-cluster': {
    title: 'same cluster',
    needs: ['cluster'],
    asks: 'Does the advertised address lead to a broker of this cluster?',
    how: 'Sends Metadata there and compares the cluster ids. Kafka 4.4 checks the node id too (KIP-1242).',
  },
  topic: {
    title: 'topic',
    needs: ['cluster'],
    asks: 'Does the topic exist, or will the first record create it?',
    how: 'Sends Metadata, which never creates the topic here, and DescribeConfigs for the broker.',
  },
  leaders: {
    title: 'leaders',
    needs: ['topic'],
    asks: 'Does every partition have a leader?',
    how: 'Reads the Metadata response.',
  },
  replicas: {
    title: 'replicas',
    needs: ['topic'],
    asks: 'Are all replicas in sync?',
    how: 'Reads the Metadata response.',
  },
  'min-isr': {
    title: 'min ISR',
    needs: ['topic'],
    asks: 'Are there enough replicas for `acks=all`?',
    how: 'Compares `min.insync.replicas` of the topic with the replicas, and warns if the leader alone is enough. Needs DescribeConfigs on the topic.',
  },
  'write-right': {
    title: 'right to write',
    needs: ['topic'],
    asks: 'May the principal write to the topic?',
    how: 'Reads the allowed operations in the Metadata response (KIP-430). No record is written.',
  },
  'record-size': {
    title: 'record size',
    needs: ['cluster'],
    asks: 'Do the brokers take batches and requests as large as the client makes them?',
    how: 'Compares `max.message.bytes`, `message.max.bytes` and `socket.request.max.bytes` with the client. Needs DescribeConfigs.',
  },
  timestamps: {
    title: 'timestamps',
    needs: ['topic'],
    asks: 'Which timestamps does the topic take?',
    how: 'Reads `message.timestamp.type` and its limits. Needs DescribeConfigs on the topic.',
  },
  clock: {
    title: 'clock',
    needs: [],
    asks: 'Is the clock of this machine right?',
    how: "Cannot be answered: no request of Kafka's protocol tells the time of a broker without a record. The local time is shown.",
  },
}

const names = Object.keys(checks) as readonly CheckName[]

/** The checks, among the given ones, that cannot be made without this one. */
export function dependentsOf(failed: CheckName, among: readonly CheckName[] = names): CheckName[] {
  return among.filter((name) => dependsOn(name, failed))
}

function dependsOn(name: CheckName, failed: CheckName): boolean {
  return checks[name].needs.some((need) => need === failed || dependsOn(need, failed))
}
