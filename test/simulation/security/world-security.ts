import { Buffer } from 'node:buffer'
import type { Files } from '../../../src/environment/files.js'
import type { OAuthToken, ProducerConfig, SaslCredentials } from '../../../src/index.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import type { EmbeddedCluster, EmbeddedSaslOptions, TokenHolder } from '../../../src/testing/index.js'
import type { Chance } from '../chance.js'
import type { VirtualTime } from '../virtual-time.js'
import { AUTHORITIES, type Authority } from './authorities.js'
import { BrokerTls } from './broker-tls.js'
import type { SecurityScenario } from './security-scenario.js'

const USERNAME = 'simulated'

/** The authorities, users, tokens and sessions of a world, on both sides. Faults change them. */
export class WorldSecurity {
  readonly scenario: SecurityScenario
  readonly tls: BrokerTls | null
  readonly chance: Chance
  readonly #time: VirtualTime
  /** The number of the password or of the tokens that brokers take, and of those that the client has. */
  #brokerGeneration = 0
  #clientGeneration = 0
  #givenGeneration = 0
  #tokens = 0
  /** On the clock of the brokers. */
  readonly #expiries = new Map<string, number>()
  #struck: (fault: string) => void = () => undefined
  #cluster: EmbeddedCluster | null = null
  /** The authorities that the client trusts. */
  trusted: readonly Authority[] = ['root']
  /** Whether the client's function gives no credentials now. */
  givesNothing = false
  /** The time that the client's function takes. */
  givesAfterMs = 0
  /** The code with which each broker, or all under 0, answers the renewal of a session. */
  readonly renewalRefusals: Map<number, number> = new Map()

  constructor(scenario: SecurityScenario, time: VirtualTime, chance: Chance) {
    this.scenario = scenario
    this.chance = chance
    this.#time = time
    this.tls = scenario.encrypts ? new BrokerTls(time) : null
  }

  set struck(struck: (fault: string) => void) {
    this.#struck = struck
    if (this.tls !== null) this.tls.struck = struck
  }

