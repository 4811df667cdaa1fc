import { createServer, type Socket } from 'node:net'
import { nodeEnvironment } from '../environment/node-environment.js'
import type { Accept, AcceptedSocket, Listen, ListeningPort } from './listen.js'

const LOOPBACK = '127.0.0.1'

// Below the range from which systems take the local port of an outgoing connection: there, a client that dials the port of a broker
// that is down may take the port from it, or even end up connected to itself.
const LOWEST_FREE_PORT = 20_000
const FREE_PORTS = 12_000
const ATTEMPTS = 50

/** Real TCP on the loopback interface. */
export const nodeListen: Listen = (port, accept) =>
  port === 0 ? listenAnywhere(accept) : listenAt(port, accept)

async function listenAnywhere(accept: Accept): Promise<ListeningPort> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = LOWEST_FREE_PORT + Math.floor(nodeEnvironment.random() * FREE_PORTS)
    try {
      return await listenAt(port, accept)
    } catch (error) {
      if (!isTaken(error)) throw error
    }
  }
  return listenAt(0, accept)
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
}

function listenAt(port: number, accept: Accept): Promise<ListeningPort> {
  return new Promise((resolve, reject) => {
    const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => serve(socket, accept))
    server.once('error', reject)
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject)
      // An accept that fails later (no file descriptors left, say) is the peer's to notice.
      server.on('error', () => undefined)
      const address = server.address()
      if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port')
      resolve({
        host: LOOPBACK,
        port: address.port,
        close: () => new Promise((closed) => server.close(() => closed())),
      })
    })
  })
}

function serve(socket: Socket, accept: Accept): void {
  const listener = accept(acceptedSocket(socket))
  socket.on('data', (chunk: Buffer) => listener.received(chunk))
  // `on`, not `once`: a second error would have no listener and end the process. The close that follows says enough.
  socket.on('error', () => undefined)
  socket.on('end', () => socket.end())
  socket.on('close', () => listener.closed())
}

function acceptedSocket(socket: Socket): AcceptedSocket {
  return {
    write(chunks) {
      if (socket.destroyed || socket.writableEnded) return
      socket.cork()
      for (const chunk of chunks) socket.write(chunk)
      socket.uncork()
    },
    end() {
      // The peer may never end its half, so ours does not wait for it.
      if (!socket.writableEnded) socket.end(() => socket.destroySoon())
    },
    destroy() {
      socket.destroy()
    },
  }
}
