import { Buffer } from 'node:buffer'
import type { Api, ApiIdentity } from '../../src/protocol/api.js'
import { decodeResponse, encodeResponse } from '../../src/protocol/frame.js'
import { FrameAssembler } from '../../src/testing/frame-assembler.js'
import type { Fault, Listen } from '../../src/testing/index.js'

const MAX_FRAME_BYTES = 0x7fffffff
/** The size field. */
const SIZE_BYTES = 4

/** A broker's answer, whole and as yet true. */
export interface Answer {
  readonly version: number
  readonly correlationId: number
  /** Without the size. */
  readonly frame: Buffer
}

/** The frame that goes out instead, without the size; null to leave the answer as it is. */
export type Rewrite = (answer: Answer) => Buffer | null

/** Which answers are meant: those of an API, but for the first `skip`, and `times` at the most. */
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

/** Brokers that answer other things than they mean to: stands between them and the network, and changes answers on their way out. */
export class AnswerRewrites {
  readonly #rules = new Set<Rule>()

  /** The same network, at whose brokers' end answers may be changed. */
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

  /** Hits are the answers that were really changed. */
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
    // One that was cut on purpose is no answer.
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
      // Two lies in one answer could make a third: that a batch is written which was refused.
      break
    }
    const size = Buffer.alloc(SIZE_BYTES)
    size.writeInt32BE(frame.length, 0)
    return Buffer.concat([size, frame])
  }
}

/** Changes what an answer says; null from `change` leaves it as it is. What cannot be read any more is left as it is too. */
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

/** Null if another fault has left nothing that can be read. */
export function readIfPossible<Read>(read: () => Read): Read | null {
  try {
    return read()
  } catch {
    return null
  }
}
