import { answerFaults } from './answer-faults.js'
import { heldUpAtADeadline } from './hold-up-faults.js'
import { type FaultKind, NAMED_CODES, requestFaults } from './request-faults.js'
import { stretchFaults } from './stretch-faults.js'
import { brokerFaults, networkFaults, processFaults } from './world-faults.js'

/** What a seed chooses from, one fault after the other. Those that strike single requests come twice as often. */
export const FAULT_KINDS: readonly FaultKind[] = [
  ...requestFaults,
  ...requestFaults,
  ...networkFaults,
  ...brokerFaults,
  ...processFaults,
  heldUpAtADeadline,
  ...answerFaults,
  ...stretchFaults,
]

/** What comes of the scenario or of the workload instead. */
const OTHER_KINDS = [
  'producers forgotten',
  'batch too large',
  'record too large',
  'record without key refused',
  'sequence went round',
  'last epoch in use',
] as const

/** The names of all that may strike. */
export const FAULT_NAMES: readonly string[] = [
  ...new Set([...FAULT_KINDS.map(({ name }) => name), ...NAMED_CODES.values(), ...OTHER_KINDS]),
]

/** Faults by which a request that the client has given up may be handled later. */
export const LATE_LANDINGS: readonly string[] = [
  'request delayed',
  'answer delayed',
  'silent network',
  'broker paused',
  'brokers paused together',
  'slow broker',
  'throttled',
]

/** Faults after which what a topic still had to get is given up at once, without the retries that there would have been. */
export const ENDS_OF_TOPICS: readonly string[] = ['topic deleted and made anew', 'topic deleted for good']

/** Faults after which a client knows more partitions of a topic than before: the first answer about it may have left one out. */
export const MORE_PARTITIONS: readonly string[] = ['partitions added', 'partition left out of metadata']
