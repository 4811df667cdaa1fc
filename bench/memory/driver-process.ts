import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * A program in a process of its own, so that its memory can be measured. Its first message is its task. Its
 * own messages are read one at a time, in order.
 */
export class DriverProcess<Task extends object, Message extends object> implements Disposable {
  readonly #child: ChildProcess
  readonly #heard: Message[] = []
  #exitCode: number | null | undefined
  #wake: () => void = () => {}

  /**
   * @param script a compiled module, as a URL
   * @param program the Node executable that runs it
   */
  constructor(
    script: URL,
    task: Task,
    nodeArguments: readonly string[] = [],
    program: string = process.execPath,
  ) {
    this.#child = fork(fileURLToPath(script), [], { execArgv: [...nodeArguments], execPath: program })
    this.#child.on('message', (message) => {
      this.#heard.push(message as Message)
      this.#wake()
    })
    this.#child.on('exit', (code) => {
      this.#exitCode = code
      this.#wake()
    })
    this.#child.send(task)
  }

  get pid(): number {
    const { pid } = this.#child
    if (pid === undefined) throw new Error('the driver was not started')
    return pid
  }

  say(message: object): void {
    this.#child.send(message)
  }

  /** The next message. Throws if the process ends without one. */
  async next(): Promise<Message> {
    for (;;) {
      const message = this.#heard.shift()
      if (message !== undefined) return message
      if (this.#exitCode !== undefined) throw new Error(`the driver ended early, with code ${this.#exitCode}`)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Resolves once the process has ended by itself. */
  async ended(): Promise<void> {
    while (this.#exitCode === undefined)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
  }

  /** Ends the process. Messages that it has not sent by now are lost. */
  [Symbol.dispose](): void {
    if (this.#exitCode === undefined) this.#child.kill('SIGKILL')
  }
}
