import type { Buffer } from 'node:buffer'
import type { SecureSettings } from './socket.js'

/** One POST. Its url is the only place that it goes to. */
export interface HttpRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** For a url of https. */
  readonly tls: SecureSettings
  /** A longer answer fails the request. */
  readonly maxBytes: number
  /** Ends the request, with the reason of the signal. */
  readonly signal: AbortSignal
  /** Called when the server can be written to, and at each part of its answer. */
  readonly progressed: () => void
}

/** A complete answer, whatever its status. A redirect is an answer like any other. */
export interface HttpAnswer {
  readonly status: number
  readonly body: Buffer
}

/** Sends one request over a connection of its own. Rejects with an HttpError, or with the signal's reason. */
export type PostHttp = (request: HttpRequest) => Promise<HttpAnswer>

/**
 * A request without an answer. It takes the place of Node's error, which may hold the request and with it the
 * credentials.
 */
export class HttpError extends Error {
  override readonly name: string = 'HttpError'
  /** Node's code, such as `ECONNREFUSED`; `TOO_LARGE` for an answer beyond the limit. */
  readonly code: string

  constructor(message: string, code: string) {
    super(message)
    this.code = code
  }
}
