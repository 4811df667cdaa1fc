import type { Buffer } from 'node:buffer'
import { ProtocolError } from '../../errors.js'
import type { VersionRange } from '../../protocol/api.js'
import {
  ApiVersions,
  type ApiVersionsRequest,
  type ApiVersionsResponse,
  decodeApiVersionsResponse,
} from '../../protocol/api-versions.js'
import { brokerError } from '../../protocol/broker-error.js'
import { ErrorCode, errorCode } from '../../protocol/error-codes.js'
import { Metadata } from '../../protocol/metadata.js'
import { SOFTWARE_NAME, SOFTWARE_VERSION } from '../../version.js'
import type { Connection } from '../connection/connection.js'
import { requestedThrottleMs } from '../throttle.js'
import { brokerVersions } from './broker-versions.js'
import { MISROUTED, misrouted } from './connect-errors.js'
import type { ConnectionStep, ExpectedBroker } from './connection-step.js'

/**
 * Asks the broker for the versions that it knows, in version `atMost`. A broker that does not know that
 * version answers with the ones it knows, and is asked again: in one of those, and with version 0 if that is
 * refused too. https://kafka.apache.org/protocol#api_versions
 *
 * @param expected the broker that should answer; null for any. Another broker that knows version 5 refuses
 * (KIP-1242)
 */
export function negotiateVersions(atMost: number, expected: ExpectedBroker | null): ConnectionStep {
  return {
    name: 'ApiVersions',
    async run(setUp) {
      const {
        connection,
        target: { broker },
      } = setUp
      let version = atMost
      let response = await ask(connection, version, expected)
      while (nameOf(response) === 'UNSUPPORTED_VERSION' && version > 0) {
        version = nextLower(version, response)
        response = await ask(connection, version, expected)
      }
      if (nameOf(response) === MISROUTED && expected !== null) throw misrouted(expected, broker)
      if (response.errorCode !== ErrorCode.NONE)
        throw brokerError(response.errorCode, { api: ApiVersions.name, broker })
      setUp.versions = brokerVersions(response)
      if (!setUp.versions.ranges.has(Metadata.key)) throw noBroker(broker)
      setUp.throttleMs = requestedThrottleMs(ApiVersions, version, response)
    },
  }
}

function ask(
  connection: Connection,
  version: number,
  expected: ExpectedBroker | null,
): Promise<ApiVersionsResponse> {
  const message: ApiVersionsRequest = {
    clientSoftwareName: SOFTWARE_NAME,
    clientSoftwareVersion: SOFTWARE_VERSION,
    clusterId: expected?.clusterId ?? null,
    nodeId: expected?.nodeId ?? -1,
  }
  const read = (frame: Buffer): ApiVersionsResponse => decodeApiVersionsResponse(version, frame)
  // In the background: places in flight are for requests after the set-up.
  return connection.request(ApiVersions, version, message, read, { background: true })
}

/** A server without metadata is of no use. Another server is asked instead. */
function noBroker(broker: string): ProtocolError {
  return new ProtocolError(
    'it knows no Metadata requests, so it is no broker but perhaps a KRaft controller: name the listeners of brokers',
    { broker, code: 'UNSUPPORTED_VERSION' },
  )
}

function nameOf(response: ApiVersionsResponse): string {
  return errorCode(response.errorCode).name
}

/**
 * The version that the broker offers, if it is below the refused one; otherwise 0, which every broker knows.
 */
function nextLower(refused: number, response: ApiVersionsResponse): number {
  const listed = response.apiKeys.find(({ apiKey }) => apiKey === ApiVersions.key)
  const range: VersionRange = listed === undefined ? [0, 0] : [listed.minVersion, listed.maxVersion]
  const [lowest, highest] = range
  return lowest <= highest && highest >= 0 && highest < refused ? highest : 0
}
