import { ConfigError } from '../errors.js'
import { shown } from '../unexpected.js'
import type { NewTopic } from './cluster-state.js'
import { MECHANISM_NAMES } from './sasl/sasl-options.js'
import { refuseUnknownFields } from './unknown-name.js'

const OPTIONS = ['brokers', 'port', 'topics', 'config', 'autoCreation', 'tls', 'sasl', 'environment']
const TLS_OPTIONS = ['key', 'cert', 'ca', 'requestCert', 'minVersion', 'maxVersion']
const SASL_OPTIONS = ['users', 'mechanisms', 'sessionLifetimeMs', 'tokenHolder']
const TOPIC_KEYS = ['topic', 'numPartitions', 'replicationFactor', 'configs', 'assignments']
const ENVIRONMENT_PARTS = ['clock', 'random', 'listen']

/**
 * Checks the shape of the options of a cluster. Without this check a misspelt option would have no effect.
 *
 * @throws ConfigError that names the key
 */
export function checkClusterOptions(options: unknown): void {
  if (!isPlain(options))
    throw new ConfigError('options', `the options must be an object, got ${kind(options)}`)
  refuseUnknownFields(options, OPTIONS, 'option')
  const { brokers, port, topics, config, autoCreation, tls, sasl, environment } = options
  if (brokers !== undefined && !(Number.isInteger(brokers) && Number(brokers) >= 1 && Number(brokers) <= 100))
    throw new RangeError(`brokers is ${shown(brokers)}: it must be a whole number from 1 to 100`)
  if (port !== undefined && !(Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65535))
    throw new ConfigError('port', `port is ${shown(port)}: it must be a whole number from 0 to 65535`)
  if (config !== undefined && !isPlain(config))
    throw new ConfigError('config', `config must be an object of broker settings, got ${kind(config)}`)
  if (autoCreation !== undefined && autoCreation !== 'immediate' && autoCreation !== 'as-kafka') {
    const rule = "it must be 'immediate' or 'as-kafka'"
    throw new ConfigError('autoCreation', `autoCreation is ${kind(autoCreation)}: ${rule}`)
  }
  if (sasl !== undefined) checkSaslOptions(sasl)
  if (environment !== undefined) checkEnvironment(environment)
  if (tls !== undefined) checkTls(tls, environment)
  if (topics === undefined) return
  if (!Array.isArray(topics)) throw new ConfigError('topics', `topics must be an array, got ${kind(topics)}`)
  // Array.from turns a hole into undefined.
  for (const topic of Array.from<unknown>(topics)) checkTopic(topic)
}

function checkTls(tls: unknown, environment: unknown): void {
  if (!isPlain(tls)) throw new ConfigError('tls', `tls must be an object, got ${kind(tls)}`)
  refuseUnknownFields(tls, TLS_OPTIONS, 'option of tls')
  const { key, cert } = tls
  if (key === undefined || cert === undefined)
    throw new ConfigError('tls', 'tls must have a key and a cert, both in PEM')
  if (environment !== undefined)
    throw new ConfigError('tls', 'tls must be left out with an environment, which opens the ports itself')
}

function checkSaslOptions(sasl: unknown): void {
  if (!isPlain(sasl)) throw new ConfigError('sasl', `sasl must be an object, got ${kind(sasl)}`)
  refuseUnknownFields(sasl, SASL_OPTIONS, 'option of sasl')
  const { users = {}, mechanisms = [] } = sasl
  if (!isPlain(users) || !Object.values(users).every((password) => typeof password === 'string'))
    throw new ConfigError('users', 'users of sasl must be an object with the password of each user')
  const names: readonly unknown[] = Array.isArray(mechanisms) ? mechanisms : [mechanisms]
  for (const name of names)
    if (!MECHANISM_NAMES.some((known) => known === name))
      throw new ConfigError(
        'mechanisms',
        `mechanisms of sasl must be names out of ${MECHANISM_NAMES.join(', ')}`,
      )
}

function checkEnvironment(environment: unknown): void {
  if (!isPlain(environment))
    throw new ConfigError('environment', `environment must be an object, got ${kind(environment)}`)
  refuseUnknownFields(environment, ENVIRONMENT_PARTS, 'part of the environment')
}

/**
 * Checks the shape of a topic to create. A name stands for a topic with Kafka's defaults.
 *
 * @throws ConfigError that names the key
 */
export function checkedTopic(given: string | NewTopic): NewTopic {
  checkTopic(given)
  return typeof given === 'string' ? { topic: given } : given
}

function checkTopic(given: unknown): void {
  if (typeof given === 'string') return
  if (!isPlain(given)) {
    const rule = "each must be a name, or an object such as { topic: 'orders', numPartitions: 3 }"
    throw new ConfigError('topics', `one of the topics is ${kind(given)}: ${rule}`)
  }
  refuseUnknownFields(given, TOPIC_KEYS, 'key of a topic')
  const { topic, numPartitions, replicationFactor, configs, assignments } = given
  if (typeof topic !== 'string')
    throw new ConfigError(
      'topic',
      `one of the topics has no name: topic must be a string, got ${kind(topic)}`,
    )
  for (const [key, count] of Object.entries({ numPartitions, replicationFactor })) {
    if (count === undefined || Number.isInteger(count)) continue
    throw new ConfigError(key, `${key} of topic ${topic} must be a whole number, got ${kind(count)}`)
  }
  if (configs !== undefined && !isPlain(configs))
    throw new ConfigError('configs', `configs of topic ${topic} must be an object, got ${kind(configs)}`)
  if (assignments !== undefined && !(Array.isArray(assignments) && assignments.every(Array.isArray)))
    throw new ConfigError(
      'assignments',
      `assignments of topic ${topic} must be an array of arrays of node ids`,
    )
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kind(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100))
  return typeof value === 'object' && value !== null ? 'an object' : shown(value)
}
