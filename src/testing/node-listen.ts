import { createServer, type Server, type Socket } from 'node:net'
import { nodeEnvironment } from '../environment/node-environment.js'
import type { Accept, AcceptedSocket, Listen, ListeningPort } from './listen.js'

const LOOPBACK = '127.0.0.1'

// Free ports are chosen below the range from which systems take the local port of an outgoing connection.
// Within that range a client that connects to a stopped broker could take the broker's port, or even connect
// to itself.
const LOWEST_FREE_PORT = 20_000
const FREE_PORTS = 12_000
const ATTEMPTS = 50

/** Makes a server that passes each connection to `serve`. */
type MakeServer = (serve: (socket: Socket) => void) => Server

/** Real TCP on the loopback interface. */
export const nodeListen: Listen = nodeListenOn((serve) =>
  createServer({ noDelay: true, allowHalfOpen: true }, serve),
)

/** Servers of Node on the loopback interface. */
export function nodeListenOn(makeServer: MakeServer): Listen {
  return (port, accept) =>
    port === 0 ? listenAnywhere(accept, makeServer) : listenAt(port, accept, makeServer)
}

async function listenAnywhere(accept: Accept, makeServer: MakeServer): Promise<ListeningPort> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = LOWEST_FREE_PORT + Math.floor(nodeEnvironment.random() * FREE_PORTS)
    try {
      return await listenAt(port, accept, makeServer)
    } catch (error) {
      if (!isTaken(error)) throw error
    }
  }
  return listenAt(0, accept, makeServer)
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES')
}

function listenAt(port: number, accept: Accept, makeServer: MakeServer): Promise<ListeningPort> {
  return new Promise((resolve, reject) => {
    const server = makeServer((socket) => serve(socket, accept))
    server.once('error', reject)
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject)
      // If an accept fails later, for example without free file descriptors, the peer notices it.
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
  // `on` and not `once`: a second error without a listener would end the process. The event `close` follows
  // in any case.
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
      // The peer may never end its half of the connection, so this does not wait for it.
      if (!socket.writableEnded) socket.end(() => socket.destroySoon())
    },
    destroy() {
      socket.destroy()
    },
  }
}
