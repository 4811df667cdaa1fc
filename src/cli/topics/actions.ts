import type { Admin } from '../../admin/admin.js'
import type { TopicOutcome } from '../../admin/topic-outcome.js'
import type { KafkaError } from '../../errors.js'
import { keyAndValue } from '../client-options.js'
import { CommandFailure } from '../failure.js'
import { chosenNames, topicChoice } from './topic-choice.js'
import { describedTopic } from './topic-description.js'
import type { TopicsAction, TopicsOptions } from './topics-options.js'

/** Performs one action as far as possible. `print` receives the result. */
export type Action = (admin: Admin, options: TopicsOptions, print: (text: string) => void) => Promise<void>

/** Every action throws KafkaError or CommandFailure if it could not be performed as a whole. */
export const actions: Readonly<Record<TopicsAction, Action>> = {
  create,
  describe,
  list,
  delete: deleteTopics,
  alter,
}

async function create(admin: Admin, options: TopicsOptions, print: (text: string) => void): Promise<void> {
  const { topic = '', partitions, replicationFactor, replicaAssignment, config = [], ifNotExists } = options
  const [outcome] = await admin.createTopics([
    {
      topic,
      ...(partitions !== undefined && { numPartitions: partitions }),
      ...(replicationFactor !== undefined && { replicationFactor }),
      ...(replicaAssignment !== undefined && { assignments: assignments(replicaAssignment) }),
      configs: Object.fromEntries(config.map(keyAndValue)),
    },
  ])
  if (outcome?.status !== 'rejected') print(`Created topic ${topic}.\n`)
  else if (!(ifNotExists && outcome.error.code === 'TOPIC_ALREADY_EXISTS')) throw outcome.error
}

async function describe(admin: Admin, options: TopicsOptions, print: (text: string) => void): Promise<void> {
  const { names, mayBeMissing } = await chosen(admin, options, 'describe')
  const outcomes = await admin.describeTopics(names)
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected' || (options.excludeInternal && outcome.isInternal)) continue
    print(describedTopic(outcome, options))
  }
  throwFailures(outcomes, mayBeMissing)
}

async function list(admin: Admin, options: TopicsOptions, print: (text: string) => void): Promise<void> {
  const choice = topicChoice(options, 'list')
  if (choice.kind !== 'names') {
    const names = chosenNames(await admin.listTopics(), choice, { ...options, ifExists: true })
    for (const topic of names) print(`${topic}\n`)
    return
  }
  const outcomes = await admin.describeTopics(choice.names)
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected' || (options.excludeInternal && outcome.isInternal)) continue
    print(`${outcome.topic}\n`)
  }
  throwFailures(outcomes, true)
}

async function deleteTopics(admin: Admin, options: TopicsOptions): Promise<void> {
  const { names, mayBeMissing } = await chosen(admin, options, 'delete')
  throwFailures(await admin.deleteTopics(names), mayBeMissing)
}

async function alter(admin: Admin, options: TopicsOptions): Promise<void> {
  const { partitions, replicaAssignment } = options
  if (partitions === undefined) throw new CommandFailure('--alter needs --partitions')
  const placed = replicaAssignment === undefined ? {} : { assignments: assignments(replicaAssignment) }
  const { names, mayBeMissing } = await chosen(admin, options, 'alter')
  const wanted = names.map((topic) => ({ topic, totalCount: partitions, ...placed }))
  throwFailures(await admin.createPartitions(wanted), mayBeMissing)
}

/**
 * The topics of an action. Given names are not looked up first: the action itself shows whether they exist.
 */
async function chosen(
  admin: Admin,
  options: TopicsOptions,
  action: TopicsAction,
): Promise<{ readonly names: readonly string[]; readonly mayBeMissing: boolean }> {
  const choice = topicChoice(options, action)
  if (choice.kind === 'names') return { names: choice.names, mayBeMissing: options.ifExists === true }
  // Somebody else may delete a listed topic before the action. That is no error.
  return { names: chosenNames(await admin.listTopics(), choice, options), mayBeMissing: true }
}

/** `1:2,2:3`: partition 0 on nodes 1 and 2, partition 1 on 2 and 3. */
function assignments(text: string): number[][] {
  return text.split(',').map((nodes) => {
    if (/^\d+(?::\d+)*$/.test(nodes)) return nodes.split(':').map(Number)
    throw new CommandFailure(`--replica-assignment has '${nodes}': write node ids with colons, as in 1:2,2:3`)
  })
}

function throwFailures(outcomes: readonly TopicOutcome[], mayBeMissing: boolean): void {
  const missing: string[] = []
  let first: KafkaError | null = null
  for (const outcome of outcomes) {
    if (outcome.status !== 'rejected') continue
    if (outcome.error.code === 'UNKNOWN_TOPIC_OR_PARTITION') missing.push(`'${outcome.topic}'`)
    else first ??= outcome.error
  }
  if (first !== null) throw first
  if (missing.length === 0 || mayBeMissing) return
  const subject = missing.length === 1 ? `Topic ${missing[0]} does` : `Topics ${missing.join(', ')} do`
  throw new CommandFailure(`${subject} not exist as expected`)
}
