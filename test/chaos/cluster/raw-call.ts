import { connect } from 'node:net'

/**
 * Sends one request with a header of version 1 to a broker on this machine. Resolves to the body of the
 * response.
 */
export function rawCall(
  port: number,
  apiKey: number,
  apiVersion: number,
  body: Buffer,
  timeoutMs: number,
): Promise<Buffer> {
  const head = Buffer.alloc(14)
  head.writeInt32BE(10 + body.length, 0)
  head.writeInt16BE(apiKey, 4)
  head.writeInt16BE(apiVersion, 6)
  head.writeInt32BE(1, 8)
  head.writeInt16BE(-1, 12) // client id: null
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)))
    let received: Buffer = Buffer.alloc(0)
    socket.on('connect', () => socket.write(Buffer.concat([head, body])))
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return
      resolve(received.subarray(8))
      socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the connection was closed before the answer')))
  })
}
