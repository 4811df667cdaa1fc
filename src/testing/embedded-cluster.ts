import type { VersionRange } from '../protocol/api.js'
import { brokerError } from '../protocol/broker-error.js'
import { Broker } from './broker.js'
import { checkClusterOptions } from './check-cluster-options.js'
import { ClusterActivity } from './cluster-activity.js'
import { ClusterConfig } from './cluster-config.js'
import type { ClusterEnvironment, EmbeddedClusterOptions } from './cluster-options.js'
import { ClusterState, type NewTopic } from './cluster-state.js'
import type { Fault, RequestMatch } from './fault.js'
import { RequestFaults } from './faults.js'
import { type Interceptor, InterceptorList } from './interceptor.js'
import { LeaderElection } from './leader-election.js'
import { nodeClusterEnvironment } from './node-cluster-environment.js'
import type { BrokerEvent, LoggedRequest } from './request-log.js'
import { type ApiName, servedApis } from './served-apis.js'
import { readBatch, type StoredRecord } from './stored-record.js'

/**
 * Brokers in this process that speak Kafka's protocol over loopback TCP and check what they are sent as Kafka does. Logs are in memory;
 * they can still be read after `close()`. Batches compressed with gzip are unpacked and checked; those of other codecs are
 * stored and served unread.
 *
 * Faults that are for requests take a {@link RequestMatch}, strike once unless told otherwise, and return a {@link Fault} to look at or
 * to end; those that are for brokers, partitions and topics happen at once.
 */
export class EmbeddedCluster {
  readonly #state: ClusterState
  readonly #brokers = new Map<number, Broker>()
  readonly #interceptors = new InterceptorList()
  readonly #faults: RequestFaults
  readonly #activity: ClusterActivity
  readonly #election: LeaderElection
  readonly #apiKeys: ReadonlyMap<string, number>
  readonly #ports = new Map<number, number>()

  /** @throws ConfigError or RangeError for an option that cannot be used; the system's error if a port is taken */
  static async start(options: EmbeddedClusterOptions = {}): Promise<EmbeddedCluster> {
    checkClusterOptions(options)
    const cluster = new EmbeddedCluster(options, options.environment ?? nodeClusterEnvironment)
    try {
      await cluster.#open(options.port ?? 0)
      for (const topic of options.topics ?? []) {
        cluster.createTopic(typeof topic === 'string' ? { topic } : topic)
      }
    } catch (error) {
      await cluster.close()
      throw error
    }
    return cluster
  }

