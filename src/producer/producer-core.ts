import type { Environment } from '../environment/environment.js'
import type { KafkaError, KafkaErrorDetails, ProducerClosedError } from '../errors.js'
import type { BrokerNode } from '../network/broker-node.js'
import { Cluster } from '../network/cluster.js'
import { COMPRESSION_CODECS } from '../protocol/compression.js'
import { Accumulator } from './accumulator.js'
import type { Batch } from './batch.js'
import type { ResolvedProducerConfig } from './config/config.js'
import type { DeliveryHooks } from './delivery.js'
import { HoldUps } from './hold-ups.js'
import { Identity } from './identity.js'
import { Intake } from './intake.js'
import { networkOptions } from './network-options.js'
import type { Partition } from './partition.js'
import { topicPartitioner } from './partitioner.js'
import { retryBackoffMs } from './retry-backoff.js'
import { Sender } from './sender.js'
import { Settlement } from './settlement.js'
import { sealFailure, topicRecreated } from './settlement-errors.js'
import { Topics } from './topics.js'

/** What the parts of a producer tell the whole. */
export interface ProducerEvents extends DeliveryHooks {
  drained(): void
  connected(node: BrokerNode): void
  disconnected(node: BrokerNode, error: KafkaError | null): void
  throttled(node: BrokerNode, throttleMs: number): void
}

/** The parts of a producer, put together: intake -> accumulator -> sender -> cluster, and back through settlement. */
export class ProducerCore {
  readonly accumulator: Accumulator
  readonly cluster: Cluster
  readonly identity: Identity | null
  readonly intake: Intake
  readonly sender: Sender
  readonly topics: Topics
  readonly #settlement: Settlement

  constructor(config: ResolvedProducerConfig, environment: Environment, events: ProducerEvents) {
    const { clock, random } = environment
    const backoffMs = (failures: number): number => retryBackoffMs(config, failures, random)
    this.accumulator = new Accumulator(
      {
        bufferMemory: config.bufferMemory,
        batchSize: config.batchSize,
        maxRequestSize: config.maxRequestSize,
        compressionType: config.compressionType,
        compressionLevel: config.compressionGzipLevel,
      },
      environment,
      {
        wake: () => this.sender.wake(),
        touch: (topic) => this.cluster.touchTopic(topic),
        undelivered: events.undelivered,
        rethrow: events.rethrow,
        sealFailed: (partition, batch, error) => this.#sealFailed(partition, batch, error),
        drained: events.drained,
      },
    )
    this.cluster = new Cluster(networkOptions(config), environment, {
      metadataUpdated: () => {
        this.topics.update()
        this.sender.wake()
      },
      clusterReplaced: () => this.#clusterReplaced(),
      nodeReady: (node) => {
        events.connected(node)
        this.sender.wake()
      },
      nodeDisconnected: (node, error) => {
        this.topics.disconnected(node.nodeId)
        events.disconnected(node, error)
        // Whoever has something for it asks for another connection.
        this.sender.wake()
      },
      nodeAvailable: () => this.sender.wake(),
      nodeThrottled: events.throttled,
      isTopicInUse: (topic) => this.accumulator.isTopicInUse(topic),
      topicExpired: (topic) => this.topics.expire(topic),
    })
    this.identity = config.enableIdempotence
      ? new Identity(this.cluster, clock, backoffMs, config.requestTimeoutMs, {
          changed: () => this.sender.wake(),
          refused: (error) => this.sender.failUnsent(error),
        })
      : null
    this.#settlement = new Settlement(
      this.accumulator,
      this.cluster,
      this.identity,
      clock,
      { retries: config.retries, backoffMs, deliveryTimeoutMs: config.deliveryTimeoutMs },
      events,
    )
    const holdUps = new HoldUps()
    this.sender = new Sender(
      this.accumulator,
      this.cluster,
      this.identity,
      this.#settlement,
      clock,
      holdUps,
      {
        acks: config.acks,
        lingerMs: config.lingerMs,
        requestTimeoutMs: config.requestTimeoutMs,
        deliveryTimeoutMs: config.deliveryTimeoutMs,
        maxBlockMs: config.maxBlockMs,
        maxRequestSize: config.maxRequestSize,
        compression: COMPRESSION_CODECS[config.compressionType],
        logger: config.logger,
      },
    )
    const { partitioner } = config
    this.topics = new Topics(this.accumulator, this.cluster, environment, holdUps, config.maxBlockMs, {
      partitioner: () =>
        topicPartitioner(
          typeof partitioner === 'string' ? partitioner : 'default',
          config.partitionerIgnoreKeys,
        ),
      choosePartition: (topic, send) => this.intake.choosePartition(topic, send),
      recreated: (partitions) => this.#topicRecreated(partitions),
      expired: (partitions) => this.#leaveIdentity(partitions),
    })
    this.intake = new Intake(this.accumulator, this.topics, environment, {
      maxBlockMs: config.maxBlockMs,
      maxRequestSize: config.maxRequestSize,
      adaptive: config.partitionerAdaptivePartitioningEnable,
      partitioner: typeof partitioner === 'function' ? partitioner : undefined,
    })
  }

  /** Ends everything at once. Records without an outcome fail, and whoever waits for anything else hears `closed`. Idempotent. */
  abort(errorOf: (known: KafkaErrorDetails) => ProducerClosedError, closed: ProducerClosedError): void {
    // Out of their queues first: the memory that comes free would let them in. Told last: they were sent last.
    const waiting = this.topics.takeWaiting()
    this.sender.abort(errorOf)
    for (const send of waiting) send.fail(errorOf({ topic: send.record.topic, possiblyPersisted: false }))
    this.cluster.close(closed)
    this.identity?.close(closed)
  }

  #sealFailed(partition: Partition, batch: Batch, cause: unknown): void {
    partition.remove(batch)
    this.#settlement.fail(partition, batch, sealFailure(partition, batch, cause))
    this.sender.wake()
  }

  /** Producer ids are one cluster's own: in another one they may be somebody else's. */
  #clusterReplaced(): void {
    // Without the ids that they had in the old one: topics of the same names there are not taken for topics that were made anew.
    this.topics.update()
    this.identity?.forget()
    for (const { partitions } of this.accumulator.topics.values()) this.#settlement.startAnew(partitions)
    this.sender.wake()
  }

  /** What is sent to these partitions from now on belongs to another epoch than what was sent. */
  #leaveIdentity(partitions: readonly Partition[]): void {
    for (const { sequence } of partitions)
      if (sequence.state.kind === 'assigned') this.identity?.renew(sequence.state.identity)
  }

  /** Records for a topic that is gone must not land in one that merely has its name. */
  #topicRecreated(partitions: readonly Partition[]): void {
    // A request to the old topic that is still under way must find its sequences out of date, should it reach the new one.
    this.#leaveIdentity(partitions)
    for (const partition of partitions) {
      partition.abandon()
      // Out of their queue first: the memory that the batches give back would let them into batches of the old topic again.
      const waiting = partition.takeWaiting()
      for (const batch of [...partition.queue]) {
        partition.remove(batch)
        this.#settlement.fail(partition, batch, topicRecreated(partition, batch))
      }
      for (const send of waiting) send.fail(topicRecreated(partition, null))
    }
  }
}
