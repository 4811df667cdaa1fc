import type { Environment } from '../../environment/environment.js'
import type { SocketAddress } from '../../environment/socket.js'
import type { KafkaError } from '../../errors.js'
import { formatAddress, isAddress } from '../address.js'
import { Connection } from '../connection/connection.js'
import type { ConnectionListener, ConnectionOptions } from '../connection/connection-options.js'
import type { SaslConversation, SaslMechanism } from '../sasl/mechanism.js'
import type { Stalls } from '../stalls.js'
import type { BrokerVersions } from './broker-versions.js'
import { type AddressFailure, allAddressesFailed, nameNotResolved, noAddress } from './connect-errors.js'
import { inStep, SetUpFailure, setUpConnection } from './connection-setup.js'
import type { ConnectionStep, ConnectTarget, SetUp, StepName } from './connection-step.js'
import { MAX_SASL_BYTES } from './sasl-exchange.js'
import { startLogin } from './sasl-login.js'

export interface ConnectOptions {
  readonly target: ConnectTarget
  readonly environment: Pick<Environment, 'clock' | 'lookup' | 'openSocket'>
  readonly connection: Pick<
    ConnectionOptions,
    'clientId' | 'requestTimeoutMs' | 'maxIdleMs' | 'maxResponseBytes'
  >
  readonly stalls: Stalls
  readonly steps: readonly ConnectionStep[]
  /** The mechanism of the login; null without SASL. */
  readonly sasl: SaslMechanism | null
  readonly saslKerberosServiceName: string | null
  /** Milliseconds for the look-up of the name, and as many for each address. */
  readonly timeoutMs: number
  /** Addresses whose last attempt failed. They are tried last. The attempt keeps the set up to date. */
  readonly failed: Set<string>
  readonly listener: (connection: Connection) => ConnectionListener
}

/** A connection whose set-up is done. */
export interface Connected {
  readonly connection: Connection
  readonly versions: BrokerVersions
  /** The pause that the broker has asked for during the set-up, in milliseconds; 0 if none. */
  readonly throttleMs: number
  /** The lifetime of the session in milliseconds, as the broker gave it; 0 for no end (KIP-368). */
  readonly sessionLifetimeMs: bigint
}

/**
 * One attempt to connect to a broker. It resolves the broker's name anew and tries the addresses one after
 * another.
 */
export class ConnectAttempt {
  readonly startedMs: number
  /** The step at which the last address failed. */
  failedStep: StepName | undefined
  readonly #options: ConnectOptions
  readonly #failures: AddressFailure[] = []
  /** The address that is being tried. */
  #trying: { readonly address: string; readonly setUp: SetUp } | null = null
  readonly #cancelling = new AbortController()
  #isStartingLogin = false
  #stop: ((reason: KafkaError) => void) | null = null
  #cancelled: KafkaError | null = null

  constructor(options: ConnectOptions) {
    this.#options = options
    this.startedMs = options.environment.clock.now()
  }

  /** The addresses that failed, with their failures, and the step under way, for messages. */
  get progress(): string {
    const now =
      this.#trying === null
        ? this.#isStartingLogin
          ? 'waiting for credentials'
          : `looking up ${this.#options.target.host}`
        : `${this.#trying.address}: ${this.#trying.setUp.step}`
    return [...this.#failures.map(({ address, error }) => `${address}: ${error.message}`), now].join('; ')
  }

  /** Connects. Rejects with an error that names every address and its failure. */
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
      // No address is to blame.
      if (outcome.step === 'credentials') break
    }
    const isEncrypted = this.#options.steps.some(({ name }) => name === 'TLS')
    throw allAddressesFailed(this.#options.target, this.#failures, isEncrypted)
  }

  /** Ends the attempt, so that `run` rejects with `reason`. */
  cancel(reason: KafkaError): void {
    if (this.#cancelled !== null) return
    this.#cancelled = reason
    this.#trying?.setUp.connection.close(reason)
    this.#stop?.(reason)
    this.#cancelling.abort()
  }

  async #resolve(): Promise<SocketAddress[]> {
    const { target, environment, failed } = this.#options
    if (!isAddress(target.host, target.port)) throw noAddress(target)
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

  /** Waits for a look-up until the deadline. The look-up itself cannot be cancelled. */
  #inTime<T>(lookup: Promise<T>): Promise<T> {
    const { stalls, timeoutMs } = this.#options
    return new Promise<T>((resolve, reject) => {
      const deadline = stalls.setDeadline(timeoutMs, () =>
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
    const { environment, stalls, target, steps, timeoutMs, listener, sasl } = this.#options
    const { clock, openSocket } = environment
    const conversation = sasl === null ? null : await this.#startLogin(sasl)
    if (conversation instanceof SetUpFailure) return conversation
    if (this.#cancelled !== null) return new SetUpFailure('credentials', this.#cancelled)
    let events: ConnectionListener | null = null
    const connection = new Connection(
      { ...this.#options.connection, clock, stalls, openSocket, address, broker: target.broker },
      {
        explained: (error) => events?.explained?.(error) ?? error,
        closed: (error) => events?.closed(error),
        slotFree: () => events?.slotFree(),
        quiet: () => events?.quiet(),
      },
    )
    events = listener(connection)
    connection.limitResponses(MAX_SASL_BYTES)
    const setUp: SetUp = {
      connection,
      target,
      step: 'TCP connect',
      versions: undefined,
      throttleMs: 0,
      conversation,
      sessionLifetimeMs: 0n,
    }
    this.#trying = { address: formatAddress(address.address, address.port), setUp }
    const failure = await setUpConnection(setUp, steps, timeoutMs, stalls)
    this.#trying = null
    if (failure !== null) return failure
    connection.limitResponses(this.#options.connection.maxResponseBytes)
    const { versions = { ranges: new Map(), finalizedFeatures: new Map() }, throttleMs } = setUp
    return { connection, versions, throttleMs, sessionLifetimeMs: setUp.sessionLifetimeMs }
  }

  /** Gets the credentials before a socket is opened, because they may take their time. */
  async #startLogin(mechanism: SaslMechanism): Promise<SaslConversation | SetUpFailure> {
    const { target, stalls, timeoutMs, connection, saslKerberosServiceName: serviceName } = this.#options
    const { host, port, broker } = target
    const context = { host, port, clientId: connection.clientId, isRenewal: false, serviceName }
    const { signal } = this.#cancelling
    this.#isStartingLogin = true
    try {
      return await startLogin({ mechanism, context, stalls, timeoutMs, broker, signal })
    } catch (error) {
      return new SetUpFailure('credentials', inStep('credentials', error, broker))
    } finally {
      this.#isStartingLogin = false
    }
  }
}