  private constructor(options: EmbeddedClusterOptions, environment: ClusterEnvironment) {
    const { brokers = 1 } = options
    if (!Number.isInteger(brokers) || brokers < 1 || brokers > 100) {
      throw new RangeError(`brokers is ${brokers}: it must be a whole number from 1 to 100`)
    }
    const { clock, random, listen } = environment
    const state = new ClusterState(new ClusterConfig(options.config ?? {}, brokers), clock, random)
    this.#activity = new ClusterActivity(clock)
    const apis = servedApis({ cluster: state, interceptors: this.#interceptors, activity: this.#activity })
    this.#state = state
    this.#election = new LeaderElection(state)
    this.#apiKeys = new Map([...apis.values()].map(({ name, key }) => [name, key]))
    this.#faults = new RequestFaults(this.#interceptors, (key) => apis.get(key)?.name)
    const services = { cluster: state, interceptors: this.#interceptors, activity: this.#activity, apis }
    for (let nodeId = 1; nodeId <= brokers; nodeId++) {
      this.#brokers.set(nodeId, new Broker(nodeId, services, listen))
    }
  }

  async #open(port: number): Promise<void> {
    for (const [nodeId, broker] of this.#brokers) {
      const opened = await broker.start(port === 0 ? 0 : port + nodeId - 1)
      this.#ports.set(nodeId, opened.port)
      this.#state.nodes.set(nodeId, { id: nodeId, up: true, host: opened.host, port: opened.port })
    }
  }

  /** `host:port` of every broker, separated by commas: those that are down as well. */
  get bootstrapServers(): string {
    return [...this.#ports.values()].map((port) => `127.0.0.1:${port}`).join(',')
  }

  /** Every record of a topic: partition by partition, each in the order of its offsets. Empty for a topic that does not exist. */
  records(topic: string): StoredRecord[] {
    return [...this.iterateRecords(topic)]
  }

  /**
   * The same one by one, each made when it is asked for: for topics of millions of records.
   *
   * @throws RangeError at a batch whose codec cannot be read here
   */
  *iterateRecords(topic: string, partition?: number): IterableIterator<StoredRecord> {
    for (const { index, log } of this.#state.topics.named(topic)?.partitions ?? []) {
      if (partition !== undefined && partition !== index) continue
      for (const batch of log.batches()) {
        for (const record of readBatch(topic, index, batch)) {
          if (record.offset >= BigInt(log.startOffset)) yield record
        }
      }
    }
  }

  /** The newest 20,000 requests that the brokers have read, oldest first, whatever became of them. */
  requests(): LoggedRequest[] {
    return this.#activity.requests()
  }

  /** The newest 20,000 things that brokers did and no answer tells: connections closed on a fault, why a batch was refused, and such. */
  events(): BrokerEvent[] {
    return this.#activity.events()
  }

  /** Forgets the requests and events so far. */
  clearRequests(): void {
    this.#activity.clear()
  }

  /** Stops every broker and ends every connection. May be called more than once. */
  async close(): Promise<void> {
    this.#election.cancelAll()
    this.#interceptors.clear()
    await Promise.all([...this.#brokers.values()].map((broker) => broker.stop()))
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /**
   * Answers with an error, by Kafka's name or number, for the parts of the request that match. With `afterHandling` the request has had
   * its effect: a Produce request is in the log when its answer says that it failed.
   */
  failRequests(
    match: RequestMatch,
    error: string | number,
    options: { afterHandling?: boolean } = {},
  ): Fault {
    return this.#faults.fail(match, error, options.afterHandling ?? false)
  }

  /** Handles requests that much later. Those behind them on their connections wait too, as with every delay. */
  delayRequests(match: RequestMatch, delayMs: number): Fault {
    return this.#faults.delayRequests(match, delayMs)
  }

  /** Handles requests at once and answers that much later. */
  delayAnswers(match: RequestMatch, delayMs: number): Fault {
    return this.#faults.delayAnswers(match, delayMs)
  }

  /** Handles requests, appends included, and closes the connection instead of answering. */
  dropAnswers(match: RequestMatch): Fault {
    return this.#faults.dropAnswers(match)
  }

  /**
   * Closes the connection when the first `atByte` bytes of a request have come, its size field included; it is not handled. From the
   * frame's last byte on the request is whole: it is handled, and the connection closed instead of an answer.
   */
  cutRequests(match: RequestMatch, atByte: number): Fault {
    return this.#faults.cutRequests(match, atByte)
  }

  /** Handles requests, sends the first `atByte` bytes of each answer, and ends the connection. */
  cutAnswers(match: RequestMatch, atByte: number): Fault {
    return this.#faults.cutAnswers(match, atByte)
  }

  /** Never answers, and keeps the connection open; with `handle`, requests have their effect. What is behind them waits for ever. */
  ignoreRequests(match: RequestMatch, options: { handle?: boolean } = {}): Fault {
    return this.#faults.ignore(match, options.handle ?? false)
  }

  /** Tells clients to keep quiet for so long, and reads nothing more from their connections meanwhile (KIP-219). */
  throttle(match: RequestMatch, throttleTimeMs: number): Fault {
    return this.#faults.throttle(match, throttleTimeMs)
  }

  /** Leaves a topic out of the next Metadata answers that would tell of it, as a broker does that has just started. */
  omitFromMetadata(topic: string, times = 1): Fault {
    return this.#faults.omitFromMetadata(topic, times)
  }

  /** Any other fault: looks at every request at the points an {@link Interceptor} has. Returns the way to end it. */
  intercept(interceptor: Interceptor): () => void {
    return this.#interceptors.add(interceptor)
  }

  /**
   * Takes a broker down: its connections end, its port refuses, and others lead its partitions. With `failoverMs` it was killed and is
   * missed that much later, or when it comes back. A partition that nobody has taken over knows then of each producer only the last batch.
   */
  async stopBroker(nodeId: number, options: { failoverMs?: number } = {}): Promise<void> {
    const broker = this.#broker(nodeId)
    this.#election.nodeDown(nodeId, options.failoverMs ?? 0)
    await broker.stop()
  }

  /** Brings a broker back on its port. */
  async startBroker(nodeId: number): Promise<void> {
    const broker = this.#broker(nodeId)
    await broker.start(this.#ports.get(nodeId) ?? 0)
    this.#election.nodeUp(nodeId)
  }

  /** A broker reads nothing more, on connections that stay open and new ones, as a process that is stopped (SIGSTOP). */
  pauseBroker(nodeId: number): void {
    this.#broker(nodeId).pause()
  }

  /** It goes on with what has come meanwhile (SIGCONT). */
  resumeBroker(nodeId: number): void {
    this.#broker(nodeId).resume()
  }

  /** Ends a broker's connections, or those of all brokers; clients may connect again at once. */
  closeConnections(nodeId?: number): void {
    const brokers = nodeId === undefined ? this.#brokers.values() : [this.#broker(nodeId)]
    for (const broker of brokers) broker.closeConnections()
  }

  /** Changes where metadata tells clients to find a broker. */
  advertise(nodeId: number, address: { readonly host?: string; readonly port?: number }): void {
    this.#broker(nodeId)
    this.#state.advertise(nodeId, address)
  }

  /** Makes a broker the leader of a partition, with a new epoch. */
  moveLeader(topic: string, partition: number, nodeId: number): void {
    this.#broker(nodeId)
    this.#state.moveLeader(this.#state.topics.requirePartition(topic, partition), nodeId)
  }

  /** The node that leads a partition; -1 if none does. */
  leaderOf(topic: string, partition: number): number {
    return this.#state.topics.requirePartition(topic, partition).leader
  }

  /** All partitions, or those of one topic, forget a producer, as after `producer.id.expiration.ms`. */
  expireProducerId(producerId: bigint, topic?: string): void {
    const partitions =
      topic === undefined ? this.#state.topics.partitions() : this.#state.topics.require(topic).partitions
    for (const { log } of partitions) log.producers.expire(producerId)
  }

  /** The epoch that comes with producer ids from now on: 0 unless set, 32,767 at the most. */
  startProducerEpochsAt(epoch: number): void {
    if (!Number.isInteger(epoch) || epoch < 0 || epoch > 0x7fff) throw new RangeError(`${epoch} is no epoch`)
    this.#state.firstProducerEpoch = epoch
  }

  /** Deletes the records before an offset: the log starts there. */
  deleteRecords(topic: string, partition: number, beforeOffset: bigint): void {
    this.#state.topics.requirePartition(topic, partition).log.deleteBefore(Number(beforeOffset))
  }

  /** @throws KafkaError as a CreateTopics request would be answered */
  createTopic(topic: NewTopic): void {
    const created = this.#state.createTopic(topic)
    if (created.topic !== null) return
    const { errorCode, message } = created
    throw brokerError(errorCode, { api: 'CreateTopics', topic: topic.topic, brokerMessage: message })
  }

  deleteTopic(topic: string): void {
    this.#state.topics.remove(this.#state.topics.require(topic))
  }

  /** Deletes a topic and creates it again, empty and with a new id. */
  recreateTopic(name: string): void {
    const { partitions, config } = this.#state.topics.require(name)
    this.deleteTopic(name)
    const assignments = partitions.map(({ replicas }) => replicas)
    this.createTopic({ topic: name, assignments, configs: Object.fromEntries(config.given) })
  }

  /** Adds partitions up to `count` in all. */
  addPartitions(topic: string, count: number): void {
    const refused = this.#state.addPartitions(this.#state.topics.require(topic), count)
    if (refused !== null) throw new RangeError(refused)
  }

  /** The versions of an API that brokers admit to and serve from now on; null takes the limit away, an empty range the API. */
  limitVersions(api: ApiName, range: VersionRange | null): void {
    const key = this.#apiKeys.get(api)
    if (key === undefined) throw new RangeError(`no API called ${api} is served`)
    if (range === null) this.#state.versionLimits.delete(key)
    else this.#state.versionLimits.set(key, range)
  }

  #broker(nodeId: number): Broker {
    const broker = this.#brokers.get(nodeId)
    if (broker === undefined) throw new RangeError(`there is no broker ${nodeId}`)
    return broker
  }
}
