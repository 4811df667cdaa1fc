import { contentMutants } from './content.js'
import type { Mutant } from './mutant.js'
import { orderMutants } from './order.js'
import { outcomeMutants } from './outcomes.js'
import { securityMutants } from './security.js'
import { sequenceMutants } from './sequences.js'
import { timeMutants } from './time.js'

/** All bugs that the simulation must see. */
export const MUTANTS: readonly Mutant[] = [
  ...sequenceMutants,
  ...orderMutants,
  ...outcomeMutants,
  ...timeMutants,
  ...contentMutants,
  ...securityMutants,
]
