import { ProtocolError } from '../errors.js'
import type { TopicOutcomes } from './topic-outcome.js'

/**
 * The most topics in one request. Thousands of partitions and settings make a response of some megabytes,
 * which brokers and clients handle easily.
 */
const MOST_TOPICS = 500

/**
 * Asks about the pending topics in pieces, one piece after the other. If the response to a piece is larger
 * than `maxResponseBytes`, its topics are asked about again in halves. A single topic with such a response is
 * rejected.
 *
 * @param ask gives each topic of a piece an outcome, or throws
 */
export async function inPieces<Details>(
  outcomes: TopicOutcomes<Details>,
  ask: (topics: ReadonlySet<string>) => Promise<void>,
): Promise<void> {
  const rest = [...outcomes.pending]
  let size = MOST_TOPICS
  while (rest.length > 0) {
    const piece = rest.splice(0, size)
    try {
      await ask(new Set(piece))
    } catch (error) {
      if (!(error instanceof ProtocolError && error.code === 'RESPONSE_TOO_LARGE')) throw error
      const [topic, ...others] = piece
      if (topic !== undefined && others.length === 0) {
        outcomes.reject(topic, error)
      } else {
        size = Math.ceil(piece.length / 2)
        rest.unshift(...piece)
      }
    }
  }
}
