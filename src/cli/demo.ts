import type { Command } from 'commander'
import type { ProducerConfig } from '../config/config.js'
import { Producer } from '../producer/producer.js'
import { checkTopicName } from '../protocol/topic-name.js'
import { EmbeddedCluster } from '../testing/index.js'
import {
  addClientOptions,
  type ClientOptions,
  clientConfig,
  mayNameBrokers,
  wholeNumber,
} from './client-options.js'
import { Ledger } from './demo/ledger.js'
import { LiveFigures } from './demo/live-figures.js'
import { Outage } from './demo/outage.js'
import { sendAll } from './demo/send-all.js'
import { Target } from './demo/target.js'
import { isFlawless, verdictTable } from './demo/verdict.js'
import { GeneratedRecords, Lines, type Workload } from './demo/workload.js'
import { describeFailure } from './failure.js'
import { counted, megabytes, whole } from './figures.js'
import { openInput } from './input.js'
import type { Terminal } from './terminal.js'
import { unlessAborted } from './until-aborted.js'

interface DemoOptions extends ClientOptions {
  readonly records: number
  readonly recordSize: number
  readonly topic?: string
}

/**
 * The part of the records after which a broker is stopped. It is early enough for the broker to be back
 * before the end.
 */
const OUTAGE_AT = 0.3
/** The number of records after which a broker is stopped if the total is unknown. */
const OUTAGE_OF_THE_UNKNOWN = 50_000

export function addDemoCommand(
  program: Command,
  terminal: Terminal,
  ended: (exitCode: number) => void,
): Command {
  const command = program
    .command('demo')
    .summary('sends a million records while a broker fails, and counts losses')
    .description(
      'Sends a million records, stops a broker meanwhile, reads everything back and counts the lost, duplicated and reordered records. It starts brokers of its own unless you name some. Brokers that you name are not stopped. A topic that the demo creates is deleted in the end.',
    )
    .argument('[file]', 'send the lines of this file instead; -: standard input')
    .option('--records <number>', 'the number of records', wholeNumber(1, 1_000_000_000), 1_000_000)
    .option('--record-size <bytes>', 'the size of a value', wholeNumber(1, 1_000_000), 100)
    .option('-t, --topic <topic>', 'the topic to send to; it is kept if it existed before')
  return addClientOptions(command).action(async (file: string | undefined, options: DemoOptions) =>
    ended(await runDemo(file, options, terminal)),
  )
}

async function runDemo(file: string | undefined, options: DemoOptions, terminal: Terminal): Promise<number> {
  if (options.topic !== undefined) checkTopicName(options.topic)
  const id = Math.random().toString(36).slice(2, 10)
  const topic = options.topic ?? `odradek-demo-${Date.now().toString(36)}-${id}`
  const input = file === undefined ? null : await openInput(file, terminal)
  const workload =
    input === null
      ? new GeneratedRecords(topic, id, options.records, options.recordSize)
      : new Lines(topic, id, input)
  const cluster = mayNameBrokers(options) ? null : await EmbeddedCluster.start({ brokers: 3 })
  try {
    const overrides = { 'bootstrap.servers': cluster?.bootstrapServers }
    const config = await clientConfig(options, { 'client.id': 'odradek-demo' }, overrides, terminal)
    const outage = cluster === null ? null : new Outage(cluster, terminal)
    return await demonstrate(workload, new Target(topic, config), config, outage, terminal)
  } finally {
    input?.stream.destroy()
    await cluster?.close()
  }
}

async function demonstrate(
  workload: Workload,
  target: Target,
  config: ProducerConfig,
  outage: Outage | null,
  terminal: Terminal,
): Promise<number> {
  try {
    if ((await unlessAborted(target.prepare(), terminal.interrupted)) === null) {
      terminal.say('interrupted before anything was sent')
      return terminal.interruptedExitCode
    }
    const brokers = outage === null ? 'your brokers' : 'three brokers in this process'
    terminal.say(
      `${workload.description} to ${target.topic}, ${counted(target.partitionCount, 'partition')}, on ${brokers}`,
    )
    const ledger = new Ledger()
    await sendWorkload(workload, config, ledger, outage, terminal)
    terminal.say('reading everything back')
    const reading = target.readBack((record, partition) => {
      const number = workload.numberOf(record)
      if (number >= 0) ledger.see(number, partition)
    })
    // The first signal ended the sending. Only a second one ends the reading too: the user wants to see the
    // verdict.
    const { interrupted, abandoned } = terminal
    if ((await unlessAborted(reading, interrupted.aborted ? abandoned : interrupted)) === null) {
      terminal.say(
        `given up: ${whole(ledger.acknowledged)} records were acknowledged, not all were read back`,
      )
      return terminal.interruptedExitCode
    }
    const verdict = ledger.verdict()
    terminal.print(verdictTable(verdict))
    if (ledger.firstError !== null) terminal.say(`the first error: ${ledger.firstError.message}`)
    const isBack = (await outage?.over()) ?? true
    if (!isFlawless(verdict) || !isBack) return 1
    return terminal.interruption === null ? 0 : terminal.interruptedExitCode
  } finally {
    // A broker that starts after the others were closed would keep the process alive.
    await outage?.over()
    await removeTopic(target, terminal)
    await target.close()
  }
}

async function removeTopic(target: Target, terminal: Terminal): Promise<void> {
  try {
    if ((await unlessAborted(target.removeIfOurs(), terminal.abandoned)) !== null) return
    terminal.say(`topic ${target.topic} may still exist: its deletion was interrupted`)
  } catch (error) {
    terminal.say(`topic ${target.topic} could not be deleted: ${describeFailure(error)}`)
  }
}

async function sendWorkload(
  workload: Workload,
  config: ProducerConfig,
  ledger: Ledger,
  outage: Outage | null,
  terminal: Terminal,
): Promise<void> {
  const producer = new Producer(config)
  const giveUp = (): void => void producer.close({ timeoutMs: 0 })
  terminal.abandoned.addEventListener('abort', giveUp)
  const figures = new LiveFigures(producer, ledger, terminal)
  const startedAtMs = performance.now()
  try {
    await unlessAborted(producer.connect(), terminal.interrupted)
    await sendAll(workload, producer, ledger, figures, terminal.interrupted, () => {
      const { progress } = workload
      const isTime = progress === null ? ledger.sent >= OUTAGE_OF_THE_UNKNOWN : progress >= OUTAGE_AT
      if (isTime) outage?.begin()
    })
    await producer.flush()
  } finally {
    figures.stop()
    terminal.abandoned.removeEventListener('abort', giveUp)
    await producer.close(terminal.abandoned.aborted ? { timeoutMs: 0 } : {})
  }
  const seconds = (performance.now() - startedAtMs) / 1000
  const { records, bytes, batches, requests } = producer.traffic
  terminal.say(
    `${whole(ledger.acknowledged)} records acknowledged in ${seconds.toFixed(2)} s: ${whole(ledger.acknowledged / seconds)} records/s, ${megabytes(bytes / seconds)} MB/s`,
  )
  terminal.say(
    `${counted(requests, 'request')} with ${counted(batches, 'batch', 'batches')} of ${whole(records / Math.max(batches, 1))} records`,
  )
  await outage?.over()
}
