import type { Buffer } from 'node:buffer'
import { AuthenticationError } from '../../errors.js'
import { type Api, pickVersion } from '../../protocol/api.js'
import { ErrorCode } from '../../protocol/error-codes.js'
import { decodeResponse } from '../../protocol/frame.js'
import { SaslAuthenticate } from '../../protocol/sasl-authenticate.js'
import { SaslHandshake } from '../../protocol/sasl-handshake.js'
import type { Connection } from '../connection/connection.js'
import type { SaslConversation } from '../sasl/mechanism.js'
import type { BrokerVersions } from './broker-versions.js'
import { handshakeRefused, loginRefused, mechanismFailed } from './sasl-errors.js'

/** `sasl.server.max.receive.size` of brokers, and the limit for what they send before the login is done. */
export const MAX_SASL_BYTES = 524_288

/** The connection on which a login runs, and the broker at its other end. */
export interface LoginRoute {
  readonly connection: Connection
  readonly versions: BrokerVersions
  /** The broker's name in errors. */
  readonly broker: string
}

/**
 * Tells the broker the mechanism. It is the configured one: what the broker offers never leads to another.
 * Returns the mechanisms that the broker offers.
 *
 * @throws AuthenticationError (`UNSUPPORTED_SASL_MECHANISM`, or `ILLEGAL_SASL_STATE` if the listener has no
 *   SASL or will not renew the session yet)
 */
export async function shakeHands(route: LoginRoute, mechanism: string): Promise<readonly string[]> {
  // v0 announces bare tokens, which carry no error and no lifetime. Brokers since 1.0 know v1.
  const response = await ask(route, SaslHandshake, { mechanism }, { atLeast: 1 })
  if (response.errorCode !== ErrorCode.NONE) throw handshakeRefused(route.broker, mechanism, response)
  return response.mechanisms
}

/**
 * Runs the mechanism for as many rounds as it needs. Those that are built in know their last round and refuse
 * another, and the time of the set-up ends all others.
 *
 * Returns the lifetime of the session in milliseconds, as the broker gave it.
 *
 * @throws AuthenticationError if either side refuses the other
 */
export async function authenticate(
  route: LoginRoute,
  mechanism: string,
  conversation: SaslConversation,
): Promise<bigint> {
  const { broker } = route
  let challenge: Uint8Array | null = null
  for (let lifetimeMs = 0n; ; ) {
    const authBytes: Uint8Array | null = await nextMessage(conversation, challenge, mechanism, broker)
    if (authBytes === null) return lifetimeMs
    const response = await ask(route, SaslAuthenticate, { authBytes })
    if (response.errorCode !== ErrorCode.NONE) throw loginRefused(broker, mechanism, response, conversation)
    challenge = response.authBytes
    lifetimeMs = response.sessionLifetimeMs
  }
}

async function nextMessage(
  conversation: SaslConversation,
  challenge: Uint8Array | null,
  mechanism: string,
  broker: string,
): Promise<Uint8Array | null> {
  let message: Uint8Array | null
  try {
    message = await conversation.next(challenge)
  } catch (error) {
    throw mechanismFailed(broker, mechanism, error)
  }
  if (message === null) {
    if (challenge !== null) return null
    throw new AuthenticationError(`the mechanism ${mechanism} ended before it had sent anything`, { broker })
  }
  if (!(message instanceof Uint8Array))
    throw new AuthenticationError(`the mechanism ${mechanism} gave a message that is no Uint8Array`, {
      broker,
    })
  if (message.length > MAX_SASL_BYTES)
    throw new AuthenticationError(
      `the ${mechanism} message has ${message.length} bytes, more than the ${MAX_SASL_BYTES} that brokers take`,
      { broker },
    )
  return message
}

function ask<Request, Response>(
  { connection, versions, broker }: LoginRoute,
  api: Api<Request, Response>,
  message: Request,
  limits: { readonly atLeast?: number } = {},
): Promise<Response> {
  const version = pickVersion(api, versions.ranges.get(api.key), broker, limits)
  const read = (frame: Buffer): Response => decodeResponse(api, version, frame)
  // In the background: places in flight are for requests of the connection's user.
  return connection.request(api, version, message, read, { background: true })
}
