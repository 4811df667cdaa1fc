import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { guard, release } from '../support/kafka/guard.js'
import type { DriverSettings } from './driver/driver-settings.js'

/** The process of the client under test. */
export class DriverProcess {
  readonly #child: ChildProcess
  readonly #exit: Promise<string>
  #endIsWanted = false

  private constructor(child: ChildProcess, ended: (how: string) => void) {
    this.#child = child
    const { pid } = child
    if (pid !== undefined) guard(pid)
    this.#exit = once(child, 'exit').then(([code, signal]) => {
      if (pid !== undefined) release(pid)
      const how = `${signal ?? `exit code ${code}`}`
      if (!this.#endIsWanted) ended(how)
      return how
    })
    // A write may come after the process has ended. The event `exit` reports that.
    child.stdin?.on('error', () => undefined)
  }

  /** `outputFile` receives the output of the process. `ended` is called if it ends without a request to. */
  static async start(
    node: string,
    settings: DriverSettings,
    outputFile: string,
    ended: (how: string) => void,
  ): Promise<DriverProcess> {
    const output = await open(outputFile, 'a')
    try {
      const program = fileURLToPath(new URL('driver/main.js', import.meta.url))
      const child = spawn(node, [program, JSON.stringify(settings)], {
        stdio: ['pipe', output.fd, output.fd],
      })
      return new DriverProcess(child, ended)
    } finally {
      await output.close()
    }
  }

  /** Sets the records per second; 0: no limit. */
  setRate(rate: number): void {
    this.#child.stdin?.write(`rate ${Math.round(rate)}\n`)
  }

  pause(): void {
    this.#child.kill('SIGSTOP')
  }

  resume(): void {
    this.#child.kill('SIGCONT')
  }

  async kill(): Promise<void> {
    this.#endIsWanted = true
    this.#child.kill('SIGKILL')
    await this.#exit
  }

  /**
   * Makes the process wait for all outcomes and end. Resolves to how it ended, or to undefined if it did not
   * end in time.
   */
  async finish(limitMs: number): Promise<string | undefined> {
    this.#endIsWanted = true
    this.#child.stdin?.write('stop\n')
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, limitMs, undefined)
    })
    try {
      return await Promise.race([this.#exit, late])
    } finally {
      clearTimeout(timer)
    }
  }
}
