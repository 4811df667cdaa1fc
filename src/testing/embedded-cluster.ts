import { showAs } from '../printing.js'
import type { VersionRange } from '../protocol/api.js'
import { brokerError } from '../protocol/broker-error.js'
import { Broker } from './broker.js'
import { BrokerSet } from './broker-set.js'
import { checkClusterOptions, checkedTopic } from './check-cluster-options.js'
import { requireApi, requireCount } from './check-match.js'
import { ClusterActivity } from './cluster-activity.js'
import { ClusterConfig } from './cluster-config.js'
import type { AdvertisedAddress, EmbeddedClusterOptions } from './cluster-options.js'
import { ClusterState, type NewTopic } from './cluster-state.js'
import { clusterView } from './cluster-view.js'
import type { Fault, RequestMatch } from './fault.js'
import { RequestFaults } from './faults.js'
import { type Interceptor, InterceptorList } from './interceptor.js'
import { LeaderElection } from './leader-election.js'
import type { Listen } from './listen.js'
import { nodeClusterEnvironment } from './node-cluster-environment.js'
import type { BrokerEvent, LoggedRequest } from './request-log.js'
import { SaslServer } from './sasl/sasl-server.js'
import { type ApiName, servedApis } from './served-apis.js'
import { readLog, type StoredRecord } from './stored-record.js'
import { TlsServer } from './tls-server.js'
import { refuseUnknownFields } from './unknown-name.js'

/**
 * Brokers in this process that speak Kafka's protocol over loopback TCP and check requests as Kafka does.
 * Logs are in memory and can be read after `close()`. Batches of codecs other than gzip are stored unread.
 *
 * A fault for requests takes a {@link RequestMatch} and strikes once by default. It returns a {@link Fault},
 * which counts its hits. Faults of brokers, partitions and topics happen at once.
 */
export class EmbeddedCluster {
  /** The users and their logins; null if the cluster was started without `sasl`. */
  readonly sasl: SaslServer | null
  /** The TLS of the brokers; null if the cluster was started without `tls`. */
  readonly tls: TlsServer | null
  readonly #state: ClusterState
  readonly #brokers: BrokerSet
  readonly #interceptors = new InterceptorList()
  readonly #faults: RequestFaults
  readonly #activity: ClusterActivity
  readonly #election: LeaderElection
  readonly #apiKeys: ReadonlyMap<string, number>

