import type { Environment } from '../environment/environment.js'
import type { SocketAddress } from '../environment/socket.js'
import type { KafkaError } from '../errors.js'
import { formatAddress } from './address.js'
import type { BrokerVersions } from './broker-versions.js'
import {
  type AddressFailure,
  allAddressesFailed,
  type ConnectTarget,
  nameNotResolved,
} from './connect-errors.js'
import { Connection, type ConnectionListener, type ConnectionOptions } from './connection.js'
import { type ConnectionStep, type SetUp, type SetUpFailure, setUpConnection } from './connection-setup.js'
import { setDeadline } from './deadline.js'

export interface ConnectOptions {
  readonly target: ConnectTarget
  readonly environment: Pick<Environment, 'clock' | 'lookup' | 'openSocket'>
  readonly connection: Pick<
    ConnectionOptions,
    'clientId' | 'requestTimeoutMs' | 'maxIdleMs' | 'maxResponseBytes'
  >
  readonly steps: readonly ConnectionStep[]
  /** For the look-up of the name, and again for each address. */
  readonly timeoutMs: number
  /** Addresses that failed lately, to be tried last; kept up to date here. */
  readonly failed: Set<string>
  readonly listener: (connection: Connection) => ConnectionListener
}

/** A connection ready for use. */
export interface Connected {
  readonly connection: Connection
  readonly versions: BrokerVersions
  /** The pause in milliseconds that the broker has asked for already; 0 if none. */
  readonly throttleMs: number
}

/** One try to connect to a broker: its name is resolved anew, and every address it has is tried, one after another. */
export class ConnectAttempt {
  readonly startedMs: number
  /** The step at which the last address failed. */
  failedStep: string | undefined
  readonly #options: ConnectOptions
  readonly #failures: AddressFailure[] = []
  /** The address that is being tried. */
  #trying: { readonly address: string; readonly setUp: SetUp } | null = null
  #stop: ((reason: KafkaError) => void) | null = null
  #cancelled: KafkaError | null = null

  constructor(options: ConnectOptions) {
    this.#options = options
    this.startedMs = options.environment.clock.now()
  }

  /** Which addresses were tried and how they failed, and what is under way, for messages. */
  get progress(): string {
    const now =
      this.#trying === null
        ? `looking up ${this.#options.target.host}`
        : `${this.#trying.address}: ${this.#trying.setUp.step}`
    return [...this.#failures.map(({ address, error }) => `${address}: ${error.message}`), now].join('; ')
  }

  /** Rejects with an error that names every address tried and what went wrong there. */
  async run(): Promise<Connected> {
    for (const address of await this.#resolve()) {
      if (this.#cancelled !== null) throw this.#cancelled
      const name = formatAddress(address.address, address.port)
      const outcome = await this.#connect(address)
      if (this.#cancelled !== null) {
        if ('connection' in outcome) outcome.connection.close(this.#cancelled)
        throw this.#cancelled
      }
      if ('connection' in outcome) {
        this.#options.failed.delete(name)
        return outcome
      }
      this.#options.failed.add(name)
      this.failedStep = outcome.step
      this.#failures.push({ address: name, step: outcome.step, error: outcome.error })
    }
    throw allAddressesFailed(this.#options.target, this.#failures)
  }

  /** Ends the attempt, which then rejects with `reason`. */
  cancel(reason: KafkaError): void {
    if (this.#cancelled !== null) return
    this.#cancelled = reason
    this.#trying?.setUp.connection.close(reason)
    this.#stop?.(reason)
  }

  async #resolve(): Promise<SocketAddress[]> {
    const { target, environment, failed } = this.#options
    let found: Awaited<ReturnType<Environment['lookup']>>
    try {
      found = await this.#inTime(environment.lookup(target.host))
    } catch (error) {
      if (this.#cancelled !== null) throw this.#cancelled
      throw nameNotResolved(target, error)
    }
    const addresses = found.map(({ address, family }) => ({ address, family, port: target.port }))
    const hasFailed = ({ address, port }: SocketAddress): boolean => failed.has(formatAddress(address, port))
    const ordered = [...addresses.filter((address) => !hasFailed(address)), ...addresses.filter(hasFailed)]
    const names = new Set(addresses.map(({ address, port }) => formatAddress(address, port)))
    for (const name of failed) if (!names.has(name)) failed.delete(name)
    return ordered
  }

  /** A look-up cannot be called off, only no longer waited for. */
  #inTime<T>(lookup: Promise<T>): Promise<T> {
    const { environment, timeoutMs } = this.#options
    return new Promise<T>((resolve, reject) => {
      const deadline = setDeadline(environment.clock, timeoutMs, () =>
        reject(new Error(`no name server answered within ${Math.round(timeoutMs)} ms`)),
      )
      this.#stop = (reason) => {
        deadline.cancel()
        reject(reason)
      }
      lookup.then(resolve, reject).finally(() => {
        this.#stop = null
        deadline.cancel()
      })
    })
  }

  async #connect(address: SocketAddress): Promise<Connected | SetUpFailure> {
    const { environment, target, steps, timeoutMs, listener } = this.#options
    const { clock, openSocket } = environment
    let events: ConnectionListener | null = null
    const connection = new Connection(
      { ...this.#options.connection, clock, openSocket, address, broker: target.broker },
      { closed: (error) => events?.closed(error), slotFree: () => events?.slotFree() },
    )
    events = listener(connection)
    const setUp: SetUp = { connection, broker: target.broker, step: '', versions: undefined, throttleMs: 0 }
    this.#trying = { address: formatAddress(address.address, address.port), setUp }
    const failure = await setUpConnection(setUp, steps, timeoutMs, clock)
    this.#trying = null
    if (failure !== null) return failure
    const { versions = { ranges: new Map(), finalizedFeatures: new Map() }, throttleMs } = setUp
    return { connection, versions, throttleMs }
  }
}
