import { createServer, type Socket } from 'node:net'
import type { Accept, AcceptedSocket, Listen } from './listen.js'

const LOOPBACK = '127.0.0.1'

/** Real TCP on the loopback interface. */
export const nodeListen: Listen = (port, accept) =>
  new Promise((resolve, reject) => {
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
