import { ProtocolError } from '../errors.js'
import type { Reader } from './reader.js'
import type { Writer } from './writer.js'

/**
 * One Kafka API: the versions that this client knows, and the wire format of its two messages. A producer
 * writes requests and reads responses. The embedded cluster does the opposite with the same file, so both
 * directions stand side by side.
 *
 * A message type has the fields of all versions. A version that lacks a field reads it as Kafka's default and
 * does not write it.
 */
export interface Api<Request, Response> {
  /** https://kafka.apache.org/protocol#protocol_api_keys */
  readonly key: number
  readonly name: string
  /** Lowest and highest version that this client knows. */
  readonly versions: VersionRange
  /** First version with compact lengths and tagged fields (KIP-482). */
  readonly flexibleFrom: number
  writeRequest(w: Writer, request: Request): void
  readRequest(r: Reader): Request
  writeResponse(w: Writer, response: Response): void
  readResponse(r: Reader): Response
}

/** Lowest and highest version, both included. */
export type VersionRange = readonly [min: number, max: number]

/** An API without its message types. */
export type ApiIdentity = Pick<Api<never, unknown>, 'key' | 'name' | 'versions' | 'flexibleFrom'>

/** The versions that a particular request can be sent in, if it cannot be sent in all. */
export interface VersionLimits {
  readonly atLeast?: number
  readonly atMost?: number
}

/**
 * The highest version that both sides know and that the limits allow.
 *
 * @param brokerRange the versions that the broker listed; undefined if it did not list the API
 * @param broker the broker's name in the error
 * @throws ProtocolError (code `UNSUPPORTED_VERSION`) that names the API, both ranges and the broker
 */
export function pickVersion(
  api: ApiIdentity,
  brokerRange: VersionRange | undefined,
  broker: string,
  { atLeast = 0, atMost = api.versions[1] }: VersionLimits = {},
): number {
  const [knownMin, knownMax] = api.versions
  const lowest = Math.max(knownMin, atLeast)
  const highest = Math.min(knownMax, atMost)
  if (brokerRange !== undefined) {
    const picked = Math.min(highest, brokerRange[1])
    if (picked >= Math.max(lowest, brokerRange[0])) return picked
  }
  const theirs =
    brokerRange === undefined ? 'does not have it' : `has versions ${brokerRange[0]} to ${brokerRange[1]}`
  const isLimited = lowest > knownMin || highest < knownMax
  const ours = `${lowest} to ${highest}${isLimited ? ` (of ${knownMin} to ${knownMax})` : ''}`
  throw new ProtocolError(
    `no common version of ${api.name} (API key ${api.key}): this client needs ${ours}, broker ${broker} ${theirs}`,
    { code: 'UNSUPPORTED_VERSION', broker },
  )
}
