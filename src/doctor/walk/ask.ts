import { type Api, pickVersion } from '../../protocol/api.js'
import { decodeResponse } from '../../protocol/frame.js'
import type { AddressRoute, AddressWalk } from './walk-address.js'
import type { WalkContext } from './walk-context.js'

/** A connection that is ready for requests, and the way that led to it. */
export interface OpenRoute {
  /** The server in the findings. */
  readonly subject: string
  readonly route: AddressRoute
  readonly walk: AddressWalk
}

/**
 * Sends one request, and waits for the time of a step. It is not sent again.
 *
 * @throws KafkaError if there is no answer, or no common version
 */
export async function ask<Request, Response>(
  context: WalkContext,
  { walk: { setUp } }: OpenRoute,
  api: Api<Request, Response>,
  message: Request,
): Promise<Response> {
  if (context.overdue !== null) throw context.overdue
  const { connection, versions, target } = setUp
  const version = pickVersion(api, versions?.ranges.get(api.key), target.broker)
  return connection.request(api, version, message, (frame) => decodeResponse(api, version, frame), {
    timeoutMs: context.stepTimeMs,
  })
}
