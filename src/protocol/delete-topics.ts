import type { Api } from './api.js'
import type { Reader } from './reader.js'
import { ZERO_UUID } from './uuid.js'
import type { Writer } from './writer.js'

export interface DeleteTopicsRequest {
  /** On the wire from v6. */
  readonly topics: readonly DeleteTopicState[]
  /** On the wire up to v5. */
  readonly topicNames: readonly string[]
  /** How long the controller waits for the topics to be gone, in milliseconds. */
  readonly timeoutMs: number
}

export interface DeleteTopicState {
  /** Null if the id identifies the topic. */
  readonly name: string | null
  /** The zero id if the name identifies the topic. */
  readonly topicId: string
}

export interface DeleteTopicsResponse {
  readonly throttleTimeMs: number
  readonly responses: readonly DeletableTopicResult[]
}

export interface DeletableTopicResult {
  /** v6: null if the request named the topic by an id that is unknown or that the client may not describe. */
  readonly name: string | null
  /** v6 */
  readonly topicId: string
  readonly errorCode: number
  /** v5 */
  readonly errorMessage: string | null
}

/**
 * v4 flexible; v5 error messages and THROTTLING_QUOTA_EXCEEDED (KIP-599); v6 topics by id (KIP-516).
 * https://kafka.apache.org/protocol#The_Messages_DeleteTopics
 */
export const DeleteTopics: Api<DeleteTopicsRequest, DeleteTopicsResponse> = {
  key: 20,
  name: 'DeleteTopics',
  versions: [1, 6],
  flexibleFrom: 4,
  writeRequest(w, request) {
    if (w.version >= 6) w.array(request.topics, writeTopic)
    else w.stringArray(request.topicNames)
    w.int32(request.timeoutMs)
    w.tags()
  },
  readRequest(r) {
    const topics = r.version >= 6 ? r.array(readTopic) : []
    const topicNames = r.version >= 6 ? [] : r.stringArray()
    const timeoutMs = r.int32()
    r.tags()
    return { topics, topicNames, timeoutMs }
  },
  writeResponse(w, response) {
    w.int32(response.throttleTimeMs)
    w.array(response.responses, writeResult)
    w.tags()
  },
  readResponse(r) {
    const throttleTimeMs = r.int32()
    const responses = r.array(readResult)
    r.tags()
    return { throttleTimeMs, responses }
  },
}

function writeTopic(w: Writer, topic: DeleteTopicState): void {
  w.nullableString(topic.name)
  w.uuid(topic.topicId)
  w.tags()
}

function readTopic(r: Reader): DeleteTopicState {
  const name = r.nullableString()
  const topicId = r.uuid()
  r.tags()
  return { name, topicId }
}

function writeResult(w: Writer, topic: DeletableTopicResult): void {
  w.nullableStringFrom(6, topic.name)
  if (w.version >= 6) w.uuid(topic.topicId)
  w.int16(topic.errorCode)
  if (w.version >= 5) w.nullableString(topic.errorMessage)
  w.tags()
}

function readResult(r: Reader): DeletableTopicResult {
  const name = r.nullableStringFrom(6)
  const topicId = r.version >= 6 ? r.uuid() : ZERO_UUID
  const errorCode = r.int16()
  const errorMessage = r.version >= 5 ? r.nullableString() : null
  r.tags()
  return { name, topicId, errorCode, errorMessage }
}
