import type { Reader } from './reader.js'
import type { Writer } from './writer.js'

/** A partition's present leader, named by a broker that is not the leader (KIP-951). */
export interface LeaderHint {
  /** -1 if unknown. */
  readonly leaderId: number
  /** -1 if unknown. */
  readonly leaderEpoch: number
}

/** The address of a leader that a hint names. */
export interface NodeEndpoint {
  readonly nodeId: number
  readonly host: string
  readonly port: number
  readonly rack: string | null
}

export function writeLeader(w: Writer, leader: LeaderHint): void {
  w.int32(leader.leaderId)
  w.int32(leader.leaderEpoch)
  w.tags()
}

export function readLeader(r: Reader): LeaderHint {
  const leaderId = r.int32()
  const leaderEpoch = r.int32()
  r.tags()
  return { leaderId, leaderEpoch }
}

export function writeEndpoint(w: Writer, endpoint: NodeEndpoint): void {
  w.int32(endpoint.nodeId)
  w.string(endpoint.host)
  w.int32(endpoint.port)
  w.nullableString(endpoint.rack)
  w.tags()
}

export function readEndpoint(r: Reader): NodeEndpoint {
  const nodeId = r.int32()
  const host = r.string()
  const port = r.int32()
  const rack = r.nullableString()
  r.tags()
  return { nodeId, host, port, rack }
}
