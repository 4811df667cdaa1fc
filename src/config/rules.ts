import { ConfigError } from '../errors.js'
import { compressionIsPresent } from './rule-compression.js'
import { loginBackoff, saslLogin } from './rule-sasl.js'
import type { ConfigKey } from './table.js'
import { tlsRules } from './tls/tls-rules.js'
import type { ResolvedProducerConfig } from './types.js'

const MAX_INT = 2147483647
const MAX_IN_FLIGHT_WITH_IDEMPOTENCE = 5

/** A config to which the rules between settings are being applied. */
export type ConfigDraft = { -readonly [Key in ConfigKey]: ResolvedProducerConfig[Key] }

/** A rule between several settings. */
export interface ConfigRule {
  /** The rule as the documentation states it. */
  readonly text: string
  /** All settings that the rule reads or changes, except the logger. */
  readonly settings: readonly ConfigKey[]
  /**
   * @param given the keys with a value from the user; a default never contradicts another setting
   * @throws ConfigError if given values contradict each other
   */
  apply(config: ConfigDraft, given: ReadonlySet<string>): void
}

const saslNeedsMechanism: ConfigRule = {
  text: 'A `securityProtocol` with SASL needs a `saslMechanism`.',
  settings: ['securityProtocol', 'saslMechanism'],
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
  text: 'A `retryBackoffMs` above `retryBackoffMaxMs` is lowered to it, with a warning, and the pause no longer grows. The same holds for `socketConnectionSetupTimeoutMs` and `reconnectBackoffMs`.',
  settings: [
    'retryBackoffMs',
    'retryBackoffMaxMs',
    'socketConnectionSetupTimeoutMs',
    'socketConnectionSetupTimeoutMaxMs',
    'reconnectBackoffMs',
    'reconnectBackoffMaxMs',
  ],
  apply(config, given) {
    lowerTo(config, 'retryBackoffMs', 'retryBackoffMaxMs')
    lowerTo(config, 'socketConnectionSetupTimeoutMs', 'socketConnectionSetupTimeoutMaxMs')
    if (given.has('reconnectBackoffMaxMs')) lowerTo(config, 'reconnectBackoffMs', 'reconnectBackoffMaxMs')
  },
}

const constantReconnectBackoff: ConfigRule = {
  text: 'If `reconnectBackoffMs` is given and `reconnectBackoffMaxMs` is not, the maximum is equal to the backoff, with a warning, and the pause does not grow.',
  settings: ['reconnectBackoffMs', 'reconnectBackoffMaxMs'],
  apply(config, given) {
    if (!given.has('reconnectBackoffMs') || given.has('reconnectBackoffMaxMs')) return
    config.reconnectBackoffMaxMs = config.reconnectBackoffMs
    config.logger.warn(
      `reconnectBackoffMs is ${config.reconnectBackoffMs} and reconnectBackoffMaxMs is not given: the pause before a reconnect does not grow; give both to let it grow`,
    )
  },
}

const idempotence: ConfigRule = {
  text: 'Idempotence needs `retries` above 0 and `acks` all. If `enableIdempotence` is not given, other values switch idempotence off. If it is given as true, they are errors. More than 5 `maxInFlightRequestsPerConnection` are an error unless `enableIdempotence` is given as false.',
  settings: ['enableIdempotence', 'retries', 'acks', 'maxInFlightRequestsPerConnection'],
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
    // As in Java, this limit holds even if idempotence has just been switched off. Only an explicit false
    // lifts it.
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
  settings: ['transactionalId', 'enableIdempotence', 'retries', 'acks'],
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
  settings: ['transactionTwoPhaseCommitEnable', 'transactionTimeoutMs'],
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
  text: '`deliveryTimeoutMs` must be at least `lingerMs` + `requestTimeoutMs`. If `deliveryTimeoutMs` is not given, it is raised to that sum, with a warning.',
  settings: ['deliveryTimeoutMs', 'lingerMs', 'requestTimeoutMs'],
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
  text: '`batchSize` must not be above `bufferMemory`: no batch would ever find room. If `batchSize` is not given, it is lowered to `bufferMemory`.',
  settings: ['batchSize', 'bufferMemory'],
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

/** Java's rules in Java's order, then our own. */
export const configRules: readonly ConfigRule[] = [
  saslNeedsMechanism,
  saslLogin,
  loginBackoff,
  constantBackoff,
  constantReconnectBackoff,
  idempotence,
  transactionsNeedIdempotence,
  twoPhaseCommitHasNoTimeout,
  deliveryTimeout,
  batchFitsMemory,
  compressionIsPresent,
  ...tlsRules,
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
