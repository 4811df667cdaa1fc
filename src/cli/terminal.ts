import process from 'node:process'
import type { Readable, Writable } from 'node:stream'
import { describeFailure } from './failure.js'

/** A stream that may be a terminal. */
type MaybeTerminal<Stream> = Stream & { readonly isTTY?: boolean; readonly columns?: number }

/** The signals that interrupt a command, each with its exit code by the convention of shells. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

export type EndingSignal = keyof typeof EXIT_CODES

export const endingSignals = Object.keys(EXIT_CODES) as readonly EndingSignal[]

/** Why a command ends early. */
export type Interruption =
  | { readonly kind: 'signal'; readonly name: EndingSignal }
  | { readonly kind: 'broken-output' }

const CLEAR_LINE = '\r\x1b[K'
const PROMPT = '>'
const DEFAULT_COLUMNS = 80

/** The streams and signals of a command. Results go to stdout, everything else goes to stderr. */
export class Terminal {
  readonly stdin: MaybeTerminal<Readable>
  readonly #stdout: MaybeTerminal<Writable>
  readonly #stderr: MaybeTerminal<Writable>
  readonly #interrupted = new AbortController()
  readonly #abandoned = new AbortController()
  readonly #broken = new Set<Writable>()
  #interruption: Interruption | null = null
  #tellBroken: () => void = () => {}
  /** The content of the line with the cursor. */
  #line: 'nothing' | 'progress' | 'prompt' = 'nothing'

  constructor(stdin: Readable, stdout: Writable, stderr: Writable) {
    this.stdin = stdin
    this.#stdout = stdout
    this.#stderr = stderr
    stdout.on('error', (error) => this.#writeFailed(stdout, 'stdout', error))
    stderr.on('error', (error) => this.#writeFailed(stderr, 'stderr', error))
  }

  /**
   * Aborted by the first signal: the command takes no more input, finishes its work in progress, and reports.
   */
  get interrupted(): AbortSignal {
    return this.#interrupted.signal
  }

  /** Aborted by the second signal: the command gives up its unfinished work, and reports. */
  get abandoned(): AbortSignal {
    return this.#abandoned.signal
  }

  get interruption(): Interruption | null {
    return this.#interruption
  }

  /** The exit code of an interrupted command; 1 if the reason is that nobody reads its output any more. */
  get interruptedExitCode(): number {
    return this.#interruption?.kind === 'signal' ? EXIT_CODES[this.#interruption.name] : 1
  }

  /** Whether writing to stdout or stderr has failed. */
  get isBroken(): boolean {
    return this.#broken.size > 0
  }

  get showsProgress(): boolean {
    return this.#stderr.isTTY === true
  }

  /** Whether text on stdout may have colours: it is a terminal, and nobody asks for none (no-color.org). */
  get hasColours(): boolean {
    const { NO_COLOR: noColour } = process.env
    return this.#stdout.isTTY === true && !noColour
  }

  /** The columns of stdout; the usual number if stdout is no terminal. */
  get columns(): number {
    return columnsOf(this.#stdout)
  }

  /** The columns of stderr; the usual number if stderr is no terminal. */
  get errorColumns(): number {
    return columnsOf(this.#stderr)
  }

  onBroken(tell: () => void): void {
    this.#tellBroken = tell
  }

  interrupt(name: EndingSignal): void {
    if (this.#interruption !== null) {
      // When a terminal closes, the kernel and the shell both send SIGHUP. The second one is no new request.
      if (name !== 'SIGHUP') this.#abandoned.abort()
      return
    }
    this.#interruption = { kind: 'signal', name }
    this.#interrupted.abort()
  }

  /** Writes a text to stdout unchanged. */
  print(text: string): void {
    this.#write(this.#stdout, text)
  }

  /** Writes a message as one line to stderr. */
  say(message: string): void {
    this.write(`odradek: ${message}\n`)
  }

  /** Writes a text to stderr unchanged, below a line of progress or a prompt. */
  write(text: string): void {
    switch (this.#line) {
      case 'nothing':
        this.#write(this.#stderr, text)
        return
      case 'progress':
        this.#line = 'nothing'
        this.#write(this.#stderr, CLEAR_LINE + text)
        return
      case 'prompt':
        // Half a line may have been typed behind the prompt. It stays, and the typing goes on behind a new
        // prompt.
        this.#write(this.#stderr, `\n${text}${PROMPT}`)
        return
    }
  }

  /** Rewrites the line of progress. Does nothing unless stderr is a terminal. */
  status(line: string): void {
    if (!this.showsProgress) return
    this.#write(this.#stderr, `${CLEAR_LINE}${line.slice(0, this.errorColumns - 1)}`)
    this.#line = 'progress'
  }

  /** Asks for a line. Does nothing unless stderr is a terminal. */
  prompt(): void {
    if (!this.showsProgress) return
    this.#write(this.#stderr, PROMPT)
    this.#line = 'prompt'
  }

  /** To be called when a line was typed behind the prompt: the cursor is now below it. */
  answered(): void {
    this.#line = 'nothing'
  }

  /** Ends the line of progress or the prompt, so that the next message begins a line. */
  clearStatus(): void {
    const line = this.#line
    this.#line = 'nothing'
    if (line === 'progress') this.#write(this.#stderr, CLEAR_LINE)
    if (line === 'prompt') this.#write(this.#stderr, '\n')
  }

  #write(stream: Writable, text: string): void {
    if (!this.#broken.has(stream)) stream.write(text)
  }

  #writeFailed(stream: Writable, name: string, error: Error): void {
    if (this.#broken.has(stream)) return
    this.#broken.add(stream)
    this.#tellBroken()
    this.say(`cannot write to ${name}: ${describeFailure(error)}`)
    this.#interruption ??= { kind: 'broken-output' }
    this.#interrupted.abort()
  }
}

function columnsOf(stream: MaybeTerminal<Writable>): number {
  // Some pseudo-terminals report that they have 0 columns.
  return stream.columns || DEFAULT_COLUMNS
}
