import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * A program in a process of its own, so that its memory is its alone. It is given a task as its first message, and what it says is
 * heard one message at a time, in order.
 */
export class DriverProcess<Task extends object, Message extends object> implements Disposable {
  readonly #child: ChildProcess
  readonly #heard: Message[] = []
  #exitCode: number | null | undefined
  #wake: () => void = () => {}

  /** @param script a compiled module, as a URL */
  constructor(script: URL, task: Task, nodeArguments: readonly string[] = []) {
    this.#child = fork(fileURLToPath(script), [], { execArgv: [...nodeArguments] })
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

  /** The next message. Throws when the process ends instead of saying something. */
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

  /** Ends the process; what it has not said by now is lost. */
  [Symbol.dispose](): void {
    if (this.#exitCode === undefined) this.#child.kill('SIGKILL')
  }
}
