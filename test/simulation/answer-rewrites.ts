import { Buffer } from 'node:buffer'
import type { Api, ApiIdentity } from '../../src/protocol/api.js'
import { decodeResponse, encodeResponse } from '../../src/protocol/frame.js'
import { FrameAssembler } from '../../src/testing/frame-assembler.js'
import type { Fault, Listen } from '../../src/testing/index.js'

const MAX_FRAME_BYTES = 0x7fffffff
/** Bytes of the size field. */
const SIZE_BYTES = 4

/** A broker's complete response, before any change. */
export interface Answer {
  readonly version: number
  readonly correlationId: number
  /** The frame without its size field. */
  readonly frame: Buffer
}

/** The frame to send instead, without its size field; null to leave the response as it is. */
export type Rewrite = (answer: Answer) => Buffer | null

/** The responses to change: those of an API after the first `skip`, at most `times`. */
export interface AnswerMatch {
  readonly api: ApiIdentity
  readonly skip: number
  readonly times: number
}

interface Rule extends AnswerMatch {
  readonly rewrite: Rewrite
  seen: number
  hits: number
}

interface Request {
  readonly apiKey: number
  readonly version: number
}

/** Changes responses between the brokers and the network. */
export class AnswerRewrites {
  readonly #rules = new Set<Rule>()

  /** The same network, with changes of responses at the brokers' end. */
  watched(listen: Listen): Listen {
    return (port, accept) =>
      listen(port, (socket) => {
        const frames = new FrameAssembler(MAX_FRAME_BYTES)
        const requests = new Map<number, Request>()
        const broker = accept({
          write: (chunks) => socket.write([this.#rewritten(Buffer.concat(chunks), requests)]),
          end: () => socket.end(),
          destroy: () => socket.destroy(),
        })
        return {
          received: (chunk) => {
            frames.push(chunk)
            for (let frame = frames.next(); frame !== null; frame = frames.next())
              requests.set(frame.readInt32BE(4), {
                apiKey: frame.readInt16BE(0),
                version: frame.readInt16BE(2),
              })
            broker.received(chunk)
          },
          closed: () => broker.closed(),
        }
      })
  }

  /** Hits count the responses that were really changed. */
  add(match: AnswerMatch, rewrite: Rewrite): Fault {
    const rule = { ...match, rewrite, seen: 0, hits: 0 }
    this.#rules.add(rule)
    return {
      get hits() {
        return rule.hits
      },
      remove: () => {
        this.#rules.delete(rule)
      },
    }
  }

  #rewritten(bytes: Buffer, requests: Map<number, Request>): Buffer {
    // A frame that a fault has cut is no complete response.
    if (bytes.length < 2 * SIZE_BYTES || bytes.readInt32BE(0) !== bytes.length - SIZE_BYTES) return bytes
    const correlationId = bytes.readInt32BE(SIZE_BYTES)
    const request = requests.get(correlationId)
    requests.delete(correlationId)
    if (request === undefined) return bytes
    let frame = bytes.subarray(SIZE_BYTES)
    for (const rule of this.#rules) {
      if (rule.api.key !== request.apiKey || rule.hits >= rule.times || rule.seen++ < rule.skip) continue
      const changed = rule.rewrite({ version: request.version, correlationId, frame })
      if (changed === null) continue
      rule.hits++
      frame = changed
      // Two changes in one response could make a third, such as success for a batch that was refused.
      break
    }
    const size = Buffer.alloc(SIZE_BYTES)
    size.writeInt32BE(frame.length, 0)
    return Buffer.concat([size, frame])
  }
}

/**
 * Changes a decoded response. Null from `change` leaves the response as it is, and so does a frame that
 * cannot be read.
 */
export function rewriteOf<Response>(
  api: Api<unknown, Response>,
  change: (response: Response, version: number) => Response | null,
): Rewrite {
  return ({ version, correlationId, frame }) => {
    const response = readIfPossible(() => decodeResponse(api, version, frame))
    const changed = response === null ? null : change(response, version)
    if (changed === null) return null
    return Buffer.concat(encodeResponse(api, version, correlationId, changed)).subarray(SIZE_BYTES)
  }
}

/** The decoded response; null if another fault has made it unreadable. */
export function readIfPossible<Read>(read: () => Read): Read | null {
  try {
    return read()
  } catch {
    return null
  }
}
