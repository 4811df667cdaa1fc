import { Buffer } from 'node:buffer'
import { addAbortSignal } from 'node:stream'
import { RecordTooLargeError } from '../../errors.js'
import type { Producer } from '../../producer/producer.js'
import type { ProducerRecord, SendCallback } from '../../producer/record.js'
import { CommandFailure } from '../failure.js'
import { whole } from '../figures.js'
import { cannotRead, type Input } from '../input.js'
import type { Terminal } from '../terminal.js'
import { unlessAborted } from '../until-aborted.js'
import { untilDrained } from '../until-drained.js'
import type { Deliveries } from './deliveries.js'
import { type Line, LineSplitter } from './line-splitter.js'
import type { LineReader } from './reader.js'

/** A line of JSON can need six bytes for one byte of a record. A line beyond this factor fits no record. */
const LINE_PER_RECORD = 8

export interface LineSource extends Input {
  readonly reader: LineReader
  /** `max.request.size` of the producer. */
  readonly maxRequestSize: number
  /** Whether a line is sent only when the line before it has its outcome. */
  readonly isSync: boolean
}

/**
 * Sends a record for every line until the source ends or the command is interrupted. It waits while the
 * producer is full.
 *
 * @throws CommandFailure if the source cannot be read, and at the first invalid line unless such lines are
 *   left out
 */
export async function sendLines(
  source: LineSource,
  producer: Producer,
  deliveries: Deliveries,
  terminal: Terminal,
): Promise<void> {
  const { interrupted } = terminal
  const splitter = new LineSplitter(source.maxRequestSize * LINE_PER_RECORD)
  let lineNumber = 0
  const sendWhile = async (next: () => Line | null): Promise<void> => {
    while (!interrupted.aborted && deliveries.fatal === null) {
      const line = next()
      if (line === null) return
      lineNumber++
      const record = recordOfLine(line, lineNumber, source, deliveries)
      if (record === null) continue
      const outcome = deliveries.expect(lineNumber)
      if (source.isSync) await unlessAborted(settled(producer, record, outcome), interrupted)
      else if (!producer.send(record, outcome)) await untilDrained(producer, interrupted)
    }
  }
  for await (const chunk of chunksOf(source, terminal)) {
    splitter.feed(chunk)
    await sendWhile(() => splitter.next())
    if (deliveries.fatal !== null) return
  }
  if (interrupted.aborted) return
  let last = splitter.end()
  await sendWhile(() => {
    const line = last
    last = null
    return line
  })
}

function settled(producer: Producer, record: ProducerRecord, outcome: SendCallback): Promise<true> {
  return new Promise((resolve) => {
    producer.send(record, (error, metadata) => {
      outcome(error, metadata)
      resolve(true)
    })
  })
}

/** Null if the line has no record. */
function recordOfLine(
  line: Line,
  lineNumber: number,
  { name, reader, maxRequestSize }: LineSource,
  deliveries: Deliveries,
): ProducerRecord | null {
  if (!Buffer.isBuffer(line)) {
    deliveries.refuse(lineNumber, overlong(line.overlongBytes, maxRequestSize * LINE_PER_RECORD))
    return null
  }
  const place = `line ${lineNumber} of ${name}`
  try {
    return reader.recordOf(line, lineNumber)
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    if (!reader.leavesOutWrongLines) throw new CommandFailure(`${place}: ${error.message}`)
    deliveries.leaveOut(place, error.message)
    return null
  }
}

function overlong(bytes: number, maxBytes: number): RecordTooLargeError {
  const most = `${whole(maxBytes)}, ${LINE_PER_RECORD} times max.request.size`
  return new RecordTooLargeError(`it has ${whole(bytes)} bytes and a line can have ${most}`, bytes, maxBytes)
}

/** The chunks of the source. A terminal gives one line at a time, with a prompt before each. */
async function* chunksOf(source: LineSource, terminal: Terminal): AsyncIterable<Buffer> {
  const { stream, name, isTerminal } = source
  const { interrupted } = terminal
  try {
    if (isTerminal) terminal.prompt()
    for await (const chunk of addAbortSignal(interrupted, stream)) {
      if (isTerminal) terminal.answered()
      yield chunk
      if (interrupted.aborted) return
      if (isTerminal) terminal.prompt()
    }
  } catch (error) {
    if (interrupted.aborted) return
    throw cannotRead(name, error)
  } finally {
    terminal.clearStatus()
  }
}
