import { answerFaults } from './answer-faults.js'
import { type FaultKind, NAMED_CODES, requestFaults } from './request-faults.js'
import { loginFaults, tlsFaults } from './security/security-faults.js'
import { stalledAtADeadline } from './stall-faults.js'
import { stretchFaults } from './stretch-faults.js'
import { brokerFaults, networkFaults, processFaults } from './world-faults.js'

/**
 * The faults from which a seed chooses, one after the other. Faults of single requests are twice as likely.
 */
export const FAULT_KINDS: readonly FaultKind[] = [
  ...requestFaults,
  ...requestFaults,
  ...networkFaults,
  ...brokerFaults,
  ...processFaults,
  stalledAtADeadline,
  ...answerFaults,
  ...stretchFaults,
]

/** The faults that come from the scenario or the workload instead. */
const OTHER_KINDS = [
  'producers forgotten',
  'batch too large',
  'record too large',
  'record without key refused',
  'sequence went round',
  'last epoch in use',
] as const

/** The names of all faults. */
export const FAULT_NAMES: readonly string[] = [
  ...new Set([
    ...FAULT_KINDS.map(({ name }) => name),
    ...NAMED_CODES.values(),
    ...OTHER_KINDS,
    ...[...loginFaults, ...tlsFaults].map(({ name }) => name),
  ]),
]

/** Faults after which a broker may handle a request that the client has given up. */
export const LATE_LANDINGS: readonly string[] = [
  'request delayed',
  'answer delayed',
  'silent network',
  'broker paused',
  'brokers paused together',
  'slow broker',
  'throttled',
]

/** Faults after which the open records of a topic fail at once, without further retries. */
export const ENDS_OF_TOPICS: readonly string[] = ['topic deleted and made anew', 'topic deleted for good']

/**
 * Faults after which a client learns of more partitions, because the first response may have left one out.
 */
export const MORE_PARTITIONS: readonly string[] = ['partitions added', 'partition left out of metadata']
