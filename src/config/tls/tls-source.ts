import type { Clock } from '../../environment/clock.js'
import type { Files } from '../../environment/files.js'
import type { SecureSettings } from '../../environment/socket.js'
import { ConfigError } from '../../errors.js'
import type { Logger } from '../../logger.js'
import type { TlsSource } from '../../network/network-options.js'
import { ConfigProblems } from '../config-problems.js'
import type { ConnectionSettings } from '../types.js'
import { offeredCiphers } from './cipher-suites.js'
import { readTlsOptions } from './read-tls-options.js'
import { keyStore, trustStore } from './ssl-stores.js'
import { expiryProblem, secureSettings, type TlsMaterial } from './tls-material.js'
import { checksHost, isEncrypted } from './tls-rules.js'
import { tlsRange } from './tls-versions.js'

/** The part of the outside world that certificates come from. */
export interface TlsEnvironment {
  readonly files: Files
  readonly clock: Pick<Clock, 'wallTime'>
}

/**
 * The source of the TLS settings of a client; null if its connections are not encrypted. Files and options
 * are read here, at the construction of the client.
 *
 * @throws ConfigError that lists every file and option that cannot be used
 */
export function tlsSource(config: ConnectionSettings, environment: TlsEnvironment): TlsSource | null {
  if (!isEncrypted(config)) return null
  const { tls, logger } = config
  if (typeof tls === 'function') return new AskedTls(tls as () => unknown, logger)
  if (tls === null) return new StoredTls(config, environment)
  const { settings, identity } = readTlsOptions(tls)
  warnOfUnverified(settings, logger)
  warnOfExpiry({ ca: undefined, identity }, environment, logger)
  return { current: () => Promise.resolve(settings) }
}

/**
 * The settings of a user's function. It is asked for every connection. Once it has worked, unusable options
 * may be half of a certificate and a key that are being changed, so the next connection asks again.
 */
class AskedTls implements TlsSource {
  readonly #ask: () => unknown
  readonly #logger: Logger
  #hasWarned = false
  #hasWorked = false

  constructor(ask: () => unknown, logger: Logger) {
    this.#ask = ask
    this.#logger = logger
  }

  async current(): Promise<SecureSettings> {
    const settings = this.#read(await this.#ask())
    if (!this.#hasWarned) this.#hasWarned = warnOfUnverified(settings, this.#logger)
    return settings
  }

  #read(options: unknown): SecureSettings {
    try {
      const { settings } = readTlsOptions(options)
      this.#hasWorked = true
      return settings
    } catch (error) {
      if (!(error instanceof ConfigError) || !this.#hasWorked) throw error
      throw new Error(error.message)
    }
  }
}

/**
 * The settings of Java's keys. Before each connection the state of the files is looked at. Changed files are
 * read anew; as long as that fails, the content that was read before stays in use. Nothing watches the files
 * meanwhile, so nothing keeps the process alive.
 */
class StoredTls implements TlsSource {
  readonly #config: ConnectionSettings
  readonly #environment: TlsEnvironment
  #version: string
  #settings: SecureSettings

  constructor(config: ConnectionSettings, environment: TlsEnvironment) {
    this.#config = config
    this.#environment = environment
    const { logger } = config
    // The version first: a file that changes while it is read is read again.
    this.#version = this.#currentVersion()
    this.#settings = this.#read()
    if (!checksHost(config)) {
      logger.warn(
        'sslEndpointIdentificationAlgorithm is off: the name of a broker is not compared with its certificate, so any server with a certificate of a trusted authority is believed',
      )
    }
    const { sslKeystoreLocation } = config
    if (sslKeystoreLocation !== null && environment.files.state(sslKeystoreLocation).isReadableByOthers)
      logger.warn(
        `sslKeystoreLocation '${sslKeystoreLocation}' has a private key, and other users may read the file`,
      )
  }

  current(): Promise<SecureSettings> {
    const version = this.#currentVersion()
    if (version !== this.#version) {
      this.#version = version
      this.#renew()
    }
    return Promise.resolve(this.#settings)
  }

  #renew(): void {
    const { logger } = this.#config
    try {
      this.#settings = this.#read()
      logger.info('the certificates were read again because their files have changed')
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      logger.warn(`the certificates that were read before stay in use: ${error.message}`)
    }
  }

  #read(): SecureSettings {
    const { logger, sslProtocol, sslEnabledProtocols, sslCipherSuites } = this.#config
    const { files } = this.#environment
    const problems = new ConfigProblems('the config')
    const keys = problems.try(() => keyStore(this.#config, files)) ?? []
    const ca = problems.try(() => trustStore(this.#config, files))
    problems.throwIfAny()
    if (keys.length > 1) logger.warn(`sslKeystoreLocation has ${keys.length} private keys; the first is used`)
    const [identity] = keys
    const range = tlsRange(sslProtocol, sslEnabledProtocols)
    const offered = 'reason' in range ? range.reason : offeredCiphers(sslCipherSuites ?? [], range)
    // The rules between settings have reported this.
    if ('reason' in range || typeof offered === 'string') throw new TypeError('versions without a meaning')
    const limits = { ...offered.range, ciphers: offered.ciphers }
    warnOfExpiry({ ca, identity }, this.#environment, logger)
    const key = this.#config.sslKeystoreKey === null ? 'sslKeystoreLocation' : 'sslKeystoreCertificateChain'
    const checked = checksHost(this.#config) ? 'host' : 'unchecked'
    return secureSettings({ ca, identity }, limits, { verifiesAuthority: true, identity: checked }, key)
  }

  /** The versions of all files. A file that is gone has a version too, which no other state has. */
  #currentVersion(): string {
    const { sslKeystoreLocation, sslTruststoreLocation } = this.#config
    const versions = [sslKeystoreLocation, sslTruststoreLocation].map((path) => {
      if (path === null) return ''
      try {
        return this.#environment.files.state(path).version
      } catch {
        return 'gone'
      }
    })
    return versions.join('|')
  }
}

/** Returns whether there was something to warn of. */
function warnOfUnverified({ verifiesAuthority }: SecureSettings, logger: Logger): boolean {
  if (verifiesAuthority) return false
  logger.warn(
    'tls.rejectUnauthorized is false: any broker is believed, so anybody on the way can read and change everything that is sent. Set tls.ca to the certificate of the authority instead',
  )
  return true
}

function warnOfExpiry({ identity }: TlsMaterial, { clock }: TlsEnvironment, logger: Logger): void {
  const problem = identity === undefined ? null : expiryProblem(identity, clock.wallTime())
  if (problem !== null) logger.warn(`${problem}; brokers will refuse it`)
}
