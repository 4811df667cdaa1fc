import type { Api, ApiIdentity } from '../../src/protocol/api.js'
import { ApiVersions } from '../../src/protocol/api-versions.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { decodeRequest, decodeRequestHeader, encodeResponse } from '../../src/protocol/frame.js'
import { InitProducerId } from '../../src/protocol/init-producer-id.js'
import {
  Metadata,
  type MetadataBroker,
  type MetadataRequest,
  type MetadataResponse,
  type MetadataTopic,
} from '../../src/protocol/metadata.js'
import { Produce } from '../../src/protocol/produce.js'
import type { Reader } from '../../src/protocol/reader.js'
import type { ScriptedNetwork, ScriptedPeer } from './scripted-network.js'

const apis: readonly ApiIdentity[] = [Produce, Metadata, ApiVersions, InitProducerId]
const flexibleFrom = (key: number): number | undefined => apis.find((api) => api.key === key)?.flexibleFrom

export interface ReceivedRequest {
  readonly apiKey: number
  readonly version: number
  readonly correlationId: number
  readonly peer: ScriptedPeer
  readonly body: Reader
}

/** The broker that a client expects (KIP-1242); null and -1 if it expects none. */
export interface ExpectedBroker {
  readonly clusterId: string | null
  readonly nodeId: number
}

/**
 * A broker on a scripted network. It answers ApiVersions and Metadata itself; tests answer other requests.
 */
export class FakeBroker {
  readonly address: string
  /** The API versions that the broker reports; a test may change them. */
  ranges: { apiKey: number; minVersion: number; maxVersion: number }[] = apis.map(({ key, versions }) => ({
    apiKey: key,
    minVersion: versions[0],
    maxVersion: versions[1],
  }))
  /** The throttle time of its ApiVersions response. */
  throttleTimeMs = 0
  /** The ids of this broker, which refuses clients that expect others. Null: it refuses none. */
  identity: () => ExpectedBroker | null = () => null
  /** The broker that the client expected, for each connection. */
  readonly expected: ExpectedBroker[] = []
  metadata: (request: MetadataRequest) => MetadataResponse | null = () => null
  /** The topics that each metadata request has asked for. */
  readonly metadataRequests: (string | null)[][] = []
  /** The requests without a response so far. */
  readonly waiting: ReceivedRequest[] = []
  /** Whether the broker sends no response. */
  isSilent = false
  readonly peers: ScriptedPeer[] = []

  constructor(network: ScriptedNetwork, address: string) {
    this.address = address
    network.on(address, (peer) => this.#serve(peer))
  }

  /** The last connection that was opened. */
  get peer(): ScriptedPeer {
    const peer = this.peers.at(-1)
    if (peer === undefined) throw new Error(`nobody has connected to ${this.address}`)
    return peer
  }

  answer<Request, Response>(api: Api<Request, Response>, request: ReceivedRequest, response: Response): void {
    request.peer.send(...encodeResponse(api, request.version, request.correlationId, response))
  }

  #serve(peer: ScriptedPeer): void {
    this.peers.push(peer)
    let read = 0
    peer.onBytes = () => {
      while (peer.received.length >= read + 4) {
        const end = read + 4 + peer.received.readInt32BE(read)
        if (peer.received.length < end) return
        const frame = peer.received.subarray(read + 4, end)
        read = end
        if (!this.isSilent) this.#handle(peer, frame)
      }
    }
  }

  #handle(peer: ScriptedPeer, frame: Buffer): void {
    const { header, body } = decodeRequestHeader(frame, flexibleFrom)
    const { apiKey, apiVersion: version, correlationId } = header
    const request = { apiKey, version, correlationId, peer, body }
    if (apiKey === ApiVersions.key) this.#answerVersions(request)
    else if (apiKey === Metadata.key) this.#answerMetadata(request)
    else this.waiting.push(request)
  }

  #answerVersions(request: ReceivedRequest): void {
    const own = this.ranges.find(({ apiKey }) => apiKey === ApiVersions.key)
    const refused = own === undefined || request.version > own.maxVersion
    const response = {
      errorCode: refused ? ErrorCode.UNSUPPORTED_VERSION : this.#verdict(request),
      apiKeys: this.ranges,
      throttleTimeMs: this.throttleTimeMs,
      supportedFeatures: [],
      finalizedFeaturesEpoch: -1n,
      finalizedFeatures: [],
      zkMigrationReady: false,
    }
    this.answer(ApiVersions, refused ? { ...request, version: 0 } : request, response)
  }

  #verdict(request: ReceivedRequest): number {
    const { clusterId, nodeId } = decodeRequest(ApiVersions, request.body)
    this.expected.push({ clusterId, nodeId })
    const own = this.identity()
    const isExpected =
      own === null || clusterId === null || (clusterId === own.clusterId && nodeId === own.nodeId)
    return isExpected ? ErrorCode.NONE : ErrorCode.REBOOTSTRAP_REQUIRED
  }

  #answerMetadata(request: ReceivedRequest): void {
    const asked = decodeRequest(Metadata, request.body)
    this.metadataRequests.push((asked.topics ?? []).map(({ name }) => name))
    const response = this.metadata(asked)
    if (response === null) this.waiting.push(request)
    else this.answer(Metadata, request, response)
  }
}

/** A metadata response of `brokers` about `topics`. */
export function metadataResponse(
  brokers: readonly Pick<MetadataBroker, 'nodeId' | 'host' | 'port'>[],
  topics: readonly MetadataTopic[],
  errorCode: number = ErrorCode.NONE,
): MetadataResponse {
  return {
    throttleTimeMs: 0,
    brokers: brokers.map((broker) => ({ ...broker, rack: null })),
    clusterId: 'cluster',
    controllerId: brokers[0]?.nodeId ?? -1,
    topics,
    clusterAuthorizedOperations: -2147483648,
    errorCode,
  }
}

/** A topic whose partitions are led by `leaders`, all in the same epoch. */
export function metadataTopic(
  name: string,
  topicId: string,
  leaders: readonly number[],
  leaderEpoch = 0,
): MetadataTopic {
  return {
    errorCode: ErrorCode.NONE,
    name,
    topicId,
    isInternal: false,
    partitions: leaders.map((leaderId, partitionIndex) => ({
      errorCode: leaderId < 0 ? 5 : 0,
      partitionIndex,
      leaderId,
      leaderEpoch,
      replicaNodes: [1],
      isrNodes: [1],
      offlineReplicas: [],
    })),
    topicAuthorizedOperations: -2147483648,
  }
}

/** The metadata of a topic that is only an error. */
export function topicError(name: string, errorCode: number): MetadataTopic {
  return {
    errorCode,
    name,
    topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
    isInternal: false,
    partitions: [],
    topicAuthorizedOperations: -2147483648,
  }
}
