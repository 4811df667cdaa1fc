import type { Clock } from '../../environment/clock.js'
import { type HttpAnswer, HttpError, type PostHttp } from '../../environment/http.js'
import type { SecureSettings } from '../../environment/socket.js'
import { AuthenticationError } from '../../errors.js'
import { tokenIn } from './token-answer.js'
import type { MakeTokenRequest, TokenRequest } from './token-request.js'

/** A longer answer is no answer of a token endpoint. */
const MAX_ANSWER_BYTES = 1_048_576
/** Doubling needs something to double, and no setting may make a storm of requests. */
const MIN_PAUSE_MS = 10

/** How long a token may take. */
export interface EndpointTiming {
  readonly connectTimeoutMs: number
  readonly readTimeoutMs: number
  readonly retryBackoffMs: number
  /** The bound of all attempts together. */
  readonly retryBackoffMaxMs: number
}

/** A token endpoint, and the way to ask it. */
export interface TokenEndpoint extends EndpointTiming {
  readonly url: string
  readonly makeRequest: MakeTokenRequest
  readonly tls: () => Promise<SecureSettings>
}

export interface EndpointEnvironment {
  readonly clock: Pick<Clock, 'now' | 'setTimer'>
  readonly postHttp: PostHttp
}

/**
 * Asks the token endpoint for a token, and asks again while its answer may change: `retryBackoffMs`
 * later, but 10 ms at least, then twice as long, until the next attempt would come after `retryBackoffMaxMs`.
 *
 * @throws AuthenticationError of the last attempt, or the reason of the signal
 */
export async function fetchToken(
  endpoint: TokenEndpoint,
  signal: AbortSignal,
  environment: EndpointEnvironment,
): Promise<string> {
  const { clock } = environment
  const startedAt = clock.now()
  const firstPauseMs = Math.max(endpoint.retryBackoffMs, MIN_PAUSE_MS)
  for (let attempt = 1, pauseMs = firstPauseMs; ; attempt++, pauseMs *= 2) {
    try {
      return await fetchOnce(endpoint, signal, environment)
    } catch (error) {
      if (!(error instanceof AuthenticationError) || !error.retriable) throw error
      const spentMs = clock.now() - startedAt
      if (spentMs + pauseMs > endpoint.retryBackoffMaxMs) throw afterAttempts(error, attempt, spentMs)
      await pause(pauseMs, signal, clock)
    }
  }
}

/** The longest time that a token can take. */
export function longestFetchMs(timing: EndpointTiming): number {
  return timing.retryBackoffMaxMs + timing.connectTimeoutMs + timing.readTimeoutMs
}

async function fetchOnce(
  endpoint: TokenEndpoint,
  signal: AbortSignal,
  environment: EndpointEnvironment,
): Promise<string> {
  const request = endpoint.makeRequest()
  const { host } = new URL(endpoint.url)
  try {
    const answer = await post(endpoint, request, signal, environment)
    return tokenIn(answer, { host, secrets: request.secrets })
  } catch (error) {
    throw error instanceof HttpError ? unanswered(host, error) : error
  }
}

/** One request within the two timeouts. The time to read begins anew with each part of the answer. */
async function post(
  { url, tls, connectTimeoutMs, readTimeoutMs }: TokenEndpoint,
  { headers, body }: TokenRequest,
  signal: AbortSignal,
  { clock, postHttp }: EndpointEnvironment,
): Promise<HttpAnswer> {
  const controller = new AbortController()
  const giveUp = (): void => controller.abort(signal.reason)
  const limit = (ms: number, what: string) =>
    clock.setTimer(ms, () => controller.abort(new HttpError(`${what} within ${ms} ms`, '')))
  const settings = await tls()
  if (signal.aborted) giveUp()
  signal.addEventListener('abort', giveUp, { once: true })
  let timer = limit(connectTimeoutMs, 'there was no connection (sasl.login.connect.timeout.ms)')
  const progressed = (): void => {
    timer.cancel()
    timer = limit(readTimeoutMs, 'nothing came (sasl.login.read.timeout.ms)')
  }
  try {
    return await postHttp({
      url,
      headers,
      body,
      tls: settings,
      maxBytes: MAX_ANSWER_BYTES,
      signal: controller.signal,
      progressed,
    })
  } finally {
    timer.cancel()
    signal.removeEventListener('abort', giveUp)
  }
}

/** A certificate that is refused stays so, and so does an answer that is too long. The rest may pass. */
function unanswered(host: string, { message, code }: HttpError): AuthenticationError {
  const isFinal = code === 'TOO_LARGE' || isTlsRefusal(code)
  const named = code === '' || message.includes(code) ? '' : ` (${code})`
  const advice = isTlsRefusal(code)
    ? '. For the certificate of an authority of your own, give the ssl.truststore options of sasl.jaas.config, or oidc.tls'
    : ''
  return new AuthenticationError(`the token endpoint ${host} gave no token: ${message}${named}${advice}`, {
    retriable: !isFinal,
    fatal: isFinal,
  })
}

/** Node's codes for a certificate, a version or a cipher suite that does not fit. */
function isTlsRefusal(code: string): boolean {
  return /^(?:CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|ERR_TLS_|ERR_SSL_)/.test(code)
}

function afterAttempts(error: AuthenticationError, attempts: number, spentMs: number): AuthenticationError {
  const count = attempts === 1 ? '1 attempt' : `${attempts} attempts`
  return new AuthenticationError(`${error.message} (${count} in ${Math.round(spentMs)} ms)`, {
    retriable: true,
    fatal: false,
  })
}

function pause(ms: number, signal: AbortSignal, clock: Pick<Clock, 'setTimer'>): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => {
      timer.cancel()
      reject(signal.reason)
    }
    const timer = clock.setTimer(ms, () => {
      signal.removeEventListener('abort', giveUp)
      resolve()
    })
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
  })
}
