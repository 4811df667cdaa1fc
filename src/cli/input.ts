import { constants, createReadStream, fstatSync, open, type Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { isatty, ReadStream } from 'node:tty'
import { promisify } from 'node:util'
import { pipeStream } from '../environment/pipe-stream.js'
import { CommandFailure, describeFailure, Interrupted } from './failure.js'
import type { Terminal } from './terminal.js'
import { unlessAborted } from './until-aborted.js'

const CHUNK_BYTES = 256 * 1024

/**
 * An input that is read from its beginning to its end. A destroyed stream does not keep the process alive.
 */
export interface Input {
  readonly stream: Readable
  /** The name of the input in messages. */
  readonly name: string
  /** The size in bytes; 0 if there is none, as for a pipe. */
  readonly size: number
  /** Whether a person types it. */
  readonly isTerminal: boolean
}

/**
 * Opens a file, a device or a FIFO. `-` stands for standard input.
 *
 * @throws CommandFailure if the input cannot be opened or is a directory; Interrupted if the command is
 *   interrupted before the input is open
 */
export function openInput(file: string, terminal: Terminal): Promise<Input> {
  return file === '-' ? standardInput(terminal.stdin) : openNamed(file, terminal)
}

/**
 * The whole text of a file, a device or a FIFO.
 *
 * @throws CommandFailure if the file cannot be read; Interrupted if the command is interrupted before it is
 *   read
 */
export async function readText(file: string, terminal: Terminal): Promise<string> {
  const { stream, name } = await openNamed(file, terminal)
  try {
    const whole = await unlessAborted(text(stream), terminal.interrupted)
    if (whole !== null) return whole
  } catch (error) {
    throw cannotRead(name, error)
  } finally {
    stream.destroy()
  }
  throw interruptedWhileReading(name)
}

export function cannotRead(name: string, error: unknown): CommandFailure {
  return new CommandFailure(`cannot read ${name}: ${describeFailure(error)}`)
}

async function standardInput(stream: Readable): Promise<Input> {
  const name = 'standard input'
  // For a directory, Node gives the stream of an empty file.
  if ('fd' in stream && typeof stream.fd === 'number' && fstatSync(stream.fd).isDirectory()) {
    throw cannotRead(name, directory())
  }
  return { stream, name, size: 0, isTerminal: isTerminal(stream) }
}

async function openNamed(file: string, { interrupted }: Terminal): Promise<Input> {
  const opened = await unlessAborted(openFile(file), interrupted)
  if (opened === null) throw interruptedWhileReading(file)
  return opened
}

async function openFile(file: string): Promise<Input> {
  try {
    const stats = await stat(file)
    if (stats.isDirectory()) throw directory()
    const fd = await promisify(open)(file, flagsFor(stats))
    const stream = streamOf(fd, stats)
    return { stream, name: file, size: stats.size, isTerminal: isTerminal(stream) }
  } catch (error) {
    throw cannotRead(file, error)
  }
}

/**
 * Linux lets a FIFO be opened without blocking, and its stream then waits for the first writer. On other
 * systems the stream may end at once, so there the opening has to wait.
 */
function flagsFor(stats: Stats): number {
  const streamWaits = stats.isFIFO() && process.platform === 'linux'
  return streamWaits ? constants.O_RDONLY | constants.O_NONBLOCK : constants.O_RDONLY
}

function streamOf(fd: number, stats: Stats): Readable {
  if (stats.isFIFO()) return pipeStream(fd)
  if (isatty(fd)) return new ReadStream(fd)
  return createReadStream('', { fd, highWaterMark: CHUNK_BYTES })
}

function isTerminal(stream: Readable): boolean {
  return 'isTTY' in stream && stream.isTTY === true
}

function directory(): CommandFailure {
  return new CommandFailure('it is a directory')
}

function interruptedWhileReading(name: string): Interrupted {
  return new Interrupted(`interrupted while reading ${name}; nothing was sent`)
}
