import type { Readable, Writable } from 'node:stream'
import { describeFailure } from './failure.js'

/** A stream that may be a terminal. */
type MaybeTerminal<Stream> = Stream & { readonly isTTY?: boolean; readonly columns?: number }

/** Why a command is to end early. */
export type Interruption =
  | { readonly kind: 'signal'; readonly name: 'SIGINT' | 'SIGTERM' }
  | { readonly kind: 'broken-output' }

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const
const CLEAR_LINE = '\r\x1b[K'

/** Where a command reads and writes, and how it hears that it is to end. Results go to stdout, all else to stderr. */
export class Terminal {
  readonly stdin: MaybeTerminal<Readable>
  readonly #stdout: MaybeTerminal<Writable>
  readonly #stderr: MaybeTerminal<Writable>
  readonly #interrupted = new AbortController()
  readonly #abandoned = new AbortController()
  readonly #broken = new Set<Writable>()
  #interruption: Interruption | null = null
  #tellBroken: () => void = () => {}
  #statusIsShown = false

  constructor(stdin: Readable, stdout: Writable, stderr: Writable) {
    this.stdin = stdin
    this.#stdout = stdout
    this.#stderr = stderr
    stdout.on('error', (error) => this.#writeFailed(stdout, 'stdout', error))
    stderr.on('error', (error) => this.#writeFailed(stderr, 'stderr', error))
  }

  /** Aborted when the command should end in good order: take nothing more, finish what was begun, report. */
  get interrupted(): AbortSignal {
    return this.#interrupted.signal
  }

  /** Aborted when the command was told to end for the second time: give up what is not finished, report. */
  get abandoned(): AbortSignal {
    return this.#abandoned.signal
  }

  get interruption(): Interruption | null {
    return this.#interruption
  }

  /** What a command that was interrupted exits with, as shells have it; 1 if nobody reads its output any more. */
  get interruptedExitCode(): number {
    return this.#interruption?.kind === 'signal' ? EXIT_CODES[this.#interruption.name] : 1
  }

  /** Whether stdout or stderr takes nothing any more. */
  get isBroken(): boolean {
    return this.#broken.size > 0
  }

  get showsProgress(): boolean {
    return this.#stderr.isTTY === true
  }

  get stdinIsTerminal(): boolean {
    return this.stdin.isTTY === true
  }

  onBroken(tell: () => void): void {
    this.#tellBroken = tell
  }

  interrupt(name: 'SIGINT' | 'SIGTERM'): void {
    if (this.#interruption !== null) {
      this.#abandoned.abort()
      return
    }
    this.#interruption = { kind: 'signal', name }
    this.#interrupted.abort()
  }

  /** Writes to stdout as it is. */
  print(text: string): void {
    this.#write(this.#stdout, text)
  }

  /** A message: one line on stderr. */
  say(message: string): void {
    this.write(`odradek: ${message}\n`)
  }

  /** Writes to stderr as it is. */
  write(text: string): void {
    this.#write(this.#stderr, this.#statusIsShown ? CLEAR_LINE + text : text)
    this.#statusIsShown = false
  }

  /** Rewrites the line of progress; nothing happens unless stderr is a terminal. */
  status(line: string): void {
    if (!this.showsProgress) return
    const columns = this.#stderr.columns ?? 80
    this.#write(this.#stderr, `${CLEAR_LINE}${line.slice(0, columns - 1)}`)
    this.#statusIsShown = true
  }

  clearStatus(): void {
    if (this.#statusIsShown) this.write('')
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
