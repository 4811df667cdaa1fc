import type { Buffer } from 'node:buffer'
import type { Api } from './api.js'
import { ErrorCode, isKnownError } from './error-codes.js'
import { decodeResponse } from './frame.js'
import type { Reader } from './reader.js'
import type { Writer } from './writer.js'

export interface ApiVersionsRequest {
  /** v3: letters, digits, dots and dashes only. The broker refuses other characters (KIP-511). */
  readonly clientSoftwareName: string
  /** v3: the same characters as the name. */
  readonly clientSoftwareVersion: string
  /** v5: the cluster id that the client expects (KIP-1242). Null for none; `nodeId` is then -1. */
  readonly clusterId: string | null
  /** v5: the node id that the client expects; -1 for none. */
  readonly nodeId: number
}

export interface ApiVersionsResponse {
  readonly errorCode: number
  readonly apiKeys: readonly ApiVersionRange[]
  /** v1 */
  readonly throttleTimeMs: number
  /** v3: the features that this broker could support. */
  readonly supportedFeatures: readonly SupportedFeature[]
  /** v3; -1 if unknown. */
  readonly finalizedFeaturesEpoch: bigint
  /** v3: the features that the whole cluster has agreed on (KIP-584), such as `transaction.version`. */
  readonly finalizedFeatures: readonly FinalizedFeature[]
  /** v3 */
  readonly zkMigrationReady: boolean
}

export interface ApiVersionRange {
  readonly apiKey: number
  readonly minVersion: number
  readonly maxVersion: number
}

export interface SupportedFeature {
  readonly name: string
  readonly minVersion: number
  readonly maxVersion: number
}

export interface FinalizedFeature {
  readonly name: string
  readonly maxVersionLevel: number
  readonly minVersionLevel: number
}

/**
 * v1 throttle time; v3 flexible, client software (KIP-511) and features (KIP-584); v4 features whose lowest
 * version is 0; v5 the expected broker, and REBOOTSTRAP_REQUIRED from any other (KIP-1242).
 * https://kafka.apache.org/protocol#The_Messages_ApiVersions
 */
export const ApiVersions: Api<ApiVersionsRequest, ApiVersionsResponse> = {
  key: 18,
  name: 'ApiVersions',
  versions: [0, 5],
  flexibleFrom: 3,
  writeRequest(w, request) {
    if (w.version >= 3) {
      w.string(request.clientSoftwareName)
      w.string(request.clientSoftwareVersion)
    }
    if (w.version >= 5) {
      w.nullableString(request.clusterId)
      w.int32(request.nodeId)
    }
    w.tags()
  },
  readRequest(r) {
    const clientSoftwareName = r.version >= 3 ? r.string() : ''
    const clientSoftwareVersion = r.version >= 3 ? r.string() : ''
    const clusterId = r.version >= 5 ? r.nullableString() : null
    const nodeId = r.version >= 5 ? r.int32() : -1
    r.tags()
    return { clientSoftwareName, clientSoftwareVersion, clusterId, nodeId }
  },
  writeResponse(w, response) {
    w.int16(response.errorCode)
    w.array(response.apiKeys, writeRange)
    if (w.version >= 1) w.int32(response.throttleTimeMs)
    const { supportedFeatures, finalizedFeaturesEpoch, finalizedFeatures, zkMigrationReady } = response
    w.taggedFields([
      [0, supportedFeatures.length > 0 ? (field) => field.array(supportedFeatures, writeSupported) : null],
      [1, finalizedFeaturesEpoch !== -1n ? (field) => field.int64(finalizedFeaturesEpoch) : null],
      [2, finalizedFeatures.length > 0 ? (field) => field.array(finalizedFeatures, writeFinalized) : null],
      [3, zkMigrationReady ? (field) => field.boolean(true) : null],
    ])
  },
  readResponse(r) {
    const errorCode = r.int16()
    const apiKeys = r.array(readRange)
    const throttleTimeMs = r.version >= 1 ? r.int32() : 0
    let supportedFeatures: SupportedFeature[] = []
    let finalizedFeaturesEpoch = -1n
    let finalizedFeatures: FinalizedFeature[] = []
    let zkMigrationReady = false
    r.taggedFields((tag, field) => {
      if (tag === 0) supportedFeatures = field.array(readSupported)
      else if (tag === 1) finalizedFeaturesEpoch = field.int64()
      else if (tag === 2) finalizedFeatures = field.array(readFinalized)
      else if (tag === 3) zkMigrationReady = field.boolean()
    })
    return {
      errorCode,
      apiKeys,
      throttleTimeMs,
      supportedFeatures,
      finalizedFeaturesEpoch,
      finalizedFeatures,
      zkMigrationReady,
    }
  },
}

/**
 * Decodes the response in a frame (without its size).
 *
 * A broker that does not know the request's version answers in version 0, with UNSUPPORTED_VERSION and the
 * range that it knows. The error code stands first in every version, so it can be read before the body. Some
 * brokers put a body of their own behind an error. If a body cannot be read, a known error code alone is the
 * response.
 */
export function decodeApiVersionsResponse(version: number, frame: Buffer): ApiVersionsResponse {
  const code = frame.length >= 6 ? frame.readInt16BE(4) : ErrorCode.NONE
  try {
    return decodeResponse(ApiVersions, code === ErrorCode.UNSUPPORTED_VERSION ? 0 : version, frame)
  } catch (error) {
    if (code === ErrorCode.NONE || !isKnownError(code)) throw error
    return errorOnly(code)
  }
}

function errorOnly(errorCode: number): ApiVersionsResponse {
  return {
    errorCode,
    apiKeys: [],
    throttleTimeMs: 0,
    supportedFeatures: [],
    finalizedFeaturesEpoch: -1n,
    finalizedFeatures: [],
    zkMigrationReady: false,
  }
}

function writeRange(w: Writer, range: ApiVersionRange): void {
  w.int16(range.apiKey)
  w.int16(range.minVersion)
  w.int16(range.maxVersion)
  w.tags()
}

function readRange(r: Reader): ApiVersionRange {
  const apiKey = r.int16()
  const minVersion = r.int16()
  const maxVersion = r.int16()
  r.tags()
  return { apiKey, minVersion, maxVersion }
}

function writeSupported(w: Writer, feature: SupportedFeature): void {
  w.string(feature.name)
  w.int16(feature.minVersion)
  w.int16(feature.maxVersion)
  w.tags()
}

function readSupported(r: Reader): SupportedFeature {
  const name = r.string()
  const minVersion = r.int16()
  const maxVersion = r.int16()
  r.tags()
  return { name, minVersion, maxVersion }
}

function writeFinalized(w: Writer, feature: FinalizedFeature): void {
  w.string(feature.name)
  w.int16(feature.maxVersionLevel)
  w.int16(feature.minVersionLevel)
  w.tags()
}

function readFinalized(r: Reader): FinalizedFeature {
  const name = r.string()
  const maxVersionLevel = r.int16()
  const minVersionLevel = r.int16()
  r.tags()
  return { name, maxVersionLevel, minVersionLevel }
}
