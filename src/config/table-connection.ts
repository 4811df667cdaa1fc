import type { ConfigEntries } from './entry.js'

/** How brokers are found and reached. Every client has these settings. */
export const connectionConfigs = {
  bootstrapServers: {
    javaName: 'bootstrap.servers',
    type: 'servers',
    required: true,
    importance: 'high',
    description:
      'The brokers to connect to first, each as `host:port` or `[ipv6]:port`: a list, or one string with commas. They tell the client of all other brokers. Name two or three that are unlikely to be down at the same time.',
    difference: 'A scheme such as `SSL://` is refused. Java skips it.',
  },
  clientId: {
    javaName: 'client.id',
    type: 'string',
    defaultText: '`producer-<n>`',
    maxBytes: 32767,
    importance: 'medium',
    description: 'The name of this client in the logs and for the quotas of brokers.',
  },
  clientDnsLookup: {
    javaName: 'client.dns.lookup',
    type: 'choice',
    values: ['use_all_dns_ips', 'resolve_canonical_bootstrap_servers_only'],
    default: 'use_all_dns_ips',
    supports: ['use_all_dns_ips'],
    importance: 'medium',
    description:
      'What the client does with a host name that has several addresses. `use_all_dns_ips`: it tries each in turn. `resolve_canonical_bootstrap_servers_only`: it replaces a bootstrap server by the canonical names of its addresses.',
  },
  requestTimeoutMs: {
    javaName: 'request.timeout.ms',
    type: 'int',
    default: 30000,
    min: 0,
    importance: 'medium',
    description:
      'How long the client waits for the response to a request. After that it closes the connection and retries the requests that were in flight on it.',
  },
  retryBackoffMs: {
    javaName: 'retry.backoff.ms',
    type: 'long',
    default: 100,
    min: 0,
    importance: 'low',
    description:
      'The pause before a failed request is sent again. It doubles with every failure in a row and varies by a fifth. From the second failure on it is at least 10 ms, and this minimum grows to 100 ms.',
  },
  retryBackoffMaxMs: {
    javaName: 'retry.backoff.max.ms',
    type: 'long',
    default: 1000,
    min: 0,
    importance: 'low',
    description:
      'The longest pause before a failed request is sent again. A `retryBackoffMs` above it is lowered to it.',
  },
  reconnectBackoffMs: {
    javaName: 'reconnect.backoff.ms',
    type: 'long',
    default: 50,
    min: 0,
    importance: 'low',
    description:
      'The pause before the client connects to a broker again after a failure. It doubles with every failure in a row and varies by a fifth.',
  },
  reconnectBackoffMaxMs: {
    javaName: 'reconnect.backoff.max.ms',
    type: 'long',
    default: 1000,
    min: 0,
    importance: 'low',
    description:
      'The longest pause before the client connects to a broker again. If it is left out and `reconnectBackoffMs` is given, the pause is always `reconnectBackoffMs`.',
  },
  socketConnectionSetupTimeoutMs: {
    javaName: 'socket.connection.setup.timeout.ms',
    type: 'long',
    default: 10000,
    min: 0,
    importance: 'medium',
    description:
      'The time limit for the set-up of a connection. The limit doubles with every failure in a row.',
    difference: 'Java also takes negative numbers. No connection ever succeeds with them.',
  },
  socketConnectionSetupTimeoutMaxMs: {
    javaName: 'socket.connection.setup.timeout.max.ms',
    type: 'long',
    default: 30000,
    min: 0,
    importance: 'medium',
    description:
      'The highest time limit for the set-up of a connection. A `socketConnectionSetupTimeoutMs` above it is lowered to it.',
    difference: 'Java also takes negative numbers.',
  },
  connectionsMaxIdleMs: {
    javaName: 'connections.max.idle.ms',
    type: 'long',
    default: 540000,
    importance: 'medium',
    description:
      'The client closes a connection that had no traffic for this long. A negative number keeps connections open.',
  },
  metadataMaxAgeMs: {
    javaName: 'metadata.max.age.ms',
    type: 'long',
    default: 300000,
    min: 0,
    importance: 'low',
    description:
      'The client fetches metadata again after this long, even if nothing suggests that topics or leaders have changed.',
  },
  metadataRecoveryStrategy: {
    javaName: 'metadata.recovery.strategy',
    type: 'choice',
    values: ['none', 'rebootstrap'],
    anyCaseInProperties: true,
    default: 'rebootstrap',
    importance: 'low',
    description:
      'What the client does when it can reach no known broker. `rebootstrap`: it starts again from `bootstrapServers` (KIP-899). `none`: it keeps trying the known brokers.',
  },
  metadataRecoveryRebootstrapTriggerMs: {
    javaName: 'metadata.recovery.rebootstrap.trigger.ms',
    type: 'long',
    default: 300000,
    min: 0,
    importance: 'low',
    description:
      'With `rebootstrap`, the client also starts again from `bootstrapServers` when it has had no metadata for this long (KIP-1102). Less than a second counts as a second.',
  },
  maxResponseBytes: {
    javaName: null,
    propertyName: 'max.response.bytes',
    type: 'int',
    default: 104857600,
    min: 1024,
    importance: 'low',
    description:
      'The size of the largest response that the client accepts, in bytes. If a response is larger, its request fails and the connection is closed.',
    difference: 'Java has no limit.',
  },
  metadataClusterCheckEnable: {
    javaName: 'metadata.cluster.check.enable',
    type: 'boolean',
    default: true,
    importance: 'low',
    description:
      'The client tells each broker the cluster id and the node id that it expects (KIP-1242). A broker of Kafka 4.4 or later with other ids refuses the connection, and the client fetches metadata from `bootstrapServers` again. The setting has no effect without `rebootstrap`. Set it to false if several brokers share one address.',
  },
  metricsSampleWindowMs: {
    javaName: 'metrics.sample.window.ms',
    type: 'long',
    default: 30000,
    min: 0,
    supports: [30000],
    importance: 'low',
    description: 'The time that one sample of a metric covers.',
  },
  metricsNumSamples: {
    javaName: 'metrics.num.samples',
    type: 'int',
    default: 2,
    min: 1,
    supports: [2],
    importance: 'low',
    description: 'The number of samples that a metric is computed from.',
  },
  metricsRecordingLevel: {
    javaName: 'metrics.recording.level',
    type: 'choice',
    values: ['INFO', 'DEBUG', 'TRACE'],
    default: 'INFO',
    supports: ['INFO'],
    importance: 'low',
    description: 'Which metrics are recorded.',
  },
  enableMetricsPush: {
    javaName: 'enable.metrics.push',
    type: 'boolean',
    default: false,
    supports: [false],
    importance: 'low',
    description: 'The client sends its metrics to brokers that ask for them (KIP-714).',
    difference: "Java's default is true. This version has no metrics to send.",
  },
  logger: {
    javaName: null,
    type: 'logger',
    defaultText: 'warnings and errors to stderr',
    importance: 'low',
    description:
      'The logger of this client: an object with `debug`, `info`, `warn` and `error`, such as `console`. Each function is called with a message and an object of fields (`broker`, `topic`, `code` and the like). A logger of pino or bunyan gets the fields first. False: nothing is logged. If it is left out, warnings and errors go to stderr, at most ten lines at once and ten a minute.',
  },
} as const

connectionConfigs satisfies ConfigEntries
