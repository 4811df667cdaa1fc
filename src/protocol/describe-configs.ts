import type { Api } from './api.js'
import type { Reader } from './reader.js'
import type { Writer } from './writer.js'

/** Resource types of DescribeConfigs. */
export const TOPIC_RESOURCE = 2
export const BROKER_RESOURCE = 4

export interface DescribeConfigsRequest {
  readonly resources: readonly DescribeConfigsResource[]
  readonly includeSynonyms: boolean
  /** v3 */
  readonly includeDocumentation: boolean
}

export interface DescribeConfigsResource {
  readonly resourceType: number
  /** A topic's name; a broker's id as text. */
  readonly resourceName: string
  /** Null for all keys. */
  readonly configurationKeys: readonly string[] | null
}

export interface DescribeConfigsResponse {
  readonly throttleTimeMs: number
  readonly results: readonly DescribeConfigsResult[]
}

export interface DescribeConfigsResult {
  readonly errorCode: number
  readonly errorMessage: string | null
  readonly resourceType: number
  readonly resourceName: string
  readonly configs: readonly DescribedConfig[]
}

export interface DescribedConfig {
  readonly name: string
  /** Null if the value is sensitive or not set. */
  readonly value: string | null
  readonly readOnly: boolean
  /**
   * 1 topic, 2 dynamic broker, 3 dynamic default of all brokers, 4 static broker, 5 Kafka's default; -1
   * unknown.
   */
  readonly configSource: number
  readonly isSensitive: boolean
  readonly synonyms: readonly DescribedConfigSynonym[]
  /** v3: 0 unknown, 1 boolean, 2 string, 3 int, 4 short, 5 long, 6 double, 7 list, 8 class, 9 password. */
  readonly configType: number
  /** v3 */
  readonly documentation: string | null
}

/** A setting that would provide the value if the synonym before it were not set. */
export interface DescribedConfigSynonym {
  readonly name: string
  readonly value: string | null
  readonly source: number
}

/**
 * v3 types and documentation (KIP-569); v4 flexible.
 * https://kafka.apache.org/protocol#The_Messages_DescribeConfigs
 */
export const DescribeConfigs: Api<DescribeConfigsRequest, DescribeConfigsResponse> = {
  key: 32,
  name: 'DescribeConfigs',
  versions: [1, 4],
  flexibleFrom: 4,
  writeRequest(w, request) {
    w.array(request.resources, writeResource)
    w.boolean(request.includeSynonyms)
    if (w.version >= 3) w.boolean(request.includeDocumentation)
    w.tags()
  },
  readRequest(r) {
    const resources = r.array(readResource)
    const includeSynonyms = r.boolean()
    const includeDocumentation = r.version >= 3 ? r.boolean() : false
    r.tags()
    return { resources, includeSynonyms, includeDocumentation }
  },
  writeResponse(w, response) {
    w.int32(response.throttleTimeMs)
    w.array(response.results, writeResult)
    w.tags()
  },
  readResponse(r) {
    const throttleTimeMs = r.int32()
    const results = r.array(readResult)
    r.tags()
    return { throttleTimeMs, results }
  },
}

function writeResource(w: Writer, resource: DescribeConfigsResource): void {
  w.int8(resource.resourceType)
  w.string(resource.resourceName)
  w.nullableStringArray(resource.configurationKeys)
  w.tags()
}

function readResource(r: Reader): DescribeConfigsResource {
  const resourceType = r.int8()
  const resourceName = r.string()
  const configurationKeys = r.nullableStringArray()
  r.tags()
  return { resourceType, resourceName, configurationKeys }
}

function writeResult(w: Writer, result: DescribeConfigsResult): void {
  w.int16(result.errorCode)
  w.nullableString(result.errorMessage)
  w.int8(result.resourceType)
  w.string(result.resourceName)
  w.array(result.configs, writeConfig)
  w.tags()
}

function readResult(r: Reader): DescribeConfigsResult {
  const errorCode = r.int16()
  const errorMessage = r.nullableString()
  const resourceType = r.int8()
  const resourceName = r.string()
  const configs = r.array(readConfig)
  r.tags()
  return { errorCode, errorMessage, resourceType, resourceName, configs }
}

function writeConfig(w: Writer, config: DescribedConfig): void {
  w.string(config.name)
  w.nullableString(config.value)
  w.boolean(config.readOnly)
  w.int8(config.configSource)
  w.boolean(config.isSensitive)
  w.array(config.synonyms, writeSynonym)
  if (w.version >= 3) {
    w.int8(config.configType)
    w.nullableString(config.documentation)
  }
  w.tags()
}

function readConfig(r: Reader): DescribedConfig {
  const name = r.string()
  const value = r.nullableString()
  const readOnly = r.boolean()
  const configSource = r.int8()
  const isSensitive = r.boolean()
  const synonyms = r.array(readSynonym)
  const configType = r.version >= 3 ? r.int8() : 0
  const documentation = r.version >= 3 ? r.nullableString() : ''
  r.tags()
  return { name, value, readOnly, configSource, isSensitive, synonyms, configType, documentation }
}

function writeSynonym(w: Writer, synonym: DescribedConfigSynonym): void {
  w.string(synonym.name)
  w.nullableString(synonym.value)
  w.int8(synonym.source)
  w.tags()
}

function readSynonym(r: Reader): DescribedConfigSynonym {
  const name = r.string()
  const value = r.nullableString()
  const source = r.int8()
  r.tags()
  return { name, value, source }
}
