import type { ForeignKey } from './foreign-keys.js'

/**
 * Keys of Kafka's other clients and of libraries around Kafka, by owner. A key that ends with a dot stands
 * for all keys that begin with it.
 */
const owners: readonly (readonly [owner: string, keys: string])[] = [
  [
    "Kafka's consumers",
    `
      group.id group.instance.id group.protocol group.remote.assignor session.timeout.ms
      heartbeat.interval.ms partition.assignment.strategy check.crcs enable.auto.commit
      auto.commit.interval.ms auto.offset.reset isolation.level fetch.min.bytes fetch.max.bytes
      fetch.max.wait.ms max.partition.fetch.bytes max.poll.interval.ms max.poll.records key.deserializer
      value.deserializer allow.auto.create.topics exclude.internal.topics share.acquire.mode
      share.acknowledgement.mode internal.throw.on.fetch.stable.offset.unsupported fetch.message.max.bytes
      auto.commit.enable offsets.storage dual.commit.enabled consumer.
    `,
  ],
  ["Kafka's admin clients", 'default.api.timeout.ms bootstrap.controllers admin.'],
  [
    'Kafka Streams',
    `
      application.id application.server num.stream.threads num.standby.replicas state.dir
      default.key.serde default.value.serde processing.guarantee commit.interval.ms streams.
      cache.max.bytes.buffering statestore.cache.max.bytes topology.optimization
      default.deserialization.exception.handler default.production.exception.handler
      default.timestamp.extractor replication.factor rocksdb.config.setter task.timeout.ms
    `,
  ],
  [
    'Kafka Connect',
    `
      key.converter key.converter. value.converter value.converter. header.converter header.converter.
      internal.key.converter internal.value.converter offset.storage. offset.flush. config.storage.
      status.storage. plugin.path plugin.discovery connect.protocol connector.
      connector.client.config.override.policy tasks.max rest. access.control. exactly.once.source.support
      inter.worker. rebalance.timeout.ms response.http.headers.config scheduled.rebalance.max.delay.ms
      topic.creation. worker.sync.timeout.ms worker.unsync.backoff.ms task.shutdown.graceful.timeout.ms
      topic.tracking. producer.override. errors. transforms transforms. predicates predicates.
      admin.listeners internal.topics.automatic.creation.enable
    `,
  ],
  [
    "Kafka's brokers",
    `
      security.inter.broker.protocol broker.id broker.rack broker.heartbeat.interval.ms
      broker.session.timeout.ms node.id process.roles listeners advertised. listener. inter.broker.
      early.start.listeners controller. controlled. log. cordoned.log.dirs num. kafka.metrics. offsets.
      offset.metadata.max.bytes transaction.state.log. transaction.max.timeout.ms transaction.abort.
      transaction.remove. transaction.partition. transactional.id.expiration.ms group.consumer.
      group.coordinator. group.share. group.streams. share.coordinator. group.initial.rebalance.delay.ms
      group.max. group.min. share.fetch. remote.fetch. remote.list. remote.log. replica.
      replication.quota. quota. queued.max. min.insync.replicas max.decompressed.message.bytes
      leader.imbalance. auto.create.topics.enable auto.leader.rebalance.enable delete.topic.enable
      delete.records.purgatory. default.replication.factor unclean.leader.election. zookeeper.
      socket.receive.buffer.bytes
      socket.send.buffer.bytes socket.request.max.bytes socket.listen.backlog.size metadata.log.
      alter.config. alter.log. authorizer. metadata.max.idle.interval.ms metadata.max.retention.
      max.connection.creation.rate unstable. max.connections max.connections.
      max.incremental.fetch.session.cache.slots background.threads max.request.partition.size.limit
      producer.id.expiration. producer.purgatory. internal.metadata. fetch.purgatory. follower.fetch.
      create.topic.policy.class.name client.quota.callback.class connection.failed.authentication.delay.ms
      connections.max.reauth.ms delegation.token. principal.builder.class
      initial.broker.registration.timeout.ms server.max.startup.time.ms telemetry.max.bytes
      add.partitions.to.txn.retry.backoff. ssl.client.auth ssl.principal.mapping.rules ssl.allow.
    `,
  ],
  [
    "a schema registry's serializers",
    `
      schema.registry. basic.auth. bearer.auth. auto.register.schemas use.latest.version use.schema.id
      normalize.schemas latest.compatibility.strict key.subject.name.strategy value.subject.name.strategy
      specific.avro.reader avro. json. protobuf. apicurio. max.schemas.per.subject rule.executors
      rule.executors. rule.actions proxy.host proxy.port
    `,
  ],
  ['the Spring framework', 'spring.'],
]

/** Keys that belong to something other than a producer. `fromProperties` ignores them with a warning. */
export const otherClientsKeys: readonly ForeignKey[] = owners.flatMap(([owner, keys]) =>
  keys
    .trim()
    .split(/\s+/)
    .map((name) => ({ name, reason: `it is a setting of ${owner}` })),
)
