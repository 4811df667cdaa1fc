import type { Buffer } from 'node:buffer'
import { lookup } from 'node:dns/promises'
import { createConnection } from 'node:net'
import { performance } from 'node:perf_hooks'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Clock } from './clock.js'
import type { Compress, Environment } from './environment.js'
import type { Lookup, OpenSocket } from './socket.js'

/** The longest delay the runtime's timers take; beyond it they would fire at once. */
const MAX_TIMER_MS = 0x7fffffff

const clock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  setTimer(delayMs, fire) {
    // Rounded up: a timer that fired early would find nothing to do and be set again for the rest.
    const timer = setTimeout(fire, Math.min(Math.max(Math.ceil(delayMs), 0), MAX_TIMER_MS))
    return { cancel: () => clearTimeout(timer) }
  },
  soon(run) {
    setImmediate(run)
  },
}

const openSocket: OpenSocket = (address, listener) => {
  const socket = createConnection({
    host: address.address,
    port: address.port,
    family: address.family,
    noDelay: true,
    keepAlive: true,
  })
  let failure: Error | null = null
  socket.on('connect', () => listener.connected())
  socket.on('data', (chunk) => listener.received(chunk))
  // `on`, not `once`: a second error would otherwise have no listener and end the process.
  socket.on('error', (error) => {
    failure ??= error
  })
  socket.on('close', () => listener.closed(failure))
  // The peer has said its last word; there is no use for a half-open connection here.
  socket.on('end', () => socket.destroy())
  return {
    write(chunks, written) {
      const last = chunks.length - 1
      socket.cork()
      chunks.forEach((chunk, i) => {
        if (i < last) socket.write(chunk)
        else
          socket.write(chunk, (error) => {
            if (!error) written()
          })
      })
      socket.uncork()
    },
    destroy() {
      socket.destroy()
    },
  }
}

const resolve: Lookup = async (host) => {
  const found = await lookup(host, { all: true, order: 'verbatim' })
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
}

const gzipAsync = promisify<Uint8Array, { level: number }, Buffer>(gzip)

const compress: Compress = (codec, level, bytes) => {
  if (codec === 'gzip') return gzipAsync(bytes, { level })
  return Promise.reject(new RangeError(`no codec for ${codec} in this environment`))
}

/** The real world: the runtime's clock, sockets, resolver and codecs. */
export const nodeEnvironment: Environment = {
  clock,
  random: Math.random,
  openSocket,
  lookup: resolve,
  compress,
}
