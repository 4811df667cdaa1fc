import { Buffer } from 'node:buffer'
import { PassThrough, Readable, Writable } from 'node:stream'
import { runCommandLine } from '../../src/cli/program.js'
import { Terminal } from '../../src/cli/terminal.js'

export interface CommandLineResult {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs in this process. */
export interface RunningCommand {
  readonly terminal: Terminal
  readonly stdin: PassThrough
  readonly result: Promise<CommandLineResult>
  /** Resolves once stderr contains the text. */
  said(text: string): Promise<void>
}

/** The kinds of a command's streams. */
export interface Screen {
  /** Whether standard input is a terminal. */
  readonly stdinIsTerminal?: boolean
  /** The width of the terminal that stdout and stderr are; if it is left out they are files. */
  readonly columns?: number
}

class Collected extends Writable {
  readonly isTTY: boolean
  readonly columns: number | undefined
  readonly #chunks: Buffer[] = []
  readonly #watchers = new Set<() => void>()

  constructor(columns: number | undefined) {
    super()
    this.isTTY = columns !== undefined
    this.columns = columns
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk)
    done()
    for (const look of [...this.#watchers]) look()
  }

  get text(): string {
    return Buffer.concat(this.#chunks).toString()
  }

  async contains(text: string): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (!this.text.includes(text)) return
        this.#watchers.delete(look)
        resolve()
      }
      this.#watchers.add(look)
      look()
    })
  }
}

/** Starts a command as the program would, with streams instead of a terminal. */
export function startCommand(...args: string[]): RunningCommand {
  return startCommandOn({}, ...args)
}

/** Starts a command on a terminal. */
export function startCommandOn({ stdinIsTerminal, columns }: Screen, ...args: string[]): RunningCommand {
  const stdin = Object.assign(new PassThrough(), { isTTY: stdinIsTerminal === true })
  const stdout = new Collected(columns)
  const stderr = new Collected(columns)
  const terminal = new Terminal(stdin, stdout, stderr)
  const result = runCommandLine(args, terminal).then((exitCode) => ({
    exitCode,
    stdout: stdout.text,
    stderr: stderr.text,
  }))
  return { terminal, stdin, result, said: (text) => stderr.contains(text) }
}

/** Runs a command to its end, with the given input. */
export function runCommandWith(
  input: string | readonly Uint8Array[],
  ...args: string[]
): Promise<CommandLineResult> {
  const { stdin, result } = startCommand(...args)
  Readable.from(typeof input === 'string' ? [Buffer.from(input)] : input).pipe(stdin)
  return result
}
