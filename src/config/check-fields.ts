import { ConfigError } from '../errors.js'
import { nearestName } from '../nearest-name.js'
import { ConfigProblems } from './config-problems.js'
import { shortened, words } from './words.js'

/**
 * Refuses unknown fields of an argument. Without this check a misspelt field would be ignored in silence.
 *
 * @param what the name of the argument, as in "unknown field 'partitions' of a topic of createTopics"
 * @throws ConfigError that names each unknown field and the nearest known one
 */
export function checkFields(what: string, given: object, known: readonly string[]): void {
  const problems = new ConfigProblems(what)
  for (const field of Object.keys(given)) {
    if (!known.includes(field)) problems.add(unknownField(what, field, known))
  }
  problems.throwIfAny()
}

function unknownField(what: string, field: string, known: readonly string[]): ConfigError {
  const nearest = nearestName(field, known)
  const hint = nearest === null ? '.' : `: did you mean ${nearest}?`
  const all = known.length === 1 ? 'The only field is' : 'The fields are'
  return new ConfigError(
    field,
    `unknown field '${shortened(field)}' of ${what}${hint} ${all} ${words(known, 'and')}`,
  )
}
