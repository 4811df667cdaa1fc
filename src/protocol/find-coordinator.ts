import type { Api } from './api.js'
import type { Reader } from './reader.js'
import type { Writer } from './writer.js'

/** Key types. */
export const GROUP_COORDINATOR = 0
export const TRANSACTION_COORDINATOR = 1

export interface FindCoordinatorRequest {
  /** On the wire up to v3. */
  readonly key: string
  /** v1 */
  readonly keyType: number
  /** On the wire from v4 (KIP-699). */
  readonly coordinatorKeys: readonly string[]
}

/** The response. Up to v3 its own fields are the one answer. From v4 the answers are in `coordinators`. */
export interface FindCoordinatorResponse {
  /** v1 */
  readonly throttleTimeMs: number
  readonly errorCode: number
  /** v1 */
  readonly errorMessage: string | null
  readonly nodeId: number
  readonly host: string
  readonly port: number
  /** v4 */
  readonly coordinators: readonly Coordinator[]
}

export interface Coordinator {
  readonly key: string
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly errorCode: number
  readonly errorMessage: string | null
}

/**
 * v1 transactions; v3 flexible; v4 several keys at once (KIP-699); v5 TRANSACTION_ABORTABLE (KIP-890); v6
 * share groups (KIP-932). https://kafka.apache.org/protocol#The_Messages_FindCoordinator
 */
export const FindCoordinator: Api<FindCoordinatorRequest, FindCoordinatorResponse> = {
  key: 10,
  name: 'FindCoordinator',
  versions: [0, 6],
  flexibleFrom: 3,
  writeRequest(w, request) {
    if (w.version <= 3) w.string(request.key)
    if (w.version >= 1) w.int8(request.keyType)
    if (w.version >= 4) w.stringArray(request.coordinatorKeys)
    w.tags()
  },
  readRequest(r) {
    const key = r.version <= 3 ? r.string() : ''
    const keyType = r.version >= 1 ? r.int8() : GROUP_COORDINATOR
    const coordinatorKeys = r.version >= 4 ? r.stringArray() : []
    r.tags()
    return { key, keyType, coordinatorKeys }
  },
  writeResponse(w, response) {
    if (w.version >= 1) w.int32(response.throttleTimeMs)
    if (w.version <= 3) {
      w.int16(response.errorCode)
      if (w.version >= 1) w.nullableString(response.errorMessage)
      w.int32(response.nodeId)
      w.string(response.host)
      w.int32(response.port)
    } else w.array(response.coordinators, writeCoordinator)
    w.tags()
  },
  readResponse(r) {
    const throttleTimeMs = r.version >= 1 ? r.int32() : 0
    const single = r.version <= 3
    const errorCode = single ? r.int16() : 0
    const errorMessage = single && r.version >= 1 ? r.nullableString() : ''
    const nodeId = single ? r.int32() : 0
    const host = single ? r.string() : ''
    const port = single ? r.int32() : 0
    const coordinators = single ? [] : r.array(readCoordinator)
    r.tags()
    return { throttleTimeMs, errorCode, errorMessage, nodeId, host, port, coordinators }
  },
}

function writeCoordinator(w: Writer, coordinator: Coordinator): void {
  w.string(coordinator.key)
  w.int32(coordinator.nodeId)
  w.string(coordinator.host)
  w.int32(coordinator.port)
  w.int16(coordinator.errorCode)
  w.nullableString(coordinator.errorMessage)
  w.tags()
}

function readCoordinator(r: Reader): Coordinator {
  const key = r.string()
  const nodeId = r.int32()
  const host = r.string()
  const port = r.int32()
  const errorCode = r.int16()
  const errorMessage = r.nullableString()
  r.tags()
  return { key, nodeId, host, port, errorCode, errorMessage }
}
