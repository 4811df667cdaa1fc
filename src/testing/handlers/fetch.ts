import { Buffer } from 'node:buffer'
import { ErrorCode } from '../../protocol/error-codes.js'
import {
  Fetch,
  type FetchPartition,
  type FetchPartitionResult,
  type FetchRequest,
  type FetchResponse,
  type FetchTopic,
} from '../../protocol/fetch.js'
import type { NodeEndpoint } from '../../protocol/leader-hint.js'
import type { Handler, HandlerContext } from '../handler.js'
import type { Exchange } from '../interceptor.js'
import { leadershipError } from '../leadership.js'
import type { Partition, Topic } from '../topic-table.js'

/** Every fetch is a full one. Session id 0 in the response says that there is no session (KIP-227). */
const NO_SESSION = 0

export function fetchHandler(context: HandlerContext): Handler<FetchRequest, FetchResponse> {
  const { cluster } = context
  const topicOf = ({ topic, topicId }: FetchTopic): Topic | undefined =>
    topic === '' ? cluster.topics.withId(topicId) : cluster.topics.named(topic)
  return {
    api: Fetch,
    parts: (request) =>
      request.topics.flatMap((asked) =>
        asked.partitions.map(({ partition }) => ({ topic: topicOf(asked)?.name ?? asked.topic, partition })),
      ),
    handle(request, exchange, answer) {
      if (request.sessionId !== NO_SESSION && request.sessionEpoch > 0) {
        answer(response(exchange, ErrorCode.FETCH_SESSION_ID_NOT_FOUND, [], []))
        return
      }
      const injected = injectedErrors(context, request, exchange, topicOf)
      new WaitingFetch(context, request, exchange, topicOf, injected, answer).start()
    },
  }
}

type TopicOf = (asked: FetchTopic) => Topic | undefined

/** Asks the interceptors once for the whole request, although a waiting fetch reads several times. */
function injectedErrors(
  { interceptors }: HandlerContext,
  request: FetchRequest,
  exchange: Exchange,
  topicOf: TopicOf,
): ReadonlyMap<FetchPartition, number> {
  const errors = new Map<FetchPartition, number>()
  for (const asked of request.topics) {
    const topic = topicOf(asked)?.name ?? asked.topic
    for (const partition of asked.partitions) {
      const error = interceptors.partError(exchange, { topic, partition: partition.partition })
      if (error !== undefined) errors.set(partition, error)
    }
  }
  return errors
}

/**
 * A fetch that waits. It is answered when there is enough to read, when there is an error, or when its time
 * is over.
 */
class WaitingFetch {
  readonly #context: HandlerContext
  readonly #request: FetchRequest
  readonly #exchange: Exchange
  readonly #topicOf: TopicOf
  readonly #injected: ReadonlyMap<FetchPartition, number>
  readonly #answer: (response: FetchResponse) => void
  #stopWatching: (() => void)[] = []
  #done = false

  constructor(
    context: HandlerContext,
    request: FetchRequest,
    exchange: Exchange,
    topicOf: TopicOf,
    injected: ReadonlyMap<FetchPartition, number>,
    answer: (response: FetchResponse) => void,
  ) {
    this.#context = context
    this.#request = request
    this.#exchange = exchange
    this.#topicOf = topicOf
    this.#injected = injected
    this.#answer = answer
  }

  start(): void {
    if (this.#tryAnswer(this.#request.maxWaitMs <= 0)) return
    const timer = this.#context.cluster.clock.setTimer(this.#request.maxWaitMs, () => this.#tryAnswer(true))
    this.#stopWatching.push(() => timer.cancel())
    for (const asked of this.#request.topics) {
      for (const { partition } of asked.partitions) this.#watch(asked, partition)
    }
    // This calls back at once if the connection ended before the request was handled.
    this.#exchange.onClosed(() => this.#finish())
  }

  #watch(asked: FetchTopic, index: number): void {
    const partition = this.#topicOf(asked)?.partitions[index]
    const stop = partition?.onChange(() => {
      if (!this.#done && !this.#tryAnswer(false)) this.#watch(asked, index)
    })
    if (stop !== undefined) this.#stopWatching.push(stop)
  }

  #tryAnswer(now: boolean): boolean {
    const read = new FetchRead(this.#context, this.#request, this.#exchange, this.#injected)
    const topics = this.#request.topics.map((asked) => read.topic(asked, this.#topicOf(asked)))
    const enough = read.failed || read.bytes >= this.#request.minBytes || topics.length === 0
    if (!now && !enough) return false
    this.#finish()
    this.#answer(response(this.#exchange, ErrorCode.NONE, topics, [...read.endpoints.values()]))
    return true
  }

  #finish(): void {
    this.#done = true
    for (const stop of this.#stopWatching) stop()
    this.#stopWatching = []
  }
}

/** One attempt to read everything that a fetch asks for. */
class FetchRead {
  readonly #context: HandlerContext
  readonly #request: FetchRequest
  readonly #exchange: Exchange
  readonly #injected: ReadonlyMap<FetchPartition, number>
  readonly endpoints: Map<number, NodeEndpoint> = new Map<number, NodeEndpoint>()
  bytes = 0
  failed = false

