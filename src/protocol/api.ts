import { ProtocolError } from '../errors.js'
import type { Reader } from './reader.js'
import type { Writer } from './writer.js'

/**
 * One Kafka API: which versions we know and how its two messages look on the wire. A producer writes requests and reads
 * responses; the embedded cluster does the opposite with the same file, so both directions stand side by side.
 *
 * A message type has the fields of all versions. Reading a version that lacks a field gives Kafka's default for it; writing
 * such a version leaves the field out.
 */
export interface Api<Request, Response> {
  /** https://kafka.apache.org/protocol#protocol_api_keys */
  readonly key: number
  readonly name: string
  /** Lowest and highest version known here. */
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

/** What is known of an API without its message types. */
export type ApiIdentity = Pick<Api<never, unknown>, 'key' | 'name' | 'versions' | 'flexibleFrom'>

/**
 * The highest version that both sides know and `atMost` allows.
 *
 * @param brokerRange what the broker said it knows; undefined if it did not list the API
 * @param broker how the broker is named in the error
 * @throws ProtocolError (code `UNSUPPORTED_VERSION`) naming the API, both ranges and the broker
 */
export function pickVersion(
  api: ApiIdentity,
  brokerRange: VersionRange | undefined,
  broker: string,
  atMost: number = api.versions[1],
): number {
  const [ourMin, ourMax] = api.versions
  const highest = brokerRange === undefined ? -1 : Math.min(ourMax, atMost, brokerRange[1])
  if (brokerRange !== undefined && highest >= Math.max(ourMin, brokerRange[0])) return highest
  const theirs =
    brokerRange === undefined ? 'does not have it' : `has versions ${brokerRange[0]} to ${brokerRange[1]}`
  const ours =
    atMost < ourMax ? `${ourMin} to ${atMost} (of ${ourMin} to ${ourMax})` : `${ourMin} to ${ourMax}`
  throw new ProtocolError(
    `no common version of ${api.name} (API key ${api.key}): this client needs ${ours}, broker ${broker} ${theirs}`,
    { code: 'UNSUPPORTED_VERSION', broker },
  )
}
