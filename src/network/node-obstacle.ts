import type { BrokerNode } from './broker-node.js'

/** What keeps the brokers from answering. */
export interface Obstacles {
  /** Whether there is a connection to one of them at least. */
  readonly isConnected: boolean
  /** One for each broker that is in question; empty if nothing is in the way. */
  readonly reasons: readonly string[]
}

/** A broker that has been sent a request, and since when it has it. */
export interface AskedBroker {
  readonly broker: string
  readonly sinceMs: number
}

/** That a request is still under way, in words. */
export function notAnswered({ broker, sinceMs }: AskedBroker, apiName: string, now: number): string {
  return `broker ${broker} has not answered the ${apiName} request after ${Math.round(now - sinceMs)} ms`
}

/** What keeps a broker from being asked at present, in words; null if nothing does, or if nobody has asked for a connection to it. */
export function nodeObstacle(node: BrokerNode, now: number): string | null {
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
