import type { ResolvedProducerConfig } from '../config/config.js'
import { networkOptions } from '../config/to-network-options.js'
import type { Clock } from '../environment/clock.js'
import { codecs } from '../environment/codecs.js'
import type { Environment } from '../environment/environment.js'
import type { KafkaError, KafkaErrorDetails, ProducerClosedError } from '../errors.js'
import type { Broker } from '../network/broker/broker.js'
import { Accumulator } from './accumulator/accumulator.js'
import type { Batch } from './accumulator/batch.js'
import { sealFailure, topicRecreated } from './accumulator/batch-errors.js'
import type { Partition } from './accumulator/partition.js'
import { observedBy } from './accumulator/producer-observer.js'
import { Traffic } from './accumulator/traffic.js'
import { Identity } from './idempotence/identity.js'
import { type ProducerIdSource, withoutProducerId } from './idempotence/producer-id-source.js'
import { Intake } from './intake/intake.js'
import type { RecordStage } from './intake/serialization.js'
import { Topics } from './intake/topics.js'
import { topicPartitioner } from './partitioner/partitioner.js'
import type { MakeCluster, ProducerCluster } from './producer-cluster.js'
import type { ProducerRecord } from './record.js'
import { retryBackoffMs } from './sender/retry-backoff.js'
import { Sender } from './sender/sender.js'
import type { DeliveryListener } from './settlement/delivery.js'
import { DeliveryLog } from './settlement/delivery-log.js'
import { SequenceRecovery } from './settlement/sequence-recovery.js'
import { Settlement } from './settlement/settlement.js'

/**
 * Milliseconds for the producer id in a `connect` whose deadline has passed during a stall of this process.
 */
const AFTER_STALL_MS = 1_000

/** Hears the events of a producer's parts. */
export interface ProducerListener extends DeliveryListener {
  drained(): void
  connected(node: Broker): void
  disconnected(node: Broker, error: KafkaError | null): void
  throttled(node: Broker, throttleMs: number): void
}

/**
 * The connected parts of a producer: intake -> accumulator -> sender -> cluster, and back through settlement.
 */
export class ProducerCore {
  readonly accumulator: Accumulator
  readonly cluster: ProducerCluster
  readonly producerIds: ProducerIdSource
  readonly intake: Intake
  /** The stage that a record enters first. */
  readonly firstStage: RecordStage<ProducerRecord>
  readonly sender: Sender
  readonly topics: Topics
  /** Figures of the producer's work. */
  readonly traffic: Traffic = new Traffic()
  readonly #recovery: SequenceRecovery
  readonly #settlement: Settlement

