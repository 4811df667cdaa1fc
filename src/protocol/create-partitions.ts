import type { Api } from './api.js'
import type { Reader } from './reader.js'
import type { Writer } from './writer.js'

export interface CreatePartitionsRequest {
  readonly topics: readonly CreatePartitionsTopic[]
  /** How long the controller waits for the partitions to exist, in milliseconds. */
  readonly timeoutMs: number
  /** Whether the controller only checks the request and creates nothing. */
  readonly validateOnly: boolean
}

export interface CreatePartitionsTopic {
  readonly name: string
  /** The number of partitions that the topic shall have in all. */
  readonly count: number
  /** The brokers of each new partition; null leaves them to the controller. */
  readonly assignments: readonly CreatePartitionsAssignment[] | null
}

export interface CreatePartitionsAssignment {
  readonly brokerIds: readonly number[]
}

export interface CreatePartitionsResponse {
  readonly throttleTimeMs: number
  readonly results: readonly CreatePartitionsTopicResult[]
}

export interface CreatePartitionsTopicResult {
  readonly name: string
  readonly errorCode: number
  readonly errorMessage: string | null
}

/**
 * v2 flexible; v3 THROTTLING_QUOTA_EXCEEDED (KIP-599).
 * https://kafka.apache.org/protocol#The_Messages_CreatePartitions
 */
export const CreatePartitions: Api<CreatePartitionsRequest, CreatePartitionsResponse> = {
  key: 37,
  name: 'CreatePartitions',
  versions: [0, 3],
  flexibleFrom: 2,
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

function writeTopic(w: Writer, topic: CreatePartitionsTopic): void {
  w.string(topic.name)
  w.int32(topic.count)
  w.nullableArray(topic.assignments, writeAssignment)
  w.tags()
}

function readTopic(r: Reader): CreatePartitionsTopic {
  const name = r.string()
  const count = r.int32()
  const assignments = r.nullableArray(readAssignment)
  r.tags()
  return { name, count, assignments }
}

function writeAssignment(w: Writer, assignment: CreatePartitionsAssignment): void {
  w.int32Array(assignment.brokerIds)
  w.tags()
}

function readAssignment(r: Reader): CreatePartitionsAssignment {
  const brokerIds = r.int32Array()
  r.tags()
  return { brokerIds }
}

function writeResult(w: Writer, result: CreatePartitionsTopicResult): void {
  w.string(result.name)
  w.int16(result.errorCode)
  w.nullableString(result.errorMessage)
  w.tags()
}

function readResult(r: Reader): CreatePartitionsTopicResult {
  const name = r.string()
  const errorCode = r.int16()
  const errorMessage = r.nullableString()
  r.tags()
  return { name, errorCode, errorMessage }
}