  constructor(
    context: HandlerContext,
    request: FetchRequest,
    exchange: Exchange,
    injected: ReadonlyMap<FetchPartition, number>,
  ) {
    this.#context = context
    this.#request = request
    this.#exchange = exchange
    this.#injected = injected
  }

  topic(asked: FetchTopic, topic: Topic | undefined): FetchResponse['responses'][number] {
    const unknown = asked.topic === '' ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    return {
      topic: asked.topic,
      topicId: asked.topicId,
      partitions: asked.partitions.map((partition) =>
        topic === undefined
          ? this.#error(partition, unknown, undefined)
          : this.#partition(partition, topic.partitions[partition.partition]),
      ),
    }
  }

  #partition(asked: FetchPartition, partition: Partition | undefined): FetchPartitionResult {
    const { nodeId } = this.#exchange
    const errorCode =
      this.#injected.get(asked) ?? leadershipError(partition, nodeId, asked.currentLeaderEpoch)
    if (errorCode !== ErrorCode.NONE || partition === undefined)
      return this.#error(asked, errorCode, partition)
    const { log } = partition
    const offset = Number(asked.fetchOffset)
    if (offset < log.startOffset || offset > log.endOffset) {
      return this.#error(asked, ErrorCode.OFFSET_OUT_OF_RANGE, partition)
    }
    return {
      ...EMPTY,
      partitionIndex: asked.partition,
      highWatermark: BigInt(log.endOffset),
      lastStableOffset: BigInt(log.endOffset),
      logStartOffset: BigInt(log.startOffset),
      abortedTransactions: this.#request.isolationLevel === 0 ? null : [],
      records: this.#records(asked, offset, partition),
    }
  }

  /**
   * The first batch of the whole response is returned whatever its size. The limits hold for the other
   * batches.
   */
  #records(asked: FetchPartition, offset: number, { log }: Partition): Uint8Array {
    const limit = Math.min(this.#request.maxBytes, this.#context.cluster.config.number('fetch.max.bytes'))
    const left = Math.min(asked.partitionMaxBytes, limit - this.bytes)
    if (offset === log.endOffset || (left <= 0 && this.bytes > 0)) return NOTHING
    const batches = log.read(offset, left)
    const [first] = batches
    if (first !== undefined && this.bytes > 0 && first.bytes.length > left) return NOTHING
    const records = Buffer.concat(batches.map(({ bytes }) => bytes))
    this.bytes += records.length
    return records
  }

  #error(asked: FetchPartition, errorCode: number, partition: Partition | undefined): FetchPartitionResult {
    this.failed = true
    const movedAway =
      errorCode === ErrorCode.NOT_LEADER_OR_FOLLOWER || errorCode === ErrorCode.FENCED_LEADER_EPOCH
    const hint = movedAway && partition !== undefined && this.#exchange.apiVersion >= 16
    if (hint) this.#addEndpoint(partition.leader)
    return {
      ...EMPTY,
      partitionIndex: asked.partition,
      errorCode,
      currentLeader: hint ? { leaderId: partition.leader, leaderEpoch: partition.leaderEpoch } : null,
    }
  }

  #addEndpoint(leader: number): void {
    const node = this.#context.cluster.nodes.get(leader)
    if (node !== undefined) {
      this.endpoints.set(leader, { nodeId: leader, host: node.host, port: node.port, rack: null })
    }
  }
}

const NOTHING = Buffer.alloc(0)

const EMPTY: FetchPartitionResult = {
  partitionIndex: -1,
  errorCode: ErrorCode.NONE,
  highWatermark: -1n,
  lastStableOffset: -1n,
  logStartOffset: -1n,
  divergingEpoch: null,
  currentLeader: null,
  snapshotId: null,
  abortedTransactions: null,
  preferredReadReplica: -1,
  records: NOTHING,
}

function response(
  exchange: Exchange,
  errorCode: number,
  responses: FetchResponse['responses'],
  nodeEndpoints: readonly NodeEndpoint[],
): FetchResponse {
  return {
    throttleTimeMs: exchange.throttleTimeMs,
    errorCode,
    sessionId: NO_SESSION,
    responses,
    nodeEndpoints,
  }
}
