import type { Logger } from '../../logger.js'

// Made from ../table-connection.ts. To make it again:
//   npx vitest run --project unit test/unit/config/documents.test.ts --update

/** How brokers are found and reached. Producers and admins have these settings. */
export interface ConnectionConfig {
  /**
   * The brokers to connect to first, each as `host:port` or `[ipv6]:port`: a list, or one string with commas.
   * They tell the client of all other brokers. Name two or three that are unlikely to be down at the same
   * time. A scheme such as `SSL://` is refused. Java skips it.
   *
   * A string or a list of strings, each host:port or [ipv6]:port. Java: `bootstrap.servers`.
   */
  readonly bootstrapServers: string | readonly string[]

  /**
   * The name of this client in the logs and for the quotas of brokers.
   *
   * A string, at most 32767 bytes. Java: `client.id`.
   *
   * @default producer-<n>
   */
  readonly clientId?: string | undefined

  /**
   * What the client does with a host name that has several addresses. `use_all_dns_ips`: it tries each in
   * turn. `resolve_canonical_bootstrap_servers_only`: it replaces a bootstrap server by the canonical names
   * of its addresses. **This version: only `use_all_dns_ips`.**
   *
   * 'use_all_dns_ips' or 'resolve_canonical_bootstrap_servers_only'. Java: `client.dns.lookup`.
   *
   * @default 'use_all_dns_ips'
   */
  readonly clientDnsLookup?: 'use_all_dns_ips' | 'resolve_canonical_bootstrap_servers_only' | undefined

  /**
   * How long the client waits for the response to a request. After that it closes the connection and retries
   * the requests that were in flight on it.
   *
   * Milliseconds: a whole number from 0 to 2147483647. Java: `request.timeout.ms`.
   *
   * @default 30000
   */
  readonly requestTimeoutMs?: number | undefined

  /**
   * The pause before a failed request is sent again. It doubles with every failure in a row and varies by a
   * fifth. From the second failure on it is at least 10 ms, and this minimum grows to 100 ms.
   *
   * Milliseconds: a whole number from 0 to 2^53 - 1. Java: `retry.backoff.ms`.
   *
   * @default 100
   */
  readonly retryBackoffMs?: number | undefined

  /**
   * The longest pause before a failed request is sent again. A `retryBackoffMs` above it is lowered to it.
   *
   * Milliseconds: a whole number from 0 to 2^53 - 1. Java: `retry.backoff.max.ms`.
   *
   * @default 1000
   */
  readonly retryBackoffMaxMs?: number | undefined

  /**
   * The pause before the client connects to a broker again after a failure. It doubles with every failure in
   * a row and varies by a fifth.
   *
   * Milliseconds: a whole number from 0 to 2^53 - 1. Java: `reconnect.backoff.ms`.
   *
   * @default 50
   */
  readonly reconnectBackoffMs?: number | undefined

  /**
   * The longest pause before the client connects to a broker again. If it is left out and
   * `reconnectBackoffMs` is given, the pause is always `reconnectBackoffMs`.
   *
   * Milliseconds: a whole number from 0 to 2^53 - 1. Java: `reconnect.backoff.max.ms`.
   *
   * @default 1000
   */
  readonly reconnectBackoffMaxMs?: number | undefined

  /**
   * The time limit for the set-up of a connection. The limit doubles with every failure in a row. Java also
   * takes negative numbers. No connection ever succeeds with them.
   *
   * Milliseconds: a whole number from 0 to 2^53 - 1. Java: `socket.connection.setup.timeout.ms`.
   *
   * @default 10000
   */
  readonly socketConnectionSetupTimeoutMs?: number | undefined

  /**
   * The highest time limit for the set-up of a connection. A `socketConnectionSetupTimeoutMs` above it is
   * lowered to it. Java also takes negative numbers.
   *
   * Milliseconds: a whole number from 0 to 2^53 - 1. Java: `socket.connection.setup.timeout.max.ms`.
   *
   * @default 30000
   */
  readonly socketConnectionSetupTimeoutMaxMs?: number | undefined

