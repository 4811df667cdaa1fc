import type { Api } from './api.js'
import type { Reader } from './reader.js'
import type { Writer } from './writer.js'

/** Endpoint types: brokers or controllers (KIP-919). */
export const BROKER_ENDPOINTS = 1
export const CONTROLLER_ENDPOINTS = 2

export interface DescribeClusterRequest {
  readonly includeClusterAuthorizedOperations: boolean
  /** v1 */
  readonly endpointType: number
  /** v2 */
  readonly includeFencedBrokers: boolean
}

export interface DescribeClusterResponse {
  readonly throttleTimeMs: number
  readonly errorCode: number
  readonly errorMessage: string | null
  /** v1 */
  readonly endpointType: number
  readonly clusterId: string
  /** -1 if unknown. */
  readonly controllerId: number
  readonly brokers: readonly DescribedBroker[]
  /** A bit field, or OPERATIONS_NOT_ASKED. */
  readonly clusterAuthorizedOperations: number
}

export interface DescribedBroker {
  readonly brokerId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
  /** v2: whether the broker is registered but does not serve. */
  readonly isFenced: boolean
}

/**
 * v1 endpoint types (KIP-919); v2 fenced brokers (KIP-1073).
 * https://kafka.apache.org/protocol#The_Messages_DescribeCluster
 */
export const DescribeCluster: Api<DescribeClusterRequest, DescribeClusterResponse> = {
  key: 60,
  name: 'DescribeCluster',
  versions: [0, 2],
  flexibleFrom: 0,
  writeRequest(w, request) {
    w.boolean(request.includeClusterAuthorizedOperations)
    if (w.version >= 1) w.int8(request.endpointType)
    if (w.version >= 2) w.boolean(request.includeFencedBrokers)
    w.tags()
  },
  readRequest(r) {
    const includeClusterAuthorizedOperations = r.boolean()
    const endpointType = r.version >= 1 ? r.int8() : BROKER_ENDPOINTS
    const includeFencedBrokers = r.version >= 2 ? r.boolean() : false
    r.tags()
    return { includeClusterAuthorizedOperations, endpointType, includeFencedBrokers }
  },
  writeResponse(w, response) {
    w.int32(response.throttleTimeMs)
    w.int16(response.errorCode)
    w.nullableString(response.errorMessage)
    if (w.version >= 1) w.int8(response.endpointType)
    w.string(response.clusterId)
    w.int32(response.controllerId)
    w.array(response.brokers, writeBroker)
    w.int32(response.clusterAuthorizedOperations)
    w.tags()
  },
  readResponse(r) {
    const throttleTimeMs = r.int32()
    const errorCode = r.int16()
    const errorMessage = r.nullableString()
    const endpointType = r.version >= 1 ? r.int8() : BROKER_ENDPOINTS
    const clusterId = r.string()
    const controllerId = r.int32()
    const brokers = r.array(readBroker)
    const clusterAuthorizedOperations = r.int32()
    r.tags()
    return {
      throttleTimeMs,
      errorCode,
      errorMessage,
      endpointType,
      clusterId,
      controllerId,
      brokers,
      clusterAuthorizedOperations,
    }
  },
}

function writeBroker(w: Writer, broker: DescribedBroker): void {
  w.int32(broker.brokerId)
  w.string(broker.host)
  w.int32(broker.port)
  w.nullableString(broker.rack)
  if (w.version >= 2) w.boolean(broker.isFenced)
  w.tags()
}

function readBroker(r: Reader): DescribedBroker {
  const brokerId = r.int32()
  const host = r.string()
  const port = r.int32()
  const rack = r.nullableString()
  const isFenced = r.version >= 2 ? r.boolean() : false
  r.tags()
  return { brokerId, host, port, rack, isFenced }
}
