import { ConfigError } from '../../errors.js'
import type { ConfigKey } from './table.js'
import type { ResolvedProducerConfig } from './types.js'

const MAX_INT = 2147483647
const MAX_IN_FLIGHT_WITH_IDEMPOTENCE = 5

/** A configuration while rules between its settings are applied. */
export type ConfigDraft = { -readonly [Key in ConfigKey]: ResolvedProducerConfig[Key] }

/** A rule between several settings. */
export interface ConfigRule {
  /** For the documentation. */
  readonly text: string
  /**
   * @param given the keys that the user gave a value; what a default says is never held against anyone
   * @throws ConfigError if what was given contradicts itself
   */
  apply(config: ConfigDraft, given: ReadonlySet<ConfigKey>): void
}

const saslNeedsMechanism: ConfigRule = {
  text: 'A `securityProtocol` with SASL needs a `saslMechanism`.',
  apply({ securityProtocol, saslMechanism }) {
    if (securityProtocol.startsWith('SASL_') && saslMechanism === '') {
      throw new ConfigError(
        'saslMechanism',
        `saslMechanism must not be empty with securityProtocol '${securityProtocol}'`,
      )
    }
  },
}

const constantBackoff: ConfigRule = {
  text: 'A `retryBackoffMs` above `retryBackoffMaxMs` is lowered to it, with a warning: every pause is then that long. The same goes for `socketConnectionSetupTimeoutMs` and `reconnectBackoffMs`.',
  apply(config, given) {
    lowerTo(config, 'retryBackoffMs', 'retryBackoffMaxMs')
    lowerTo(config, 'socketConnectionSetupTimeoutMs', 'socketConnectionSetupTimeoutMaxMs')
    if (given.has('reconnectBackoffMaxMs')) lowerTo(config, 'reconnectBackoffMs', 'reconnectBackoffMaxMs')
  },
}

const constantReconnectBackoff: ConfigRule = {
  text: 'With `reconnectBackoffMs` given and `reconnectBackoffMaxMs` not, the second becomes the first, with a warning: the pause does not grow.',
  apply(config, given) {
    if (!given.has('reconnectBackoffMs') || given.has('reconnectBackoffMaxMs')) return
    config.reconnectBackoffMaxMs = config.reconnectBackoffMs
    config.logger.warn(
      `reconnectBackoffMs is ${config.reconnectBackoffMs} and reconnectBackoffMaxMs is not given: the pause before a reconnect will not grow; give both to let it`,
    )
  },
}

const idempotence: ConfigRule = {
  text: 'Idempotence needs `retries` above 0 and `acks` all. Without them it is switched off, unless `enableIdempotence` was given as true: then they are refused. More than 5 `maxInFlightRequestsPerConnection` are always refused unless `enableIdempotence` was given as false.',
  apply(config, given) {
    if (!config.enableIdempotence) return
    const conflicts: string[] = []
    if (config.retries === 0) conflicts.push('retries is 0')
    if (config.acks !== -1) conflicts.push(`acks is ${config.acks}`)
    const [conflict] = conflicts
    if (conflict !== undefined && given.has('enableIdempotence')) {
      throw new ConfigError(
        'enableIdempotence',
        `enableIdempotence is true but ${conflict}: idempotence needs retries above 0 and acks 'all'`,
      )
    }
    for (const reason of conflicts) config.logger.info(`idempotence is switched off because ${reason}`)
    // Looked at even when idempotence has just been switched off, as in Java: only an explicit false allows more.
    const inFlight = config.maxInFlightRequestsPerConnection
    if (inFlight > MAX_IN_FLIGHT_WITH_IDEMPOTENCE) {
      throw new ConfigError(
        'maxInFlightRequestsPerConnection',
        `maxInFlightRequestsPerConnection is ${inFlight} but must be at most ${MAX_IN_FLIGHT_WITH_IDEMPOTENCE} unless enableIdempotence is false`,
      )
    }
    config.enableIdempotence = conflicts.length === 0
  },
}

const transactionsNeedIdempotence: ConfigRule = {
  text: 'A `transactionalId` needs idempotence.',
  apply({ transactionalId, enableIdempotence }) {
    if (transactionalId !== null && !enableIdempotence) {
      throw new ConfigError(
        'transactionalId',
        `transactionalId is '${transactionalId}' but idempotence is off: transactions need enableIdempotence true, retries above 0 and acks 'all'`,
      )
    }
  },
}

const twoPhaseCommitHasNoTimeout: ConfigRule = {
  text: '`transactionTimeoutMs` must be left out with `transactionTwoPhaseCommitEnable`.',
  apply({ transactionTwoPhaseCommitEnable, transactionTimeoutMs }, given) {
    if (transactionTwoPhaseCommitEnable && given.has('transactionTimeoutMs')) {
      throw new ConfigError(
        'transactionTimeoutMs',
        `transactionTimeoutMs is ${transactionTimeoutMs} but must be left out with transactionTwoPhaseCommitEnable: such a transaction has no timeout`,
      )
    }
  },
}

const deliveryTimeout: ConfigRule = {
  text: '`deliveryTimeoutMs` must be at least `lingerMs` + `requestTimeoutMs`. Left to its default it is raised to that, with a warning.',
  apply(config, given) {
    config.lingerMs = Math.min(config.lingerMs, MAX_INT)
    const { lingerMs, requestTimeoutMs, deliveryTimeoutMs } = config
    const least = Math.min(lingerMs + requestTimeoutMs, MAX_INT)
    if (deliveryTimeoutMs >= least) return
    if (given.has('deliveryTimeoutMs')) {
      throw new ConfigError(
        'deliveryTimeoutMs',
        `deliveryTimeoutMs is ${deliveryTimeoutMs} but must be at least lingerMs + requestTimeoutMs, ${lingerMs} + ${requestTimeoutMs} = ${least}`,
      )
    }
    config.deliveryTimeoutMs = least
    config.logger.warn(
      `deliveryTimeoutMs is raised from ${deliveryTimeoutMs} to ${least}, which is lingerMs + requestTimeoutMs`,
    )
  },
}

const batchFitsMemory: ConfigRule = {
  text: '`batchSize` must not be above `bufferMemory`: no batch would ever find room. Left to its default it is lowered to that.',
  apply(config, given) {
    const { batchSize, bufferMemory } = config
    if (batchSize <= bufferMemory) return
    if (given.has('batchSize')) {
      throw new ConfigError(
        'batchSize',
        `batchSize is ${batchSize} but must not be above bufferMemory, ${bufferMemory}: no batch would ever find room`,
      )
    }
    config.batchSize = bufferMemory
  },
}

/** In the order in which Java applies them, and then our own. */
export const configRules: readonly ConfigRule[] = [
  saslNeedsMechanism,
  constantBackoff,
  constantReconnectBackoff,
  idempotence,
  transactionsNeedIdempotence,
  twoPhaseCommitHasNoTimeout,
  deliveryTimeout,
  batchFitsMemory,
]

type DurationKey = {
  [Key in ConfigKey]: ConfigDraft[Key] extends number ? (Key extends `${string}Ms` ? Key : never) : never
}[ConfigKey]

function lowerTo(config: ConfigDraft, key: DurationKey, maxKey: DurationKey): void {
  const max = config[maxKey]
  if (config[key] <= max) return
  config.logger.warn(`${key} is ${config[key]}, above ${maxKey}: it will be ${max} every time`)
  config[key] = max
}
