import type { Command } from 'commander'
import type { ProducerConfig } from '../config/config.js'
import { Producer } from '../producer/producer.js'
import { clientConfig } from './client-options.js'
import { CommandFailure } from './failure.js'
import { openInput } from './input.js'
import { Deliveries } from './produce/deliveries.js'
import { addProduceOptions, type ProduceOptions, settingsOf } from './produce/produce-options.js'
import { lineReader } from './produce/reader.js'
import { interruptedSoFar, showProgress, summary } from './produce/report.js'
import { type LineSource, sendLines } from './produce/send-lines.js'
import type { Terminal } from './terminal.js'
import { unlessAborted } from './until-aborted.js'

const DEFAULT_MAX_REQUEST_SIZE = 1048576

export function addProduceCommand(
  program: Command,
  terminal: Terminal,
  ended: (exitCode: number) => void,
): Command {
  const command = program
    .command('produce')
    .summary('sends lines as records')
    .description(
      'Sends every line of a file, or of standard input, as a record. It has the options of kafka-console-producer.',
    )
  return addProduceOptions(command).action(
    async (file: string | undefined, options: ProduceOptions, called: Command) =>
      ended(await produce(file ?? '-', options, settingsOf(called), terminal)),
  )
}

async function produce(
  file: string,
  options: ProduceOptions,
  settings: Readonly<Record<string, string>>,
  terminal: Terminal,
): Promise<number> {
  const { topic, sync: isSync = false } = options
  const reader = await lineReader(options, terminal)
  const config = await producerConfig(options, settings, terminal)
  const input = await openInput(file, terminal)
  const { maxRequestSize = DEFAULT_MAX_REQUEST_SIZE } = config
  const producer = new Producer(config)
  try {
    return await produceLines({ ...input, reader, maxRequestSize, isSync }, producer, topic, terminal)
  } finally {
    input.stream.destroy()
    // The records that are left now were given up.
    await producer.close({ timeoutMs: 0 })
  }
}

async function produceLines(
  source: LineSource,
  producer: Producer,
  topic: string,
  terminal: Terminal,
): Promise<number> {
  const { interrupted } = terminal
  const startedAtMs = performance.now()
  const deliveries = new Deliveries(terminal)
  let isStopped = false
  // No line is read before this succeeds. A missing cluster or topic is then one error, not one for each
  // record.
  const connected = producer.connect().then(() => producer.partitionsFor(topic))
  if ((await unlessAborted(connected, interrupted)) === null) {
    terminal.say('interrupted before the first line was read')
  } else {
    const stopProgress = showProgress(deliveries, startedAtMs, source, terminal)
    try {
      await sendLines(source, producer, deliveries, terminal)
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error
      isStopped = true
      terminal.say(error.message)
    }
    if (interrupted.aborted && deliveries.unsettled > 0) {
      terminal.say(interruptedSoFar(deliveries, performance.now() - startedAtMs))
    }
    await settle(producer, deliveries, terminal)
    stopProgress()
  }
  for (const line of summary(deliveries, topic, performance.now() - startedAtMs)) terminal.say(line)
  if (isStopped || !deliveries.areAllAcknowledged) return 1
  return terminal.interruption === null ? 0 : terminal.interruptedExitCode
}

/** Resolves when every record has its outcome. A second signal gives the remaining records up. */
async function settle(producer: Producer, deliveries: Deliveries, { abandoned }: Terminal): Promise<void> {
  const giveUp = (): void => {
    deliveries.giveUp()
    void producer.close({ timeoutMs: 0 })
  }
  if (abandoned.aborted) giveUp()
  abandoned.addEventListener('abort', giveUp)
  await producer.flush()
  abandoned.removeEventListener('abort', giveUp)
}

function producerConfig(
  options: ProduceOptions,
  settings: Readonly<Record<string, string>>,
  terminal: Terminal,
): Promise<ProducerConfig> {
  const { compressionCodec, compressionType, sync } = options
  const codec = compressionCodec === true ? 'gzip' : compressionCodec
  // With --sync each record is awaited, so no other record comes that could share its batch.
  const defaults = { 'client.id': 'console-producer', ...(sync && { 'linger.ms': '0' }) }
  const overrides = { ...settings, 'compression.type': compressionType ?? codec }
  return clientConfig(options, defaults, overrides, terminal)
}