  /**
   * The client closes a connection that had no traffic for this long. A negative number keeps connections
   * open.
   *
   * Milliseconds: a whole number. Java: `connections.max.idle.ms`.
   *
   * @default 540000
   */
  readonly connectionsMaxIdleMs?: number | undefined

  /**
   * The client fetches metadata again after this long, even if nothing suggests that topics or leaders have
   * changed.
   *
   * Milliseconds: a whole number from 0 to 2^53 - 1. Java: `metadata.max.age.ms`.
   *
   * @default 300000
   */
  readonly metadataMaxAgeMs?: number | undefined

  /**
   * What the client does when it can reach no known broker. `rebootstrap`: it starts again from
   * `bootstrapServers` (KIP-899). `none`: it keeps trying the known brokers.
   *
   * 'none' or 'rebootstrap'. Java: `metadata.recovery.strategy`.
   *
   * @default 'rebootstrap'
   */
  readonly metadataRecoveryStrategy?: 'none' | 'rebootstrap' | undefined

  /**
   * With `rebootstrap`, the client also starts again from `bootstrapServers` when it has had no metadata for
   * this long (KIP-1102). Less than a second counts as a second.
   *
   * Milliseconds: a whole number from 0 to 2^53 - 1. Java: `metadata.recovery.rebootstrap.trigger.ms`.
   *
   * @default 300000
   */
  readonly metadataRecoveryRebootstrapTriggerMs?: number | undefined

  /**
   * The size of the largest response that the client accepts, in bytes. If a response is larger, its request
   * fails and the connection is closed. Java has no limit.
   *
   * A whole number from 1024 to 2147483647. In a `.properties` file: `max.response.bytes`.
   *
   * @default 104857600
   */
  readonly maxResponseBytes?: number | undefined

  /**
   * The client tells each broker the cluster id and the node id that it expects (KIP-1242). A broker of Kafka
   * 4.4 or later with other ids refuses the connection, and the client fetches metadata from
   * `bootstrapServers` again. The setting has no effect without `rebootstrap`. Set it to false if several
   * brokers share one address.
   *
   * True or false. Java: `metadata.cluster.check.enable`.
   *
   * @default true
   */
  readonly metadataClusterCheckEnable?: boolean | undefined

  /**
   * The time that one sample of a metric covers. **This version: only `30000`.**
   *
   * Milliseconds: a whole number from 0 to 2^53 - 1. Java: `metrics.sample.window.ms`.
   *
   * @default 30000
   */
  readonly metricsSampleWindowMs?: number | undefined

  /**
   * The number of samples that a metric is computed from. **This version: only `2`.**
   *
   * A whole number from 1 to 2147483647. Java: `metrics.num.samples`.
   *
   * @default 2
   */
  readonly metricsNumSamples?: number | undefined

  /**
   * Which metrics are recorded. **This version: only `INFO`.**
   *
   * 'INFO', 'DEBUG' or 'TRACE'. Java: `metrics.recording.level`.
   *
   * @default 'INFO'
   */
  readonly metricsRecordingLevel?: 'INFO' | 'DEBUG' | 'TRACE' | undefined

  /**
   * The client sends its metrics to brokers that ask for them (KIP-714). **This version: only `false`.**
   * Java's default is true. This version has no metrics to send.
   *
   * True or false. Java: `enable.metrics.push`.
   *
   * @default false
   */
  readonly enableMetricsPush?: boolean | undefined

  /**
   * The logger of this client: an object with `debug`, `info`, `warn` and `error`, such as `console`. Each
   * function is called with a message and an object of fields (`broker`, `topic`, `code` and the like). A
   * logger of pino or bunyan gets the fields first. False: nothing is logged. If it is left out, warnings and
   * errors go to stderr, at most ten lines at once and ten a minute.
   *
   * An object with the functions debug, info, warn and error, or false.
   *
   * @default warnings and errors to stderr
   */
  readonly logger?: Logger | false | undefined
}
