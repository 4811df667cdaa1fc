import { AuthenticationError, type KafkaError, ProtocolError } from '../errors.js'
import type { Logger } from '../logger.js'

/** After how many failures in a row a user should hear of it; fewer are what elections and restarts are made of. */
const WARN_AFTER_FAILURES = 5

/** One change of a broker node's state. */
export interface NodeChange {
  /** How the broker is named. */
  readonly broker: string
  readonly from: string
  readonly to: string
  /** Why; null if there is nothing wrong. */
  readonly error: KafkaError | null
  /** Failed connects and lost connections since a connection was last ready. */
  readonly failures: number
}

/** Every change for those who look for a fault; a warning, once, when a broker seems to stay out of reach. */
export function logNodeChange(logger: Logger, { broker, from, to, error, failures }: NodeChange): void {
  const why = error === null ? '' : `: ${error.message}`
  const isHopeless = error instanceof ProtocolError || error instanceof AuthenticationError
  const isNews = failures === WARN_AFTER_FAILURES || (isHopeless && failures === 1)
  if (to === 'backingOff' && isNews) logger.warn(`cannot connect to broker ${broker}${why}; trying again`)
  else logger.debug(`broker ${broker}: ${from} -> ${to}${why}`)
}
