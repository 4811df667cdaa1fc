import { types } from 'node:util'
import { AuthenticationError, KafkaError } from '../../errors.js'
import { brokerError } from '../../protocol/broker-error.js'
import { ErrorCode } from '../../protocol/error-codes.js'
import { SaslAuthenticate, type SaslAuthenticateResponse } from '../../protocol/sasl-authenticate.js'
import { SaslHandshake, type SaslHandshakeResponse } from '../../protocol/sasl-handshake.js'
import type { SaslConversation, SaslRefusal } from '../sasl/mechanism.js'
import { nextSentence } from '../sasl/next-sentence.js'

/** A longer text of a broker or of a user's function is cut. */
const SHOWN_LENGTH = 300
/** More mechanisms than these are counted only, and longer names are cut. RFC 4422 allows 20 characters. */
const MOST_NAMED = 20
const NAME_LENGTH = 40

/**
 * The error for a mechanism that got no credentials. The failure of a function is retriable: the source of
 * its credentials may be back soon. The function's error is not kept, because errors of HTTP libraries hold
 * the whole request.
 */
export function loginNotStarted(broker: string, mechanism: string, cause: unknown): AuthenticationError {
  if (cause instanceof AuthenticationError) {
    const { code, retriable, fatal } = cause
    return new AuthenticationError(cause.message, { code, retriable, fatal, broker })
  }
  return new AuthenticationError(
    `there are no credentials for ${mechanism}: ${reasonOf(cause) || 'the function gave no reason'}`,
    { retriable: true, fatal: false, broker },
  )
}

/** The broker refused the mechanism. */
export function handshakeRefused(
  broker: string,
  mechanism: string,
  { errorCode, mechanisms }: SaslHandshakeResponse,
): KafkaError {
  const offered = inWords(mechanisms)
  if (errorCode === ErrorCode.UNSUPPORTED_SASL_MECHANISM)
    return new AuthenticationError(
      `the broker does not offer the mechanism ${mechanism}; it offers ${offered || 'none'}: choose one of these`,
      { code: 'UNSUPPORTED_SASL_MECHANISM', broker },
    )
  if (errorCode === ErrorCode.ILLEGAL_SASL_STATE)
    return new AuthenticationError(
      'this listener does not use SASL: use the port of a SASL listener, or a security.protocol without SASL',
      { code: 'ILLEGAL_SASL_STATE', broker },
    )
  return brokerError(errorCode, { api: SaslHandshake.name, broker })
}

/** The broker refused the credentials. */
export function loginRefused(
  broker: string,
  mechanism: string,
  { errorCode, errorMessage }: SaslAuthenticateResponse,
  conversation: SaslConversation,
): KafkaError {
  const reason = errorMessage === null ? null : shortText(errorMessage)
  const { hint = '', mayRetry = false } = explanationOf(conversation, reason)
  if (errorCode !== ErrorCode.SASL_AUTHENTICATION_FAILED)
    return brokerError(errorCode, { api: SaslAuthenticate.name, broker, brokerMessage: reason })
  const said = reason ? `: ${reason}` : ''
  return new AuthenticationError(`the broker refused the ${mechanism} login${said}${nextSentence(hint)}`, {
    code: 'SASL_AUTHENTICATION_FAILED',
    retriable: mayRetry,
    fatal: !mayRetry,
    broker,
  })
}

/**
 * What the mechanism knows about the refusal. A mechanism of a user that fails here, or gives nonsense, knows
 * nothing: that the broker refused is the news.
 */
function explanationOf(conversation: SaslConversation, reason: string | null): SaslRefusal {
  try {
    const given: unknown = conversation.refused?.(reason)
    if (typeof given !== 'object' || given === null) return {}
    // Nobody else hears of its rejection, which would end the process.
    if (types.isPromise(given)) given.catch(() => undefined)
    const { hint, mayRetry } = given as Record<keyof SaslRefusal, unknown>
    return { hint: typeof hint === 'string' ? hint : undefined, mayRetry: mayRetry === true }
  } catch {
    return {}
  }
}

/** The mechanisms that a broker offers, in words. The broker has not proved who it is. */
function inWords(mechanisms: readonly string[]): string {
  const sorted = [...mechanisms].sort()
  const named = sorted.slice(0, MOST_NAMED).map((name) => shortText(name.slice(0, NAME_LENGTH)))
  const others = sorted.length - named.length
  return `${named.join(', ')}${others === 0 ? '' : ` and ${others} others`}`
}

/** The client's part of the mechanism failed: it refused the server, or it has a bug. */
export function mechanismFailed(broker: string, mechanism: string, cause: unknown): KafkaError {
  if (cause instanceof KafkaError) return cause
  return new AuthenticationError(`the mechanism ${mechanism} failed: ${reasonOf(cause)}`, { broker })
}

/** The text of what a function threw. Anything but an error could be a secret. */
function reasonOf(cause: unknown): string {
  // A `fetch` that is too late rejects with a DOMException.
  const isError =
    types.isNativeError(cause) || Object.prototype.toString.call(cause) === '[object DOMException]'
  const message: unknown = isError ? Reflect.get(Object(cause), 'message') : undefined
  return typeof message === 'string' ? shortText(message) : typeof cause
}

/** Text from outside in one line, without control characters. */
function shortText(text: string): string {
  const clean = text.replace(/\p{Cc}+/gu, ' ').trim()
  return clean.length > SHOWN_LENGTH ? `${clean.slice(0, SHOWN_LENGTH)}...` : clean
}