  static {
    showAs(EmbeddedCluster.prototype, 'EmbeddedCluster', (cluster) =>
      clusterView(cluster.#brokers, cluster.#state.topics),
    )
  }

  /** @throws ConfigError or RangeError for an invalid option; the system's error if a port is in use */
  static async start(options: EmbeddedClusterOptions = {}): Promise<EmbeddedCluster> {
    checkClusterOptions(options)
    const cluster = new EmbeddedCluster(options)
    try {
      await cluster.#open(options.port ?? 0)
      for (const topic of options.topics ?? []) cluster.createTopic(topic)
    } catch (error) {
      await cluster.close()
      throw error
    }
    return cluster
  }

  private constructor(options: EmbeddedClusterOptions) {
    const { brokers = 1, autoCreation = 'immediate' } = options
    const { clock, random, listen } = options.environment ?? nodeClusterEnvironment()
    const config = new ClusterConfig(options.config ?? {}, brokers)
    this.sasl = options.sasl === undefined ? null : new SaslServer(options.sasl, clock, random)
    this.tls = options.tls === undefined ? null : new TlsServer(options.tls, clock, brokers)
    const state = new ClusterState(config, clock, random, autoCreation, this.sasl)
    this.#activity = new ClusterActivity(clock)
    const apis = servedApis({ cluster: state, interceptors: this.#interceptors, activity: this.#activity })
    this.#state = state
    this.#election = new LeaderElection(state)
    this.#apiKeys = new Map([...apis.values()].map(({ name, key }) => [name, key]))
    this.#faults = new RequestFaults(this.#interceptors, { apis: this.#apiKeys, brokers })
    const services = { cluster: state, interceptors: this.#interceptors, activity: this.#activity, apis }
    const listenFor = (nodeId: number): Listen => this.tls?.listenFor(nodeId) ?? listen
    this.#brokers = new BrokerSet(brokers, (nodeId) => new Broker(nodeId, services, listenFor(nodeId)))
  }

  async #open(firstPort: number): Promise<void> {
    await this.#brokers.open(firstPort, (nodeId, at) => this.#state.nodeOpened(nodeId, at))
  }

  /** `host:port` of every broker, separated by commas. Brokers that are down are included. */
  get bootstrapServers(): string {
    return this.#brokers.addresses().join(',')
  }

  /** Every record of a topic, by partition and offset. Empty if the topic does not exist. */
  records(topic: string): StoredRecord[] {
    return [...this.iterateRecords(topic)]
  }

  /**
   * Like `records`, but makes each record only when it is asked for. For topics of millions of records.
   *
   * @throws RangeError at a batch with a codec that the embedded cluster cannot read
   */
  *iterateRecords(topic: string, partition?: number): IterableIterator<StoredRecord> {
    for (const { index, log } of this.#state.topics.named(topic)?.partitions ?? [])
      if (partition === undefined || partition === index) yield* readLog(topic, index, log)
  }

  /** The newest 20,000 requests that the brokers have read, answered or not, oldest first. */
  requests(): LoggedRequest[] {
    return this.#activity.requests()
  }

  /** The newest 20,000 events that no response shows, such as closed connections, oldest first. */
  events(): BrokerEvent[] {
    return this.#activity.events()
  }

  /** Forgets the requests and events so far. */
  clearRequests(): void {
    this.#activity.clear()
  }

  /** Stops every broker and ends every connection. A second call changes nothing. */
  async close(): Promise<void> {
    this.#election.cancelAll()
    this.#interceptors.clear()
    await this.#brokers.stop()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /**
   * Answers the matching parts of requests with an error, by Kafka's name or number. With `afterHandling`
   * they take effect first: batches are in the log although they are said to have failed.
   */
  failRequests(
    match: RequestMatch,
    error: string | number,
    options: { afterHandling?: boolean | undefined } = {},
  ): Fault {
    return this.#faults.fail(match, error, options)
  }

  /** Handles requests later by `delayMs`. The requests behind them on the connection wait too. */
  delayRequests(match: RequestMatch, delayMs: number): Fault {
    return this.#faults.delayRequests(match, delayMs)
  }

  /** Handles requests at once and answers them later by `delayMs`. */
  delayAnswers(match: RequestMatch, delayMs: number): Fault {
    return this.#faults.delayAnswers(match, delayMs)
  }

  /** Handles requests, appends included, and closes the connection instead of answering. */
  dropAnswers(match: RequestMatch): Fault {
    return this.#faults.dropAnswers(match)
  }

  /**
   * Closes the connection when the first `atByte` bytes of a request have arrived, the size field included.
   * The request is handled only if these are all of its bytes.
   */
  cutRequests(match: RequestMatch, atByte: number): Fault {
    return this.#faults.cutRequests(match, atByte)
  }

  /** Handles requests, sends the first `atByte` bytes of each response, and ends the connection. */
  cutAnswers(match: RequestMatch, atByte: number): Fault {
    return this.#faults.cutAnswers(match, atByte)
  }

  /** Never answers requests, nor those behind them on the connection. With `handle` they take effect. */
  ignoreRequests(match: RequestMatch, options: { handle?: boolean | undefined } = {}): Fault {
    return this.#faults.ignore(match, options)
  }

  /** Answers with a throttle time, and reads nothing from the connection until it is over (KIP-219). */
  throttle(match: RequestMatch, throttleTimeMs: number): Fault {
    return this.#faults.throttle(match, throttleTimeMs)
  }

  /** Leaves a topic out of the next `times` Metadata responses, like a broker that has just started. */
  omitFromMetadata(topic: string, times = 1): Fault {
    return this.#faults.omitFromMetadata(topic, times)
  }

  /** Adds an {@link Interceptor}, which can make any other fault. Returns a function that removes it. */
  intercept(interceptor: Interceptor): () => void {
    return this.#interceptors.add(interceptor)
  }

  /**
   * Stops a broker: its connections end, its port refuses, and other brokers lead its partitions. With
   * `failoverMs` it is killed: others lead only after this time, or when it starts again. A partition that
   * nobody else leads then remembers only the last batch of each producer.
   */
  async stopBroker(nodeId: number, options: { failoverMs?: number | undefined } = {}): Promise<void> {
    refuseUnknownFields(options, ['failoverMs'], 'option')
    const { failoverMs = 0 } = options
    requireCount('failoverMs', failoverMs)
    const broker = this.#brokers.require(nodeId)
    this.#election.nodeDown(nodeId, failoverMs)
    await broker.stop()
  }

  /** Starts a stopped broker on its old port. */
  async startBroker(nodeId: number): Promise<void> {
    await this.#brokers.restart(nodeId)
    this.#election.nodeUp(nodeId)
  }

  /** Makes a broker stop reading, like SIGSTOP. Connections stay open, and new ones are accepted. */
  pauseBroker(nodeId: number): void {
    this.#brokers.require(nodeId).pause()
  }

  /** Makes a paused broker read again, like SIGCONT. It handles the requests that have arrived. */
  resumeBroker(nodeId: number): void {
    this.#brokers.require(nodeId).resume()
  }

  /** Ends the connections of a broker, or of all brokers. Clients may connect again at once. */
  closeConnections(nodeId?: number): void {
    const brokers = nodeId === undefined ? this.#brokers : [this.#brokers.require(nodeId)]
    for (const broker of brokers) broker.closeConnections()
  }

  /** Changes the address of a broker in metadata. */
  advertise(nodeId: number, address: AdvertisedAddress): void {
    this.#brokers.require(nodeId)
    refuseUnknownFields(address, ['host', 'port'], 'part of an address')
    this.#state.advertise(nodeId, address)
  }

  /** Makes a broker the leader of a partition, with a new epoch. */
  moveLeader(topic: string, partition: number, nodeId: number): void {
    this.#brokers.require(nodeId)
    this.#state.moveLeader(this.#state.topics.requirePartition(topic, partition), nodeId)
  }

  /** The node that leads a partition; -1 if none does. */
  leaderOf(topic: string, partition: number): number {
    return this.#state.topics.requirePartition(topic, partition).leader
  }

  /** Makes all partitions, or those of one topic, forget a producer, as after `producer.id.expiration.ms`. */
  expireProducerId(producerId: bigint, topic?: string): void {
    const partitions =
      topic === undefined ? this.#state.topics.partitions() : this.#state.topics.require(topic).partitions
    for (const { log } of partitions) log.producers.expire(producerId)
  }

  /** Sets the epoch of new producer ids, from 0 to 32,767. It is 0 by default. */
  startProducerEpochsAt(epoch: number): void {
    if (!Number.isInteger(epoch) || epoch < 0 || epoch > 0x7fff) throw new RangeError(`${epoch} is no epoch`)
    this.#state.firstProducerEpoch = epoch
  }

  /** Deletes the records before an offset. The log then starts at that offset. */
  deleteRecords(topic: string, partition: number, beforeOffset: bigint): void {
    this.#state.topics.requirePartition(topic, partition).log.deleteBefore(Number(beforeOffset))
  }

  /** @throws ConfigError for an unknown field; KafkaError with the error of a CreateTopics response */
  createTopic(topic: string | NewTopic): void {
    const wanted = checkedTopic(topic)
    const created = this.#state.createTopic(wanted)
    if (created.topic !== null) return
    const { errorCode, message } = created
    throw brokerError(errorCode, { api: 'CreateTopics', topic: wanted.topic, brokerMessage: message })
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

  /** Adds partitions to a topic until there are `count`. */
  addPartitions(topic: string, count: number): void {
    const refused = this.#state.addPartitions(this.#state.topics.require(topic), count)
    if (refused !== null) throw new RangeError(refused)
  }

  /** Limits the advertised and served versions of an API. Null: no limit. An empty range: no API. */
  limitVersions(api: ApiName, range: VersionRange | null): void {
    const key = requireApi(api, this.#apiKeys)
    if (range === null) this.#state.versionLimits.delete(key)
    else this.#state.versionLimits.set(key, range)
  }
}
