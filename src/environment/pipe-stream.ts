import { Socket } from 'node:net'
import type { Readable } from 'node:stream'

/**
 * Reads a pipe through the event loop, and closes its descriptor in the end.
 *
 * A stream of `node:fs` reads in a thread of libuv's pool. Reading a silent pipe keeps that thread until the
 * pipe's writer writes, and the process cannot end before.
 *
 * @param fd a descriptor of a pipe or FIFO that is open for reading
 */
export function pipeStream(fd: number): Readable {
  return new Socket({ fd, readable: true, writable: false })
}
