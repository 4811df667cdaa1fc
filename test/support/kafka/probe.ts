import { connect } from 'node:net'

/** What one broker says about its cluster. */
export interface ClusterView {
  readonly brokerIds: readonly number[]
  /** -1 while there is none. */
  readonly controllerId: number
}

const apiVersionsRequest = request(18, 0, 1, Buffer.alloc(0))
const noTopics = Buffer.alloc(4)
const metadataRequest = request(3, 1, 2, noTopics)

/**
 * Asks a broker for ApiVersions v0 and Metadata v1. An open port is not enough to call a broker started:
 * it accepts connections before it is registered. Written by hand, so that it owes nothing to the code under test.
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
      if (errorCode === 0) resolve(parseMetadata(metadata))
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
  const int32 = () => {
    position += 4
    return frame.readInt32BE(position - 4)
  }
  const skipString = () => {
    position += 2 + Math.max(0, frame.readInt16BE(position))
  }
  const brokerIds = Array.from({ length: int32() }, () => {
    const nodeId = int32()
    skipString() // host
    int32() // port
    skipString() // rack
    return nodeId
  })
  return { brokerIds, controllerId: int32() }
}
