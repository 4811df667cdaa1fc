import type { Command } from 'commander'
import { Admin } from '../admin/admin.js'
import { clientConfig } from './client-options.js'
import type { Terminal } from './terminal.js'
import { actions } from './topics/actions.js'
import {
  addTopicsOptions,
  changesNothing,
  chosenAction,
  type TopicsOptions,
} from './topics/topics-options.js'
import { unlessAborted } from './until-aborted.js'

export function addTopicsCommand(
  program: Command,
  terminal: Terminal,
  ended: (exitCode: number) => void,
): Command {
  const command = program
    .command('topics')
    .summary('creates, describes, lists, deletes and extends topics')
    .description(
      [
        'Creates, describes, lists, deletes and extends topics, with the options and the output of kafka-topics.',
        'Unlike in kafka-topics, --topic is never a pattern with --delete and --alter: use --topic-pattern.',
      ].join(' '),
    )
  return addTopicsOptions(command).action(async (options: TopicsOptions) =>
    ended(await runTopics(options, terminal)),
  )
}

async function runTopics(options: TopicsOptions, terminal: Terminal): Promise<number> {
  const chosen = chosenAction(options)
  const config = await clientConfig(options, { 'client.id': 'odradek-topics' }, {}, terminal)
  if (options.partitionSizeLimitPerResponse !== undefined) {
    terminal.say('warning: --partition-size-limit-per-response is ignored: topics are described as a whole')
  }
  const admin = new Admin(config)
  try {
    const done = actions[chosen](admin, options, (text) => terminal.print(text)).then(() => true)
    if ((await unlessAborted(done, terminal.interrupted)) !== null) return 0
    const perhapsDone = changesNothing(chosen) ? '' : '; the change may have been made'
    terminal.say(`interrupted before the brokers answered${perhapsDone}`)
    return terminal.interruptedExitCode
  } finally {
    await admin.close()
  }
}
