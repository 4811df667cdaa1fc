import type { Command } from 'commander'
import { Admin } from '../admin/admin.js'
import { adminConfigOf } from '../admin/admin-config.js'
import type { TopicOutcome } from '../admin/topic-outcome.js'
import type { KafkaError } from '../errors.js'
import {
  addClientOptions,
  type ClientOptions,
  clientConfig,
  collect,
  keyAndValue,
  wholeNumber,
} from './client-options.js'
import { CommandFailure } from './failure.js'
import type { Terminal } from './terminal.js'
import { type DescriptionFilter, describedTopic } from './topics/topic-description.js'
import { matchingTopics } from './topics/topic-filter.js'
import { unlessAborted } from './until-aborted.js'

interface TopicsOptions extends ClientOptions, DescriptionFilter {
  readonly create?: true
  readonly describe?: true
  readonly list?: true
  readonly delete?: true
  readonly alter?: true
  readonly topic?: string
  readonly partitions?: number
  readonly replicationFactor?: number
  readonly replicaAssignment?: string
  readonly config?: readonly string[]
  readonly ifExists?: true
  readonly ifNotExists?: true
  readonly excludeInternal?: true
}

const actions = { create, describe, list, delete: deleteTopics, alter } as const

const actionNames = Object.keys(actions) as (keyof typeof actions)[]

/** Which options mean something with which action; those of every action are not here. */
const belongsTo: Readonly<Partial<Record<keyof TopicsOptions, readonly (keyof typeof actions)[]>>> = {
  partitions: ['create', 'alter'],
  replicationFactor: ['create'],
  replicaAssignment: ['create', 'alter'],
  config: ['create'],
  ifNotExists: ['create'],
  ifExists: ['describe', 'delete', 'alter'],
  excludeInternal: ['list', 'describe'],
  underReplicatedPartitions: ['describe'],
  unavailablePartitions: ['describe'],
  topicsWithOverrides: ['describe'],
}

export function addTopicsCommand(
  program: Command,
  terminal: Terminal,
  ended: (exitCode: number) => void,
): Command {
  const command = program
    .command('topics')
    .summary('creates, describes, lists, deletes and extends topics')
    .description(
      'Creates, describes, lists, deletes and extends topics, with the options and the output of kafka-topics.',
    )
    .option('--create', 'create a topic')
    .option('--describe', 'describe topics')
    .option('--list', 'list the names of topics')
    .option('--delete', 'delete topics with all their records')
    .option('--alter', 'raise the number of partitions')
    .option(
      '--topic <topic>',
      'a name; except for --create also a regular expression, if no topic has that name',
    )
    .option('--partitions <number>', "how many; the brokers' default if left out", wholeNumber(1, 0x7fffffff))
    .option('--replication-factor <number>', "the brokers' default if left out", wholeNumber(1, 0x7fff))
    .option(
      '--replica-assignment <list>',
      'node ids with colons for each partition, with commas between partitions',
    )
    .option('--config <name=value>', 'a setting of the new topic; may be repeated', collect)
    .option('--if-not-exists', 'with --create: a topic that is there is no error')
    .option('--if-exists', 'with --describe, --delete and --alter: a topic that is not there is no error')
    .option('--exclude-internal', "leave out Kafka's own topics")
    .option('--under-replicated-partitions', 'with --describe: only partitions with replicas that lag')
    .option('--unavailable-partitions', 'with --describe: only partitions without a leader')
    .option('--topics-with-overrides', 'with --describe: only topics with settings of their own')
  return addClientOptions(command).action(async (options: TopicsOptions) =>
    ended(await runTopics(options, terminal)),
  )
}

async function runTopics(options: TopicsOptions, terminal: Terminal): Promise<number> {
  const action = chosenAction(options)
  const config = await clientConfig(options, { 'client.id': 'odradek-topics' }, {}, terminal)
  const admin = new Admin(adminConfigOf(config))
  try {
    const output = await unlessAborted(actions[action](admin, options), terminal.interrupted)
    if (output === null) return terminal.interruptedExitCode
    terminal.print(output)
    return 0
  } finally {
    await admin.close()
  }
}

function chosenAction(options: TopicsOptions): keyof typeof actions {
  const [action, ...others] = actionNames.filter((name) => options[name] === true)
  if (action === undefined || others.length > 0) {
    throw new CommandFailure(`name exactly one of ${actionNames.map((name) => `--${name}`).join(', ')}`)
  }
  if (options.topic === undefined && (action === 'create' || action === 'delete' || action === 'alter')) {
    throw new CommandFailure(`--${action} needs --topic`)
  }
  for (const [name, of] of Object.entries(belongsTo)) {
    if (Object.hasOwn(options, name) && !of.includes(action)) {
      throw new CommandFailure(`${flag(name)} has no meaning with --${action}`)
    }
  }
  return action
}

async function create(admin: Admin, options: TopicsOptions): Promise<string> {
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
  const error = errorOf(outcome)
  if (error !== null && !(ifNotExists && error.code === 'TOPIC_ALREADY_EXISTS')) throw error
  return error === null ? `Created topic ${topic}.\n` : ''
}

async function describe(admin: Admin, options: TopicsOptions): Promise<string> {
  const topics = await chosenTopics(admin, options, options.topic !== undefined)
  const outcomes = await admin.describeTopics(topics)
  return outcomes
    .map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.error
      return describedTopic(outcome, options)
    })
    .join('')
}

async function list(admin: Admin, options: TopicsOptions): Promise<string> {
  const topics = await chosenTopics(admin, options, false)
  return topics.map((topic) => `${topic}\n`).join('')
}

async function deleteTopics(admin: Admin, options: TopicsOptions): Promise<string> {
  throwFirst(await admin.deleteTopics(await chosenTopics(admin, options, true)))
  return ''
}

async function alter(admin: Admin, options: TopicsOptions): Promise<string> {
  const { partitions, replicaAssignment } = options
  if (partitions === undefined) throw new CommandFailure('--alter needs --partitions')
  const topics = await chosenTopics(admin, options, true)
  const chosen = replicaAssignment === undefined ? {} : { assignments: assignments(replicaAssignment) }
  throwFirst(
    await admin.createPartitions(topics.map((topic) => ({ topic, totalCount: partitions, ...chosen }))),
  )
  return ''
}

async function chosenTopics(admin: Admin, options: TopicsOptions, mustExist: boolean): Promise<string[]> {
  const { topic, excludeInternal, ifExists } = options
  const known = (await admin.listTopics())
    .filter(({ isInternal }) => !(excludeInternal && isInternal))
    .map((listed) => listed.topic)
  if (topic === undefined) return known
  const chosen = matchingTopics(known, topic)
  if (chosen.length === 0 && mustExist && !ifExists) {
    throw new CommandFailure(`Topic '${topic}' does not exist as expected`)
  }
  return chosen
}

/** `1:2,2:3`: partition 0 on nodes 1 and 2, partition 1 on 2 and 3. */
function assignments(text: string): number[][] {
  return text.split(',').map((nodes) => {
    if (/^\d+(?::\d+)*$/.test(nodes)) return nodes.split(':').map(Number)
    throw new CommandFailure(`--replica-assignment has '${nodes}': write node ids with colons, as in 1:2,2:3`)
  })
}

function throwFirst(outcomes: readonly TopicOutcome[]): void {
  for (const outcome of outcomes) {
    const error = errorOf(outcome)
    if (error !== null) throw error
  }
}

function errorOf(outcome: TopicOutcome | undefined): KafkaError | null {
  return outcome?.status === 'rejected' ? outcome.error : null
}

/** `--if-exists` of `ifExists`. */
function flag(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