  /** The logins that brokers demand; undefined if nobody has to log in. */
  brokerOptions(): EmbeddedSaslOptions | undefined {
    const { mechanism, sessionLifetimeMs } = this.scenario
    if (mechanism === null) return undefined
    return {
      users: { [USERNAME]: this.#password(0) },
      mechanisms: [mechanism],
      sessionLifetimeMs,
      tokenHolder: (token) => this.#holderOf(token),
    }
  }

  clientConfig(): Partial<ProducerConfig> {
    const { mechanism, encrypts } = this.scenario
    const tls = encrypts ? this.#clientTls() : {}
    if (mechanism === null) return { securityProtocol: 'SSL', ...tls }
    const sasl =
      mechanism === 'OAUTHBEARER'
        ? { mechanism, token: () => this.#token() }
        : { mechanism, credentials: () => this.#credentials() }
    return { securityProtocol: encrypts ? 'SASL_SSL' : 'SASL_PLAINTEXT', sasl, ...tls }
  }

  /** The files of the client: its trusted authorities. */
  readonly files: Files = {
    read: () => Buffer.from(this.#trustedPem()),
    state: () => ({ version: this.trusted.join(), isReadableByOthers: false }),
  }

  /** Watches the logins at the brokers. */
  attach(cluster: EmbeddedCluster): void {
    if (this.scenario.mechanism === null) return
    this.#cluster = cluster
    const handshakes = new Map<string, number>()
    cluster.intercept({
      partError: ({ nodeId, api, connectionId }) => {
        if (api !== 'SaslHandshake' && api !== 'SaslAuthenticate') return undefined
        // Each broker counts its connections.
        const connection = `${nodeId}/${connectionId}`
        if (api === 'SaslHandshake') handshakes.set(connection, (handshakes.get(connection) ?? 0) + 1)
        const isRenewal = (handshakes.get(connection) ?? 0) > 1
        const code = this.renewalRefusals.get(nodeId) ?? this.renewalRefusals.get(0)
        const answers = code === ErrorCode.ILLEGAL_SASL_STATE ? 'SaslHandshake' : 'SaslAuthenticate'
        if (!isRenewal || code === undefined || api !== answers) return undefined
        this.#struck(api === 'SaslHandshake' ? 'session renewed too early' : 'session not renewed')
        return code
      },
      beforeAnswer: ({ api }) => {
        if (api === 'SaslHandshake' && !this.#offers()) this.#struck('mechanism disabled')
        if (api === 'SaslAuthenticate' && this.#givenGeneration !== this.#brokerGeneration)
          this.#struck('credentials rotated')
        return undefined
      },
    })
  }

  /** The brokers change the password, or take other tokens. */
  rotateAtBrokers(): void {
    this.#brokerGeneration++
    this.#cluster?.sasl?.setUser(USERNAME, this.#password(this.#brokerGeneration))
  }

  /** The client's function gives what brokers take by now. */
  rotateAtClient(): void {
    this.#clientGeneration = this.#brokerGeneration
  }

  /** The brokers go back to what the client has. */
  restoreAtBrokers(): void {
    this.#brokerGeneration = this.#clientGeneration
    this.#cluster?.sasl?.setUser(USERNAME, this.#password(this.#brokerGeneration))
  }

  disableMechanism(): void {
    const { sasl } = this.#cluster ?? {}
    if (sasl) sasl.mechanisms = this.scenario.mechanism === 'PLAIN' ? ['SCRAM-SHA-512'] : ['PLAIN']
  }

  enableMechanism(): void {
    const { sasl } = this.#cluster ?? {}
    if (sasl && this.scenario.mechanism !== null) sasl.mechanisms = [this.scenario.mechanism]
  }

  /** New sessions have this lifetime from now on. */
  limitSessions(lifetimeMs: number): void {
    const { sasl } = this.#cluster ?? {}
    if (sasl) sasl.sessionLifetimeMs = lifetimeMs
  }

  /** Ends all faults. */
  heal(): void {
    this.tls?.heal()
    this.trusted = ['root', 'other-root']
    this.givesNothing = false
    this.givesAfterMs = 0
    this.renewalRefusals.clear()
    this.enableMechanism()
    this.rotateAtClient()
  }

  #clientTls(): Partial<ProducerConfig> {
    if (this.scenario.asksForTls) return { tls: () => ({ ca: this.#trustedPem() }) }
    return { sslTruststoreType: 'PEM', sslTruststoreLocation: 'trusted.pem' }
  }

  #trustedPem(): string {
    return this.trusted.map((name) => AUTHORITIES[name]).join('')
  }

  #offers(): boolean {
    return this.#cluster?.sasl?.mechanisms.includes(this.scenario.mechanism ?? 'PLAIN') ?? false
  }

  #password(generation: number): string {
    return `simulated-secret-${generation}`
  }

  async #credentials(): Promise<SaslCredentials> {
    await this.#beforeGiving()
    return { username: USERNAME, password: this.#password(this.#clientGeneration) }
  }

  async #token(): Promise<OAuthToken> {
    await this.#beforeGiving()
    const { tokenLifetimeMs } = this.scenario
    const value = Buffer.from(`${this.#clientGeneration}.${this.#tokens++}`).toString('base64')
    this.#expiries.set(value, this.#time.wallMs('brokers') + tokenLifetimeMs)
    return { value, expiresAtMs: this.#time.wallMs('client') + tokenLifetimeMs }
  }

  async #beforeGiving(): Promise<void> {
    if (this.givesAfterMs > 0) {
      this.#struck('credentials late')
      const atMs = this.#time.nowMs + this.givesAfterMs
      await new Promise<void>((resolve) => this.#time.at(atMs, 'network', 'client', resolve))
    }
    if (this.givesNothing) {
      this.#struck('credentials not given')
      throw new Error('the vault is sealed')
    }
    if (this.#givenGeneration !== this.#clientGeneration) this.#struck('credentials rotated')
    this.#givenGeneration = this.#clientGeneration
  }

  #holderOf(token: string): TokenHolder | null {
    const expiresAtMs = this.#expiries.get(token)
    const [generation] = Buffer.from(token, 'base64').toString('latin1').split('.')
    const isTaken = expiresAtMs !== undefined && Number(generation) === this.#brokerGeneration
    return isTaken && expiresAtMs > this.#time.wallMs('brokers') ? { username: USERNAME, expiresAtMs } : null
  }
}
