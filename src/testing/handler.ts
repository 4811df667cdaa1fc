import type { Api, ApiIdentity, VersionRange } from '../protocol/api.js'
import { decodeRequest, encodeResponse } from '../protocol/frame.js'
import type { Reader } from '../protocol/reader.js'
import type { ClusterActivity } from './cluster-activity.js'
import type { ClusterState } from './cluster-state.js'
import type { Exchange, InterceptorList, Part } from './interceptor.js'
import type { ProducedPartition } from './request-log.js'
import type { ConnectionLogin } from './sasl/connection-login.js'

/**
 * The cluster that a handler works on, the interceptors of its faults, and its log of requests and events.
 */
export interface HandlerContext {
  readonly cluster: ClusterState
  readonly interceptors: InterceptorList
  readonly activity: ClusterActivity
}

/** How a broker answers one API: a request in, a response out, at once or later. */
export interface Handler<Request, Response extends object> {
  readonly api: Api<Request, Response>
  /** The advertised versions, if they differ from the handled ones. */
  readonly advertised?: VersionRange
  /** The topics and partitions that the request is about, for faults that match them. */
  parts(request: Request): readonly Part[]
  /** The part of a Produce request that the request log keeps. */
  produced?(request: Request): readonly ProducedPartition[]
  /**
   * Calls `answer` once, within the call or later. Null sends no response (acks=0), and 'close' ends the
   * connection.
   */
  handle(
    request: Request,
    exchange: Exchange,
    answer: (response: Response | null | 'close') => void,
    login: ConnectionLogin,
  ): void
}

/** A decoded request whose types are hidden. */
export interface OpenedRequest {
  readonly parts: readonly Part[]
  readonly produced: readonly ProducedPartition[] | null
  run(
    exchange: Exchange,
    login: ConnectionLogin,
    answer: (frame: Uint8Array[] | null | 'close') => void,
  ): void
}

/** An API as a connection sees it. */
export interface ServedApi extends ApiIdentity {
  readonly advertised: VersionRange
  /** @throws ProtocolError if the bytes are not a request of this API */
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
        run(exchange, login, answer) {
          const encode = (response: Response | null | 'close'): void => {
            if (response === null || response === 'close') answer(response)
            else answer(encodeResponse(api, exchange.apiVersion, exchange.correlationId, response))
          }
          handler.handle(request, exchange, encode, login)
        },
      }
    },
  }
}

/** The parts of a request that is about no topic. */
export function noParts(): readonly Part[] {
  return []
}

/**
 * Returns the injected error for a part, or handles the part. Its own error may then be replaced by an
 * injected one.
 */
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
