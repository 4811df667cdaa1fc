import type { Api } from './api.js'
import { ErrorCode } from './error-codes.js'
import type { Reader } from './reader.js'
import { ZERO_UUID } from './uuid.js'
import type { Writer } from './writer.js'

export interface CreateTopicsRequest {
  readonly topics: readonly CreatableTopic[]
  /** How long the controller waits for the topics to exist, in milliseconds. */
  readonly timeoutMs: number
  /** Whether the controller only checks the request and creates nothing. */
  readonly validateOnly: boolean
}

export interface CreatableTopic {
  readonly name: string
  /** -1 for the broker's default (v4, KIP-464), or if assignments are given. */
  readonly numPartitions: number
  /** -1 for the broker's default (v4, KIP-464), or if assignments are given. */
  readonly replicationFactor: number
  /** The brokers of each partition; empty leaves them to the controller. */
  readonly assignments: readonly CreatableReplicaAssignment[]
  readonly configs: readonly CreatableTopicConfig[]
}

export interface CreatableReplicaAssignment {
  readonly partitionIndex: number
  readonly brokerIds: readonly number[]
}

export interface CreatableTopicConfig {
  readonly name: string
  readonly value: string | null
}

export interface CreateTopicsResponse {
  readonly throttleTimeMs: number
  readonly topics: readonly CreatableTopicResult[]
}

export interface CreatableTopicResult {
  readonly name: string
  /** v7 */
  readonly topicId: string
  readonly errorCode: number
  readonly errorMessage: string | null
  /** v5: why `configs` is null, such as TOPIC_AUTHORIZATION_FAILED. */
  readonly topicConfigErrorCode: number
  /** v5; -1 if unknown. */
  readonly numPartitions: number
  /** v5; -1 if unknown. */
  readonly replicationFactor: number
  /** v5: the topic's whole configuration (KIP-525). */
  readonly configs: readonly CreatedTopicConfig[] | null
}

export interface CreatedTopicConfig {
  readonly name: string
  readonly value: string | null
  readonly readOnly: boolean
  /** The number of a DescribeConfigs source; -1 if unknown. */
  readonly configSource: number
  readonly isSensitive: boolean
}

/**
 * v4 the broker's own defaults (KIP-464); v5 flexible, and the result has the topic's configuration
 * (KIP-525); v6 THROTTLING_QUOTA_EXCEEDED (KIP-599); v7 topic ids (KIP-516).
 * https://kafka.apache.org/protocol#The_Messages_CreateTopics
 */
export const CreateTopics: Api<CreateTopicsRequest, CreateTopicsResponse> = {
  key: 19,
  name: 'CreateTopics',
  versions: [2, 7],
  flexibleFrom: 5,
  writeRequest(w, request) {
    w.array(request.topics, writeTopic)
    w.int32(request.timeoutMs)
    w.boolean(request.validateOnly)
    w.tags()
  },
  readRequest(r) {
    const topics = r.array(readTopic)
    const timeoutMs = r.int32()
    const validateOnly = r.boolean()
    r.tags()
    return { topics, timeoutMs, validateOnly }
  },
  writeResponse(w, response) {
    w.int32(response.throttleTimeMs)
    w.array(response.topics, writeResult)
    w.tags()
  },
  readResponse(r) {
    const throttleTimeMs = r.int32()
    const topics = r.array(readResult)
    r.tags()
    return { throttleTimeMs, topics }
  },
}

function writeTopic(w: Writer, topic: CreatableTopic): void {
  w.string(topic.name)
  w.int32(topic.numPartitions)
  w.int16(topic.replicationFactor)
  w.array(topic.assignments, writeAssignment)
  w.array(topic.configs, writeConfig)
  w.tags()
}

function readTopic(r: Reader): CreatableTopic {
  const name = r.string()
  const numPartitions = r.int32()
  const replicationFactor = r.int16()
  const assignments = r.array(readAssignment)
  const configs = r.array(readConfig)
  r.tags()
  return { name, numPartitions, replicationFactor, assignments, configs }
}

function writeAssignment(w: Writer, assignment: CreatableReplicaAssignment): void {
  w.int32(assignment.partitionIndex)
  w.int32Array(assignment.brokerIds)
  w.tags()
}

function readAssignment(r: Reader): CreatableReplicaAssignment {
  const partitionIndex = r.int32()
  const brokerIds = r.int32Array()
  r.tags()
  return { partitionIndex, brokerIds }
}

function writeConfig(w: Writer, config: CreatableTopicConfig): void {
  w.string(config.name)
  w.nullableString(config.value)
  w.tags()
}

function readConfig(r: Reader): CreatableTopicConfig {
  const name = r.string()
  const value = r.nullableString()
  r.tags()
  return { name, value }
}

function writeResult(w: Writer, topic: CreatableTopicResult): void {
  w.string(topic.name)
  if (w.version >= 7) w.uuid(topic.topicId)
  w.int16(topic.errorCode)
  w.nullableString(topic.errorMessage)
  if (w.version >= 5) {
    w.int32(topic.numPartitions)
    w.int16(topic.replicationFactor)
    w.nullableArray(topic.configs, writeCreatedConfig)
  }
  const configError = topic.topicConfigErrorCode
  w.taggedFields([[0, configError !== 0 ? (field) => field.int16(configError) : null]])
}

function readResult(r: Reader): CreatableTopicResult {
  const name = r.string()
  const topicId = r.version >= 7 ? r.uuid() : ZERO_UUID
  const errorCode = r.int16()
  const errorMessage = r.nullableString()
  const numPartitions = r.version >= 5 ? r.int32() : -1
  const replicationFactor = r.version >= 5 ? r.int16() : -1
  const configs = r.version >= 5 ? r.nullableArray(readCreatedConfig) : []
  let topicConfigErrorCode: number = ErrorCode.NONE
  r.taggedFields((tag, field) => {
    if (tag === 0) topicConfigErrorCode = field.int16()
  })
  return {
    name,
    topicId,
    errorCode,
    errorMessage,
    topicConfigErrorCode,
    numPartitions,
    replicationFactor,
    configs,
  }
}

function writeCreatedConfig(w: Writer, config: CreatedTopicConfig): void {
  w.string(config.name)
  w.nullableString(config.value)
  w.boolean(config.readOnly)
  w.int8(config.configSource)
  w.boolean(config.isSensitive)
  w.tags()
}

function readCreatedConfig(r: Reader): CreatedTopicConfig {
  const name = r.string()
  const value = r.nullableString()
  const readOnly = r.boolean()
  const configSource = r.int8()
  const isSensitive = r.boolean()
  r.tags()
  return { name, value, readOnly, configSource, isSensitive }
}
