import { type Command, Option } from 'commander'
import { addClientOptions, type ClientOptions, collect, wholeNumber } from '../client-options.js'
import { CommandFailure } from '../failure.js'
import type { DescriptionFilter } from './topic-description.js'

/** The actions of the command `topics`. Each has the name of its option. */
export type TopicsAction = 'create' | 'describe' | 'list' | 'delete' | 'alter'

const actions: readonly TopicsAction[] = ['create', 'describe', 'list', 'delete', 'alter']

/** Whether an action only reads. */
export function changesNothing(action: TopicsAction): boolean {
  return action === 'describe' || action === 'list'
}

export interface TopicsOptions extends ClientOptions, DescriptionFilter {
  readonly create?: true
  readonly describe?: true
  readonly list?: true
  readonly delete?: true
  readonly alter?: true
  readonly topic?: string
  readonly topicPattern?: string
  readonly topicId?: string
  readonly partitions?: number
  readonly replicationFactor?: number
  readonly replicaAssignment?: string
  readonly config?: readonly string[]
  readonly deleteConfig?: string
  readonly ifExists?: true
  readonly ifNotExists?: true
  readonly excludeInternal?: true
  readonly partitionSizeLimitPerResponse?: number
}

/** The actions that an option belongs to. Options that belong to every action are left out. */
const belongsTo: Readonly<Partial<Record<keyof TopicsOptions, readonly TopicsAction[]>>> = {
  topicPattern: ['describe', 'list', 'delete', 'alter'],
  topicId: ['describe'],
  partitions: ['create', 'alter'],
  replicationFactor: ['create'],
  replicaAssignment: ['create', 'alter'],
  config: ['create'],
  ifNotExists: ['create'],
  ifExists: ['describe', 'delete', 'alter'],
  excludeInternal: ['list', 'describe'],
  underReplicatedPartitions: ['describe'],
  underMinIsrPartitions: ['describe'],
  atMinIsrPartitions: ['describe'],
  unavailablePartitions: ['describe'],
  topicsWithOverrides: ['describe'],
  partitionSizeLimitPerResponse: ['describe'],
}

const filters: readonly (keyof DescriptionFilter)[] = [
  'underReplicatedPartitions',
  'underMinIsrPartitions',
  'atMinIsrPartitions',
  'unavailablePartitions',
  'topicsWithOverrides',
]

export function addTopicsOptions(command: Command): Command {
  command
    .optionsGroup('Actions:')
    .option('--create', 'create a topic')
    .option('--describe', 'describe topics')
    .option('--list', 'list the names of topics')
    .option('--delete', 'delete topics with all their records')
    .option('--alter', 'raise the number of partitions')
    .optionsGroup('Topics:')
    .option(
      '-t, --topic <topic>',
      [
        'a name, or several separated by commas. With --describe and --list, a text with characters that no name',
        'can have is a regular expression',
      ].join(' '),
    )
    .option(
      '--topic-pattern <regex>',
      'instead of --topic: all topics whose whole name matches this regular expression; not with --create',
    )
    .option('--topic-id <id>', 'instead of --topic: the topic with this id; only with --describe')
    .option('--if-exists', 'with --describe, --delete and --alter: a missing topic is no error')
    .option('--if-not-exists', 'with --create: an existing topic is no error')
    .option('--exclude-internal', "with --describe and --list: leave out Kafka's own topics")
    .optionsGroup('With --create and --alter:')
    .option(
      '--partitions <number>',
      "the number of partitions; the brokers' default if left out",
      wholeNumber(1, 0x7fffffff),
    )
    .option('--replication-factor <number>', "the brokers' default if left out", wholeNumber(1, 0x7fff))
    .option(
      '--replica-assignment <list>',
      'the node ids of the replicas, as in 1:2,2:3: colons between replicas, commas between partitions',
    )
    .option('--config <name=value>', 'a setting of the new topic; may be repeated', collect)
    .addOption(new Option('--delete-config <name>').hideHelp())
    .optionsGroup('With --describe, one of:')
    .option('--under-replicated-partitions', 'only partitions with replicas that lag')
    .option(
      '--under-min-isr-partitions',
      'only partitions with fewer replicas in sync than min.insync.replicas',
    )
    .option('--at-min-isr-partitions', 'only partitions with as many replicas in sync as min.insync.replicas')
    .option('--unavailable-partitions', 'only partitions without a leader')
    .option('--topics-with-overrides', 'only topics with settings of their own')
    .addOption(
      new Option('--partition-size-limit-per-response <number>')
        .argParser(wholeNumber(1, 0x7fffffff))
        .hideHelp(),
    )
    .optionsGroup('Options:')
  return addClientOptions(command)
}

/**
 * The action that the options name.
 *
 * @throws CommandFailure unless the options name one action, with the options that it needs and no others
 */
export function chosenAction(options: TopicsOptions): TopicsAction {
  const [action, ...others] = actions.filter((name) => options[name] === true)
  if (action === undefined || others.length > 0) {
    throw new CommandFailure(`name exactly one of ${actions.map(flag).join(', ')}`)
  }
  if (options.deleteConfig !== undefined) {
    throw new CommandFailure('--delete-config was removed in Kafka 4.0; use kafka-configs')
  }
  const { topic, topicPattern } = options
  if (action === 'create' && topic === undefined) throw new CommandFailure('--create needs --topic')
  if ((action === 'delete' || action === 'alter') && topic === undefined && topicPattern === undefined) {
    throw new CommandFailure(`--${action} needs --topic or --topic-pattern`)
  }
  for (const [name, of] of Object.entries(belongsTo)) {
    if (Object.hasOwn(options, name) && !of.includes(action)) {
      throw new CommandFailure(`${flag(name)} has no meaning with --${action}`)
    }
  }
  if (filters.filter((name) => options[name] === true).length > 1) {
    throw new CommandFailure(`name at most one of ${filters.map(flag).join(', ')}`)
  }
  return action
}

/** The spelling of an option on the command line: `--if-exists` for `ifExists`. */
function flag(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
