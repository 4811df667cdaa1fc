import { types } from 'node:util'
import { TlsError } from '../../environment/tls-error.js'
import {
  AuthenticationError,
  type KafkaError,
  NetworkError,
  ProtocolError,
  TimeoutError,
} from '../../errors.js'
import { describeSystemError } from '../address.js'
import type { InFlightRequest } from './in-flight-requests.js'
import { tlsFailure } from './tls-failure.js'

/** The socket ended by itself. `error` is null for an orderly end. */
export function connectionLost(broker: string, error: Error | null): KafkaError {
  if (error instanceof TlsError) return tlsFailure(broker, error)
  if (error === null) return new NetworkError(`broker ${broker} closed the connection`, { broker })
  const reason = describeSystemError(error)
  return new NetworkError(`the connection to broker ${broker} failed: ${reason}`, { broker, cause: error })
}

export function closedWhileIdle(broker: string): NetworkError {
  return new NetworkError(`the connection to broker ${broker} was closed because nothing was sent on it`, {
    broker,
  })
}

/** The other side has sent bytes before the client had said anything. */
export function unasked(broker: string): ProtocolError {
  const what = 'the other side sent bytes before the TLS handshake, which no listener with TLS does'
  return new ProtocolError(`${what}: check the port and security.protocol`, { broker })
}

export function senselessBytes(broker: string, cause: unknown): ProtocolError {
  const what = types.isNativeError(cause) ? cause.message : String(cause)
  if (cause instanceof ProtocolError && cause.code === 'RESPONSE_TOO_LARGE')
    return new ProtocolError(`broker ${broker} sent ${what}`, { code: cause.code, broker, cause })
  if (cause instanceof ProtocolError && cause.code === 'TLS_REQUIRED')
    return new AuthenticationError(what, { code: cause.code, broker })
  return new ProtocolError(`broker ${broker} sent bytes that make no sense: ${what}`, { broker, cause })
}

export function requestTimedOut(broker: string, request: InFlightRequest, nowMs: number): TimeoutError {
  const verb = request.answer === null ? 'take' : 'answer'
  const waitedMs = Math.round(nowMs - request.sentAtMs)
  return new TimeoutError(
    `broker ${broker} did not ${verb} the ${request.apiName} request within ${waitedMs} ms; the connection was given up`,
    'request',
    { broker },
  )
}

/**
 * Rejects the unanswered requests of a connection that ended for `reason`, in the order in which they were
 * sent. If the reason is a response that is too large, it was the response to the first of them that has one.
 * The others may succeed when they are sent again.
 */
export function rejectUnanswered(
  broker: string,
  requests: readonly InFlightRequest[],
  reason: KafkaError,
  nowMs: number,
): void {
  const answered = requests.find(({ answer }) => answer !== null)
  for (const request of requests) {
    const own = request === answered ? reason : ofAnotherRequest(reason)
    request.reject(unanswered(broker, request, own, nowMs))
  }
}

/**
 * The reason for a request that did not cause the end of the connection: another request's response was too
 * large.
 */
function ofAnotherRequest(reason: KafkaError): KafkaError {
  const { code, message, broker } = reason
  return code === 'RESPONSE_TOO_LARGE' ? new ProtocolError(message, { broker, cause: reason }) : reason
}

/** Error for a request whose connection ended for `reason` before the response came. */
function unanswered(broker: string, request: InFlightRequest, reason: KafkaError, nowMs: number): KafkaError {
  const waitedMs = Math.round(nowMs - request.sentAtMs)
  const message = `no answer to the ${request.apiName} request after ${waitedMs} ms: ${reason.message}`
  const details = { broker, possiblyPersisted: true, cause: reason }
  if (reason instanceof TimeoutError) return new TimeoutError(message, 'request', details)
  return new NetworkError(message, details)
}

/** Error for a request that came after the connection had ended. No socket was given a byte of it. */
export function notSent(broker: string, apiName: string, reason: KafkaError | undefined): KafkaError {
  const why = reason?.message ?? 'there is no connection'
  const message = `the ${apiName} request to broker ${broker} was not sent: ${why}`
  const details = { broker, ...(reason !== undefined && { cause: ofAnotherRequest(reason) }) }
  if (reason instanceof AuthenticationError) {
    const { code, retriable, fatal } = reason
    return new AuthenticationError(message, { ...details, code, retriable, fatal })
  }
  return new NetworkError(message, details)
}
