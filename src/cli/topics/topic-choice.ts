import type { ListedTopic } from '../../admin/descriptions.js'
import { CommandFailure } from '../failure.js'
import { changesNothing, type TopicsAction, type TopicsOptions } from './topics-options.js'

/** A choice among the existing topics. They have to be listed for it. */
export type ListedChoice =
  | { readonly kind: 'all' }
  | { readonly kind: 'pattern'; readonly text: string; readonly expression: RegExp }
  | { readonly kind: 'id'; readonly id: string }

/** The topics that a command is about. */
export type TopicChoice = ListedChoice | { readonly kind: 'names'; readonly names: readonly string[] }

type ChoosingOptions = Pick<
  TopicsOptions,
  'topic' | 'topicPattern' | 'topicId' | 'excludeInternal' | 'ifExists'
>

/**
 * The characters of topic names. `.` is one of them, so a name can be a regular expression for other names.
 */
const name = /^[\w.-]+$/

/**
 * Reads the options that choose topics. The meaning of `--topic` depends on its characters, never on the
 * existing topics.
 *
 * @throws CommandFailure for an invalid regular expression, for a pattern where only names are allowed, and
 *   for two choices at once
 */
export function topicChoice(options: ChoosingOptions, action: TopicsAction): TopicChoice {
  const { topic, topicPattern, topicId } = options
  if ([topic, topicPattern, topicId].filter((given) => given !== undefined).length > 1) {
    throw new CommandFailure('use only one of --topic, --topic-pattern and --topic-id')
  }
  if (topicId !== undefined) return { kind: 'id', id: topicId }
  if (topicPattern !== undefined) return patternChoice(topicPattern)
  if (topic === undefined) return { kind: 'all' }
  const names = topic.split(',').map((part) => part.trim())
  if (names.includes('')) throw new CommandFailure('--topic is empty, or has a comma without a name')
  if (names.every((part) => name.test(part))) return { kind: 'names', names: [...new Set(names)] }
  // As in kafka-topics. There this holds for actions that change something too.
  if (changesNothing(action)) return patternChoice(topic)
  throw new CommandFailure(
    `--${action} takes names, and '${topic}' is not a name: use --topic-pattern for a regular expression`,
  )
}

/**
 * The names of the listed topics that are chosen.
 *
 * @throws CommandFailure if a pattern or an id chooses none, unless the options allow that
 */
export function chosenNames(
  listed: readonly ListedTopic[],
  choice: ListedChoice,
  { excludeInternal, ifExists }: ChoosingOptions,
): string[] {
  const chosen = listed
    .filter((topic) => isChosen(topic, choice) && !(excludeInternal && topic.isInternal))
    .map(({ topic }) => topic)
  if (chosen.length > 0 || choice.kind === 'all' || ifExists) return chosen
  throw new CommandFailure(
    choice.kind === 'pattern'
      ? `no topic matches '${choice.text}'`
      : `TopicId '${choice.id}' does not exist as expected`,
  )
}

function isChosen({ topic, topicId }: ListedTopic, choice: ListedChoice): boolean {
  switch (choice.kind) {
    case 'all':
      return true
    case 'pattern':
      return choice.expression.test(topic)
    case 'id':
      return topicId === choice.id
  }
}

/**
 * A pattern matches whole names. As in kafka-topics, commas separate alternatives, and quotes and blanks are
 * dropped.
 */
function patternChoice(text: string): TopicChoice {
  const alternatives = text.replaceAll(',', '|').replaceAll(/["' ]/g, '')
  try {
    return { kind: 'pattern', text, expression: new RegExp(`^(?:${alternatives})$`, 'u') }
  } catch {
    throw new CommandFailure(`'${text}' is not a valid regular expression`)
  }
}