  constructor(
    config: ResolvedProducerConfig,
    environment: Environment,
    makeCluster: MakeCluster,
    listener: ProducerListener,
  ) {
    const { clock, random } = environment
    const codec = codecs[config.compressionType]
    const observer = observedBy([this.traffic, new DeliveryLog(config.logger)])
    const backoffMs = (failures: number): number => retryBackoffMs(config, failures, random)
    this.accumulator = new Accumulator(
      {
        bufferMemory: config.bufferMemory,
        waitingMemory: config.waitingMemory,
        batchSize: config.batchSize,
        maxRequestSize: config.maxRequestSize,
        compressionType: config.compressionType,
        compressionLevel: codec.levelKey === null ? 0 : config[codec.levelKey],
        availabilityTimeoutMs: config.partitionerAvailabilityTimeoutMs,
      },
      environment,
      {
        wake: () => this.sender.wake(),
        touch: (topic) => this.cluster.touchTopic(topic),
        undelivered: listener.undelivered,
        rethrow: listener.rethrow,
        sealFailed: (partition, batch, error) => this.#sealFailed(partition, batch, error),
        drained: listener.drained,
      },
      observer,
    )
    this.traffic.accumulator = this.accumulator
    this.cluster = makeCluster(networkOptions(config, environment), environment, {
      metadataUpdated: () => {
        this.topics.update()
        this.sender.wake()
      },
      clusterReplaced: () => this.#clusterReplaced(),
      nodeReady: (node) => {
        listener.connected(node)
        this.sender.wake()
      },
      nodeDisconnected: (node, error) => {
        this.topics.disconnected(node.nodeId)
        listener.disconnected(node, error)
        // The sender connects again if there is something to send.
        this.sender.wake()
      },
      refused: (error) => this.sender.failWaiting(error, 'all'),
      nodeAvailable: () => this.sender.wake(),
      nodeThrottled: listener.throttled,
      isTopicInUse: (topic) => this.accumulator.isTopicInUse(topic),
      topicExpired: (topic) => this.topics.expire(topic),
    })
    this.producerIds = config.enableIdempotence
      ? new Identity(
          this.cluster,
          clock,
          { backoffMs, searchMs: config.requestTimeoutMs, logger: config.logger },
          {
            changed: () => this.sender.wake(),
            refused: (error) => this.sender.failWaiting(error, 'unstamped'),
          },
        )
      : withoutProducerId
    this.#recovery = new SequenceRecovery(this.producerIds, (partition, batch, error) =>
      this.#settlement.fail(partition, batch, error),
    )
    const { accumulator, cluster, producerIds } = this
    const recovery = this.#recovery
    this.#settlement = new Settlement(
      { accumulator, cluster, producerIds, recovery, clock, listener, observer },
      { retries: config.retries, backoffMs, deliveryTimeoutMs: config.deliveryTimeoutMs },
    )
    const settlement = this.#settlement
    this.sender = new Sender(
      { accumulator, cluster, producerIds, settlement, recovery, clock, observer },
      {
        acks: config.acks,
        lingerMs: config.lingerMs,
        lingerIsGiven: config.lingerIsGiven,
        requestTimeoutMs: config.requestTimeoutMs,
        deliveryTimeoutMs: config.deliveryTimeoutMs,
        maxBlockMs: config.maxBlockMs,
        maxRequestSize: config.maxRequestSize,
        codec,
        transactionalId: config.transactionalId,
        logger: config.logger,
      },
    )
    const { partitioner, clientRack } = config
    this.topics = new Topics({ accumulator, cluster, environment }, config.maxBlockMs, {
      partitioner: () =>
        topicPartitioner(
          typeof partitioner === 'string' ? partitioner : 'default',
          config.partitionerIgnoreKeys,
        ),
      adaptive: config.partitionerAdaptivePartitioningEnable,
      isLocal: config.partitionerRackAware ? (leaderId) => cluster.node(leaderId)?.rack === clientRack : null,
      choosePartition: (topic, send) => this.intake.choosePartition(topic, send),
      recreated: (partitions) => this.#topicRecreated(partitions),
      expired: (partitions) => this.#leaveIdentity(partitions),
    })
    this.intake = new Intake(this.accumulator, this.topics, environment, {
      maxRequestSize: config.maxRequestSize,
      adaptive: config.partitionerAdaptivePartitioningEnable,
      partitioner: typeof partitioner === 'function' ? partitioner : undefined,
      logger: config.logger,
    })
    this.firstStage = this.intake
  }

  /** Connects to a broker, and gets a producer id if one is needed. */
  async connect(deadlineMs: number, clock: Clock): Promise<void> {
    await this.cluster.ready(deadlineMs)
    const leftMs = deadlineMs - clock.now()
    // No time is left if this process stalled meanwhile. The brokers are not to blame for that.
    await this.producerIds.obtain(leftMs >= 0 ? leftMs : AFTER_STALL_MS)
  }

  /**
   * Ends everything at once. Records without an outcome fail, and all other waits reject with `closed`.
   * Idempotent.
   */
  abort(errorOf: (known: KafkaErrorDetails) => ProducerClosedError, closed: ProducerClosedError): void {
    // Taken out first: the memory of failed batches would admit them. Notified last: they were sent last.
    const waiting = this.topics.takeWaiting()
    this.sender.abort(errorOf)
    for (const send of waiting) send.fail(errorOf({ topic: send.topic, possiblyPersisted: false }))
    this.cluster.close(closed)
    this.producerIds.close(closed)
  }

  #sealFailed(partition: Partition, batch: Batch, cause: unknown): void {
    partition.remove(batch)
    this.#settlement.fail(partition, batch, sealFailure(partition, batch, cause))
    this.sender.wake()
  }

  /**
   * Starts all partitions anew. A producer id belongs to one cluster: in another it may be another
   * producer's.
   */
  #clusterReplaced(): void {
    // First, and without the old topic ids: topics of the new cluster with the same names are not taken for
    // recreated ones.
    this.topics.update()
    this.producerIds.forget()
    for (const { partitions } of this.accumulator.topics.values())
      for (const partition of partitions) this.#recovery.startAnew(partition)
    this.sender.wake()
  }

  /**
   * Raises the epoch, so that later records for these partitions belong to another epoch than earlier ones.
   */
  #leaveIdentity(partitions: readonly Partition[]): void {
    for (const { sequence } of partitions)
      if (sequence.state.kind === 'assigned') this.producerIds.renew(sequence.state.identity)
  }

  /**
   * Fails the records for a topic that is gone. They must not go to a topic that merely has the same name.
   */
  #topicRecreated(partitions: readonly Partition[]): void {
    // A request to the old topic may still be under way. If it reaches the new one, its sequences must be out
    // of date.
    this.#leaveIdentity(partitions)
    for (const partition of partitions) {
      partition.abandon()
      // Taken out first: the memory of failed batches would admit these records into batches of the old
      // topic.
      const waiting = partition.waiting.takeAll()
      for (const batch of [...partition.queue]) {
        partition.remove(batch)
        this.#settlement.fail(partition, batch, topicRecreated(partition, batch))
      }
      for (const send of waiting) send.fail(topicRecreated(partition, null))
    }
  }
}
