import type { KafkaOptions } from './cluster.js'
import { isAtLeast } from './kafka-tool.js'
import { kafkaVersionUnderTest } from './version-under-test.js'

/** Users of every SASL listener, with the password of each. */
export const saslUsers = { alice: 'alice-secret', bob: 'bob-secret' } as const

export type MechanismName = 'PLAIN' | 'SCRAM-SHA-256' | 'SCRAM-SHA-512' | 'OAUTHBEARER'

const MODULES = 'org.apache.kafka.common.security'
const passwords = Object.entries(saslUsers).map(([name, password]) => `user_${name}="${password}"`)

/** The broker's side of each mechanism. Tokens have no signature. */
const loginModules: Readonly<Record<MechanismName, string>> = {
  PLAIN: `${MODULES}.plain.PlainLoginModule required ${passwords.join(' ')};`,
  'SCRAM-SHA-256': `${MODULES}.scram.ScramLoginModule required;`,
  'SCRAM-SHA-512': `${MODULES}.scram.ScramLoginModule required;`,
  OAUTHBEARER: `${MODULES}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
}

/** Kafka without ZooKeeper has users of SCRAM since 3.5. */
export const hasScram: boolean = isAtLeast(kafkaVersionUnderTest(), '3.5')

/** The mechanisms of the version under test. */
export const offeredMechanisms: readonly MechanismName[] = (
  Object.keys(loginModules) as MechanismName[]
).filter((name) => hasScram || !name.startsWith('SCRAM'))

/** The users that SCRAM knows from the start. */
export const scramUsers: Readonly<Record<string, string>> = hasScram ? saslUsers : {}

/**
 * Broker settings of a listener that demands a login.
 *
 * @param sessionMs sessions end after so many milliseconds; never unless given
 */
export function saslListener(
  name: string,
  mechanisms: readonly MechanismName[] = offeredMechanisms,
  sessionMs?: number,
): Record<string, string> {
  const prefix = `listener.name.${name}`
  const settings: Record<string, string> = { [`${prefix}.sasl.enabled.mechanisms`]: mechanisms.join() }
  for (const mechanism of mechanisms) {
    const ofMechanism = `${prefix}.${mechanism.toLowerCase()}`
    settings[`${ofMechanism}.sasl.jaas.config`] = loginModules[mechanism]
    if (sessionMs !== undefined) settings[`${ofMechanism}.connections.max.reauth.ms`] = String(sessionMs)
  }
  return settings
}

/** A Kafka with a SECURE listener that demands SASL: with all mechanisms, and tokens without signatures. */
export function saslKafka(
  config: Readonly<Record<string, string>> = {},
  secureProtocol: 'SASL_PLAINTEXT' | 'SASL_SSL' = 'SASL_PLAINTEXT',
): KafkaOptions {
  return {
    brokers: 1,
    secureProtocol,
    scramUsers,
    config: { ...saslListener('secure'), ...config },
  }
}
