import type { Buffer } from 'node:buffer'
import type { VersionRange } from '../protocol/api.js'
import { ApiVersions, type ApiVersionsResponse, decodeApiVersionsResponse } from '../protocol/api-versions.js'
import { brokerError } from '../protocol/broker-error.js'
import { errorCode, NO_ERROR } from '../protocol/error-codes.js'
import { SOFTWARE_NAME, SOFTWARE_VERSION } from '../version.js'
import { brokerVersions } from './broker-versions.js'
import type { Connection } from './connection.js'
import type { ConnectionStep } from './connection-setup.js'
import { requestedThrottleMs } from './throttle.js'

/**
 * Asks the broker what it can do, in the highest version we know, or `atMost`. A broker that does not know that version answers
 * with the ones it knows, and is asked again: once, or with version 0 a second time. https://kafka.apache.org/protocol#api_versions
 */
export function negotiateVersions(atMost: number = ApiVersions.versions[1]): ConnectionStep {
  return {
    name: 'ApiVersions',
    async run(setUp) {
      const { connection, broker } = setUp
      let version = atMost
      let response = await ask(connection, version)
      while (isVersionRefused(response) && version > 0) {
        version = nextLower(version, response)
        response = await ask(connection, version)
      }
      if (response.errorCode !== NO_ERROR)
        throw brokerError(response.errorCode, { api: ApiVersions.name, broker })
      setUp.versions = brokerVersions(response)
      setUp.throttleMs = requestedThrottleMs(ApiVersions, version, response)
    },
  }
}

function ask(connection: Connection, version: number): Promise<ApiVersionsResponse> {
  const message = { clientSoftwareName: SOFTWARE_NAME, clientSoftwareVersion: SOFTWARE_VERSION }
  const read = (frame: Buffer): ApiVersionsResponse => decodeApiVersionsResponse(version, frame)
  // In the background: nobody has a place in flight before the set-up is done.
  return connection.request(ApiVersions, version, message, read, { background: true })
}

function isVersionRefused(response: ApiVersionsResponse): boolean {
  return errorCode(response.errorCode).name === 'UNSUPPORTED_VERSION'
}

/** What the broker says it knows, if that is a version below the refused one; otherwise 0, which every broker knows. */
function nextLower(refused: number, response: ApiVersionsResponse): number {
  const listed = response.apiKeys.find(({ apiKey }) => apiKey === ApiVersions.key)
  const range: VersionRange = listed === undefined ? [0, 0] : [listed.minVersion, listed.maxVersion]
  const [lowest, highest] = range
  return lowest <= highest && highest >= 0 && highest < refused ? highest : 0
}
