import type { Api, ApiIdentity, VersionRange } from '../protocol/api.js'
import { decodeRequest, encodeResponse } from '../protocol/frame.js'
import type { Reader } from '../protocol/reader.js'
import type { ClusterActivity } from './cluster-activity.js'
import type { ClusterState } from './cluster-state.js'
import type { Exchange, InterceptorList, Part } from './interceptor.js'
import type { ProducedPartition } from './request-log.js'

/** What a handler works on: the cluster, the faults that may stand in for an outcome, and where to note what no answer tells. */
export interface HandlerContext {
  readonly cluster: ClusterState
  readonly interceptors: InterceptorList
  readonly activity: ClusterActivity
}

/** How a broker answers one API: a request in, a response out, at once or later. */
export interface Handler<Request, Response extends object> {
  readonly api: Api<Request, Response>
  /** The versions told to clients where they differ from those handled. */
  readonly advertised?: VersionRange
  /** What the request is about, for faults that are meant for a topic or a partition. */
  parts(request: Request): readonly Part[]
  /** What the request log keeps of a Produce request. */
  produced?(request: Request): readonly ProducedPartition[]
  /** Calls `answer` once, within the call or later; null if nothing is to be sent (acks=0), 'close' to end the connection. */
  handle(request: Request, exchange: Exchange, answer: (response: Response | null | 'close') => void): void
}

/** A request whose types nobody needs to know any more. */
export interface OpenedRequest {
  readonly parts: readonly Part[]
  readonly produced: readonly ProducedPartition[] | null
  run(exchange: Exchange, answer: (frame: Uint8Array[] | null | 'close') => void): void
}

/** An API as the connection sees it. */
export interface ServedApi extends ApiIdentity {
  readonly advertised: VersionRange
  /** @throws ProtocolError if the bytes are no such request */
  open(body: Reader): OpenedRequest
}

export function serve<Request, Response extends object>(handler: Handler<Request, Response>): ServedApi {
  const { api } = handler
  return {
    key: api.key,
    name: api.name,
    versions: api.versions,
    flexibleFrom: api.flexibleFrom,
    advertised: handler.advertised ?? api.versions,
    open(body) {
      const request = decodeRequest(api, body)
      return {
        parts: handler.parts(request),
        produced: handler.produced?.(request) ?? null,
        run(exchange, answer) {
          handler.handle(request, exchange, (response) => {
            if (response === null || response === 'close') answer(response)
            else answer(encodeResponse(api, exchange.apiVersion, exchange.correlationId, response))
          })
        },
      }
    },
  }
}

/** For requests that are about no topic. */
export function noParts(): readonly Part[] {
  return []
}

/** An injected error for a part, a handled part's own error, or the injected one that replaces it. */
export function faultOr(
  context: HandlerContext,
  exchange: Exchange,
  part: Part | null,
  handle: () => number,
): number {
  const injected = context.interceptors.partError(exchange, part)
  if (injected !== undefined) return injected
  const errorCode = handle()
  return context.interceptors.handledPartError(exchange, part) ?? errorCode
}
