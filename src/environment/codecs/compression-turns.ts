import { setImmediate } from 'node:timers'
import { Fifo } from '../../fifo.js'
import { outsideContexts } from '../async-context.js'

interface Job {
  readonly bytes: Uint8Array
  readonly level: number
  readonly compress: (bytes: Uint8Array, level: number) => Uint8Array
  readonly resolve: (compressed: Uint8Array) => void
  readonly reject: (error: unknown) => void
}

/**
 * So many bytes are compressed in one turn of the event loop, or one batch if it is larger. A turn then takes
 * about a millisecond with every codec that runs here.
 */
const BYTES_PER_TURN = 131_072

const jobs = new Fifo<Job>()
let isScheduled = false

/**
 * Compresses on this thread, in a later turn of the event loop and a few batches per turn. Threads cost more
 * than they save for codecs as fast as these, and many batches in one turn would hold everything else up.
 */
export function compressInTurns(
  compress: Job['compress'],
  bytes: Uint8Array,
  level: number,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    jobs.push({ bytes, level, compress, resolve, reject })
    schedule()
  })
}

function schedule(): void {
  if (isScheduled) return
  isScheduled = true
  outsideContexts(() => setImmediate(turn))
}

function turn(): void {
  isScheduled = false
  let done = 0
  for (let job = jobs.peek(); job !== undefined; job = jobs.peek()) {
    if (done > 0 && done + job.bytes.length > BYTES_PER_TURN) break
    jobs.shift()
    done += job.bytes.length
    try {
      job.resolve(job.compress(job.bytes, job.level))
    } catch (error) {
      job.reject(error)
    }
  }
  if (jobs.length > 0) schedule()
}
