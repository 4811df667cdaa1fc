import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type BrokerSettings,
  dataFolderOf,
  outputFileOf,
  propertiesFileOf,
  serverProperties,
} from './broker-settings.js'
import { toolArchiveArguments } from './class-archive.js'
import { guard, release } from './guard.js'
import { brokerJvmArguments, toolJvmArguments } from './java.js'
import { type ClusterView, probeBroker } from './probe.js'
import { runCommand } from './run-command.js'

export interface BrokerExit {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
}

const startLimitMs = 90_000

/** One Kafka node (broker and controller) in its own process, which can be killed, paused and restarted. */
export class KafkaBroker {
  readonly nodeId: number
  readonly port: number
  /** The port of its controller listener, for brokers and not for producers. */
  readonly controllerPort: number
  /** The port of the secure listener, if the cluster has one. */
  readonly securePort: number | undefined
  /** The port of the listener that advertises a proxy's port, if the cluster has one. */
  readonly proxiedPort: number | undefined
  /** The folder of its partitions: `<dataFolder>/<topic>-<partition>/*.log`. */
  readonly dataFolder: string
  readonly #settings: BrokerSettings
  #process: ChildProcess | undefined
  #exit: Promise<BrokerExit> = Promise.resolve({ exitCode: 0, signal: null })

  constructor(settings: BrokerSettings) {
    this.#settings = settings
    this.nodeId = settings.nodeId
    this.port = settings.port
    this.controllerPort = settings.controllerPort
    this.securePort = settings.securePort
    this.proxiedPort = settings.proxied?.port
    this.dataFolder = dataFolderOf(settings)
  }

  get running(): boolean {
    return this.#process !== undefined
  }

  /** The port of one of the `listeners` that the cluster was started with. */
  portOf(listener: string): number {
    const found = this.#settings.listeners.find(({ name }) => name === listener)
    if (found === undefined) throw new Error(`${this} has no listener ${listener}`)
    return found.port
  }

  /** Throws while the broker is not running. */
  get pid(): number {
    const pid = this.#process?.pid
    if (pid === undefined) throw new Error(`${this} is not running`)
    return pid
  }

  /** Writes the configuration and formats the data folder; once in the life of a broker. */
  async format(clusterId: string, nodes: readonly BrokerSettings[]): Promise<void> {
    await mkdir(this.dataFolder, { recursive: true })
    const properties = propertiesFileOf(this.#settings)
    await writeFile(properties, serverProperties(this.#settings, nodes))
    const storageTool = [
      'kafka.tools.StorageTool',
      'format',
      '--cluster-id',
      clusterId,
      '--config',
      properties,
      ...scramArguments(this.#settings.scramUsers),
    ]
    const { classpath, version } = this.#settings
    const shared = await toolArchiveArguments(version)
    await runCommand('java', [...toolJvmArguments, ...shared, '-cp', classpath, ...storageTool])
  }

  /** Starts the process and returns at once; `waitUntilServing` tells when it is a broker. */
  async launch(): Promise<void> {
    if (this.running) throw new Error(`${this} is running already`)
    const output = await open(outputFileOf(this.#settings), 'a')
    try {
      const { heapMegabytes, classpath, env, jvmArguments } = this.#settings
      const broker = ['-cp', classpath, 'kafka.Kafka', propertiesFileOf(this.#settings)]
      const child = spawn('java', [...brokerJvmArguments(heapMegabytes), ...jvmArguments, ...broker], {
        stdio: ['ignore', output.fd, output.fd],
        env: { ...process.env, ...env },
      })
      this.#exit = this.#watch(child)
      await once(child, 'spawn')
    } finally {
      await output.close()
    }
  }

  /** Resolves when the broker answers requests and `ready` accepts its view of the cluster. */
  async waitUntilServing(ready: (view: ClusterView) => boolean): Promise<void> {
    const deadline = Date.now() + startLimitMs
    let latest: unknown = 'nothing yet'
    while (this.running && Date.now() < deadline) {
      try {
        const view = await probeBroker('127.0.0.1', this.port)
        if (view.controllerId !== -1 && ready(view)) return
        latest = view
      } catch (error) {
        latest = error
      }
      await sleep(50)
    }
    const state = this.running ? `did not serve within ${startLimitMs} ms` : 'ended while it was starting'
    throw new Error(`${this} ${state}\n${await this.readOutput()}`, { cause: latest })
  }

  /**
   * Starts the broker again, on the same port and with the same data. Resolves when it is part of its
   * cluster.
   */
  async start(): Promise<void> {
    await this.launch()
    await this.waitUntilServing((view) => view.brokerIds.includes(this.nodeId))
  }

  kill(signal: 'SIGKILL' | 'SIGTERM'): void {
    process.kill(this.pid, signal)
  }

  /** Resolves when the process has ended; at once when it is not running. */
  waitForExit(): Promise<BrokerExit> {
    return this.#exit
  }

  /** Freezes the process: its connections stay open, and nothing answers. */
  pause(): void {
    process.kill(this.pid, 'SIGSTOP')
  }

  resume(): void {
    process.kill(this.pid, 'SIGCONT')
  }

  /** The end of what the broker has printed, over all its starts. */
  async readOutput(lines = 40): Promise<string> {
    const output = await readFile(outputFileOf(this.#settings), 'utf8')
    return output.trimEnd().split('\n').slice(-lines).join('\n')
  }

  toString(): string {
    return `Kafka ${this.#settings.version} broker ${this.nodeId} on port ${this.port}`
  }

  async #watch(child: ChildProcess): Promise<BrokerExit> {
    this.#process = child
    const { pid } = child
    if (pid !== undefined) guard(pid)
    return new Promise((resolve) => {
      const ended = (exitCode: number | null, signal: NodeJS.Signals | null) => {
        if (pid !== undefined) release(pid)
        this.#process = undefined
        resolve({ exitCode, signal })
      }
      child.once('exit', ended)
      child.once('error', () => ended(null, null))
    })
  }
}

/** Users are written into the metadata when it is formatted, so that the first login can find them. */
function scramArguments(users: BrokerSettings['scramUsers']): string[] {
  return Object.entries(users).flatMap(([name, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${name},iterations=4096,password=${password}]`,
    ]),
  )
}
