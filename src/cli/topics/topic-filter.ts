import { CommandFailure } from '../failure.js'

/**
 * The topics that `pattern` means: the one of that name, or else those whose whole name the regular expression matches, with commas
 * for alternatives, as in kafka-topics. That a name comes first keeps `a.b` from meaning `a-b` as well.
 *
 * @throws CommandFailure for a pattern that is no regular expression
 */
export function matchingTopics(topics: readonly string[], pattern: string): string[] {
  if (topics.includes(pattern)) return [pattern]
  const alternatives = pattern.replaceAll(',', '|').replaceAll(/["' ]/g, '')
  let expression: RegExp
  try {
    expression = new RegExp(`^(?:${alternatives})$`, 'u')
  } catch {
    throw new CommandFailure(`--topic '${pattern}' is neither a name nor a regular expression`)
  }
  return topics.filter((topic) => expression.test(topic))
}
