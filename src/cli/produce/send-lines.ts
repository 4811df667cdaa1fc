import type { Buffer } from 'node:buffer'
import { addAbortSignal, type Readable } from 'node:stream'
import type { Producer } from '../../producer/producer.js'
import { CommandFailure, describeFailure } from '../failure.js'
import { untilDrained } from '../until-drained.js'
import type { Deliveries } from './deliveries.js'
import type { RecordOfLine } from './line-format.js'
import { LineSplitter } from './line-splitter.js'

export interface LineSource {
  readonly stream: Readable
  /** For messages. */
  readonly name: string
  readonly maxLineBytes: number
}

/**
 * Sends a record for every line, no faster than the producer takes them, until the end of the source or until `signal` is aborted.
 *
 * @throws CommandFailure at the first line that is wrong, and if the source cannot be read
 */
export async function sendLines(
  source: LineSource,
  recordOf: RecordOfLine,
  producer: Producer,
  deliveries: Deliveries,
  signal: AbortSignal,
): Promise<void> {
  const splitter = new LineSplitter(source.maxLineBytes)
  let lineNumber = 0
  const send = async (next: () => Buffer | null): Promise<void> => {
    while (!signal.aborted && deliveries.fatal === null) {
      lineNumber++
      let mayGoOn = true
      try {
        const line = next()
        if (line === null) break
        mayGoOn = producer.send(recordOf(line), deliveries.expect(lineNumber))
      } catch (error) {
        if (!(error instanceof CommandFailure)) throw error
        throw new CommandFailure(`line ${lineNumber} of ${source.name}: ${error.message}`)
      }
      if (!mayGoOn) await untilDrained(producer, signal)
    }
    lineNumber--
  }
  for await (const chunk of chunksOf(source, signal)) {
    splitter.feed(chunk)
    await send(() => splitter.next())
    if (deliveries.fatal !== null) return
  }
  if (signal.aborted) return
  let last = splitter.end()
  await send(() => {
    const line = last
    last = null
    return line
  })
}

async function* chunksOf({ stream, name }: LineSource, signal: AbortSignal): AsyncIterable<Buffer> {
  try {
    for await (const chunk of addAbortSignal(signal, stream)) {
      yield chunk
      if (signal.aborted) return
    }
  } catch (error) {
    if (signal.aborted) return
    throw new CommandFailure(`cannot read ${name}: ${describeFailure(error)}`)
  }
}
