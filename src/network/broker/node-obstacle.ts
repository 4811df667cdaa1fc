import type { Broker } from './broker.js'

/** The reasons for which brokers do not answer. */
export interface Obstacles {
  /** Whether at least one of them is connected. */
  readonly isConnected: boolean
  /** A reason for each broker concerned; empty if nothing is in the way. */
  readonly reasons: readonly string[]
}

/** A broker with a request under way, and the time at which it got the request. */
export interface AskedBroker {
  readonly broker: string
  readonly sinceMs: number
}

/** Says in words that a request is still under way. */
export function notAnswered({ broker, sinceMs }: AskedBroker, apiName: string, now: number): string {
  return `broker ${broker} has not answered the ${apiName} request after ${Math.round(now - sinceMs)} ms`
}

/**
 * The reason for which a broker cannot be asked now, in words. Null if it can be, or if no connection to it
 * was asked for.
 */
export function nodeObstacle(node: Broker, now: number): string | null {
  const { description, inFlight, lastAttemptMs, lastError, progress } = node
  if (node.canSend(now)) return null
  if (node.isReady) {
    const pauseMs = node.pauseMs(now)
    return pauseMs > 0
      ? `broker ${description} asked for a pause of ${pauseMs} ms`
      : `broker ${description} is busy with ${inFlight} request(s)`
  }
  const reasons = lastError === undefined ? [] : [lastError.message]
  if (progress !== undefined) {
    const tryingMs = Math.round(now - lastAttemptMs)
    reasons.push(`still connecting to broker ${description} after ${tryingMs} ms: ${progress}`)
  }
  return reasons.length === 0 ? null : reasons.join('. ')
}
