import { connect } from 'node:net'
import { ErrorCode } from '../../../src/protocol/error-codes.js'

/** One broker's view of its cluster. */
export interface ClusterView {
  readonly brokerIds: readonly number[]
  /** -1 while there is none. */
  readonly controllerId: number
  readonly partitions: readonly PartitionView[]
}

export interface PartitionView {
  readonly topic: string
  readonly partition: number
  /** -1 while there is none. */
  readonly leaderId: number
  readonly replicas: readonly number[]
  readonly inSync: readonly number[]
}

const apiVersionsRequest = request(18, 0, 1, Buffer.alloc(0))
const allTopics = Buffer.from([0xff, 0xff, 0xff, 0xff]) // an array of length -1
const metadataRequest = request(3, 1, 2, allTopics)

/**
 * Asks a broker for ApiVersions v0 and Metadata v1. An open port is no sign of a started broker, which
 * accepts connections before it is registered. The code is independent of the code under test.
 */
export function probeBroker(host: string, port: number, timeoutMs = 2_000): Promise<ClusterView> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)))
    let received: Buffer = Buffer.alloc(0)
    socket.on('connect', () => socket.write(Buffer.concat([apiVersionsRequest, metadataRequest])))
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      const [apiVersions, metadata] = completeFrames(received)
      if (apiVersions === undefined || metadata === undefined) return
      socket.end()
      const errorCode = apiVersions.readInt16BE(4)
      if (errorCode === ErrorCode.NONE) resolve(parseMetadata(metadata))
      else reject(new Error(`ApiVersions answered with error code ${errorCode}`))
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the connection was closed before the answer')))
  })
}

function request(apiKey: number, apiVersion: number, correlationId: number, body: Buffer): Buffer {
  const header = Buffer.alloc(14)
  header.writeInt32BE(10 + body.length, 0)
  header.writeInt16BE(apiKey, 4)
  header.writeInt16BE(apiVersion, 6)
  header.writeInt32BE(correlationId, 8)
  header.writeInt16BE(-1, 12) // client id: null
  return Buffer.concat([header, body])
}

function completeFrames(received: Buffer): Buffer[] {
  const frames: Buffer[] = []
  let position = 0
  while (position + 4 <= received.length) {
    const end = position + 4 + received.readInt32BE(position)
    if (end > received.length) break
    frames.push(received.subarray(position + 4, end))
    position = end
  }
  return frames
}

function parseMetadata(frame: Buffer): ClusterView {
  let position = 4 // after the correlation id
  const skip = (length: number): void => {
    position += length
  }
  const int32 = (): number => {
    position += 4
    return frame.readInt32BE(position - 4)
  }
  const string = (): string => {
    const length = Math.max(0, frame.readInt16BE(position)) // -1 is null
    position += 2 + length
    return frame.toString('utf8', position - length, position)
  }
  const array = <T>(item: () => T): T[] => Array.from({ length: int32() }, item)

  const brokerIds = array(() => {
    const nodeId = int32()
    string() // host
    int32() // port
    string() // rack
    return nodeId
  })
  const controllerId = int32()
  const partitions = array(() => {
    skip(2) // error code
    const topic = string()
    skip(1) // whether it is internal
    return array(() => {
      skip(2) // error code
      const partition = int32()
      return { topic, partition, leaderId: int32(), replicas: array(int32), inSync: array(int32) }
    })
  })
  return { brokerIds, controllerId, partitions: partitions.flat() }
}
