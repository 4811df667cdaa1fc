import { AuthenticationError, type KafkaError, NetworkError, ProtocolError, TimeoutError } from '../errors.js'
import { describeSystemError } from './address.js'
import type { Exchange } from './exchanges.js'

/** The socket ended by itself; `error` is null for an orderly end. */
export function connectionLost(broker: string, error: Error | null): NetworkError {
  if (error === null) return new NetworkError(`broker ${broker} closed the connection`, { broker })
  const reason = describeSystemError(error)
  return new NetworkError(`the connection to broker ${broker} failed: ${reason}`, { broker, cause: error })
}

export function closedWhileIdle(broker: string): NetworkError {
  return new NetworkError(`the connection to broker ${broker} was closed because nothing was sent on it`, {
    broker,
  })
}

export function senselessBytes(broker: string, cause: unknown): ProtocolError {
  const what = cause instanceof Error ? cause.message : String(cause)
  return new ProtocolError(`broker ${broker} sent what makes no sense: ${what}`, { broker, cause })
}

export function requestTimedOut(broker: string, exchange: Exchange, nowMs: number): TimeoutError {
  const verb = exchange.answer === null ? 'take' : 'answer'
  const waitedMs = Math.round(nowMs - exchange.sentAtMs)
  return new TimeoutError(
    `broker ${broker} did not ${verb} the ${exchange.apiName} request within ${waitedMs} ms; the connection was given up`,
    'request',
    { broker },
  )
}

/** What a request is rejected with whose connection ended for `reason` before its answer. */
export function unanswered(
  broker: string,
  exchange: Exchange,
  reason: KafkaError,
  nowMs: number,
): KafkaError {
  const waitedMs = Math.round(nowMs - exchange.sentAtMs)
  const message = `no answer to the ${exchange.apiName} request after ${waitedMs} ms: ${reason.message}`
  const details = { broker, possiblyPersisted: true, cause: reason }
  if (reason instanceof TimeoutError) return new TimeoutError(message, 'request', details)
  return new NetworkError(message, details)
}

/** What a request is rejected with that came when there was no connection any more: not one byte of it was given to a socket. */
export function notSent(broker: string, apiName: string, reason: KafkaError | undefined): KafkaError {
  const why = reason?.message ?? 'there is no connection'
  const message = `the ${apiName} request to broker ${broker} was not sent: ${why}`
  const details = { broker, ...(reason !== undefined && { cause: reason }) }
  if (reason instanceof AuthenticationError)
    return new AuthenticationError(message, { ...details, code: reason.code })
  return new NetworkError(message, details)
}
