import { Buffer } from 'node:buffer'
import { ApiVersions } from '../../src/protocol/api-versions.js'
import { errorCode } from '../../src/protocol/error-codes.js'
import {
  decodeRequest,
  decodeRequestHeader,
  decodeResponse,
  type RequestHeader,
} from '../../src/protocol/frame.js'
import { InitProducerId } from '../../src/protocol/init-producer-id.js'
import { Metadata } from '../../src/protocol/metadata.js'
import { Produce } from '../../src/protocol/produce.js'
import { readRecordBatchHeader } from '../../src/protocol/record-batch.js'
import type { Link } from './link.js'
import type { MemoryNetwork } from './memory-network.js'
import type { Scenario } from './scenario.js'
import type { Trace } from './trace.js'

const APIS = [Produce, Metadata, ApiVersions, InitProducerId] as const

/** Reads the requests and responses of every connection, and writes their content to the trace. */
export class Story {
  readonly #trace: Trace

  constructor(trace: Trace) {
    this.#trace = trace
  }

  tell(scenario: Scenario, network: MemoryNetwork): void {
    this.#trace.add('scenario', () => JSON.stringify(scenario))
    network.onLink = (link) => this.#listen(link)
  }

  #listen(link: Link): void {
    const toBroker = new Frames()
    const toClient = new Frames()
    const requests: RequestHeader[] = []
    this.#trace.add('network', () => `connection ${link.id} to port ${link.port}`)
    link.tap = (direction, bytes) => {
      for (const frame of (direction === 'toBroker' ? toBroker : toClient).cut(bytes)) {
        const what = direction === 'toBroker' ? requestIn(frame, requests) : answerIn(frame, requests)
        this.#trace.add(
          direction === 'toBroker' ? 'request' : 'answer',
          () => `${link.id}/${link.port} ${what}`,
        )
      }
    }
  }
}

/** The frames of one direction, up to the first bytes that are no frame. */
class Frames {
  #bytes: Buffer = Buffer.alloc(0)

  /** The frames that these bytes complete. */
  cut(bytes: Buffer): Buffer[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes])
    const frames: Buffer[] = []
    while (this.#bytes.length >= 4) {
      const size = this.#bytes.readInt32BE(0)
      if (size < 0 || this.#bytes.length < size + 4) break
      frames.push(this.#bytes.subarray(4, size + 4))
      this.#bytes = this.#bytes.subarray(size + 4)
    }
    return frames
  }
}

function requestIn(frame: Buffer, requests: RequestHeader[]): string {
  try {
    const { header, body } = decodeRequestHeader(
      frame,
      (key) => APIS.find((api) => api.key === key)?.flexibleFrom,
    )
    requests.push(header)
    const name = `${nameOf(header)} (${header.correlationId})`
    if (header.apiKey !== Produce.key) return name
    const batches = decodeRequest(Produce, body).topics.flatMap((topic) =>
      topic.partitions.map(
        ({ index, records }) =>
          `${topic.name === '' ? topic.topicId : topic.name}-${index} ${batchIn(records)}`,
      ),
    )
    return `${name}: ${batches.join('; ')}`
  } catch (error) {
    return `not readable: ${String(error)}`
  }
}

function batchIn(records: Uint8Array | null): string {
  if (records === null) return 'nothing'
  const { producerId, producerEpoch, baseSequence, recordCount } = readRecordBatchHeader(Buffer.from(records))
  return `[${producerId}/${producerEpoch} from ${baseSequence}, ${recordCount} records]`
}

function answerIn(frame: Buffer, requests: RequestHeader[]): string {
  try {
    const correlationId = frame.readInt32BE(0)
    const at = requests.findIndex((request) => request.correlationId === correlationId)
    const [header] = at === -1 ? [] : requests.splice(at, 1)
    if (header === undefined) return `to nothing that was asked (${correlationId})`
    return `${nameOf(header)} (${correlationId})${contentOf(header, frame)}`
  } catch (error) {
    return `not readable: ${String(error)}`
  }
}

function contentOf({ apiKey, apiVersion }: RequestHeader, frame: Buffer): string {
  if (apiKey === Produce.key) {
    const results = decodeResponse(Produce, apiVersion, frame).topics.flatMap((topic) =>
      topic.partitions.map((result) => {
        const leader = result.currentLeader === null ? '' : `, leader ${result.currentLeader.leaderId}`
        return `${topic.name === '' ? topic.topicId : topic.name}-${result.index} ${errorCode(result.errorCode).name} at ${result.baseOffset}${leader}`
      }),
    )
    return `: ${results.join('; ')}`
  }
  if (apiKey === Metadata.key) {
    const topics = decodeResponse(Metadata, apiVersion, frame).topics.map((topic) => {
      const leaders = topic.partitions.map(({ leaderId, leaderEpoch }) => `${leaderId}/${leaderEpoch}`)
      return `${topic.name} ${topic.topicId} ${errorCode(topic.errorCode).name} led by ${leaders.join(' ')}`
    })
    return `: ${topics.join('; ')}`
  }
  if (apiKey === InitProducerId.key) {
    const { errorCode: code, producerId, producerEpoch } = decodeResponse(InitProducerId, apiVersion, frame)
    return `: ${errorCode(code).name} ${producerId}/${producerEpoch}`
  }
  return ''
}

function nameOf({ apiKey, apiVersion }: RequestHeader): string {
  return `${APIS.find((api) => api.key === apiKey)?.name ?? apiKey} v${apiVersion}`
}
