import { ConfigError } from '../errors.js'
import { shown } from '../unexpected.js'

const OPTIONS = ['brokers', 'port', 'topics', 'config', 'environment']
const TOPIC_KEYS = ['topic', 'numPartitions', 'replicationFactor', 'configs', 'assignments']

/**
 * Checks the shape of what a cluster is to be started with: a misspelt option must not be one that has no effect.
 *
 * @throws ConfigError naming the key
 */
export function checkClusterOptions(options: unknown): void {
  if (!isPlain(options))
    throw new ConfigError('options', `the options must be an object, got ${kind(options)}`)
  refuseUnknown(options, OPTIONS, 'option')
  const { port, topics, config, environment } = options
  if (port !== undefined && !(Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65535))
    throw new ConfigError('port', `port is ${shown(port)}: it must be a whole number from 0 to 65535`)
  if (config !== undefined && !isPlain(config))
    throw new ConfigError('config', `config must be an object of broker settings, got ${kind(config)}`)
  if (environment !== undefined && !isPlain(environment))
    throw new ConfigError('environment', `environment must be an object, got ${kind(environment)}`)
  if (topics === undefined) return
  if (!Array.isArray(topics)) throw new ConfigError('topics', `topics must be an array, got ${kind(topics)}`)
  // Array.from makes a hole what it reads as: undefined.
  for (const topic of Array.from<unknown>(topics)) checkTopic(topic)
}

function checkTopic(given: unknown): void {
  if (typeof given === 'string') return
  if (!isPlain(given)) {
    const rule = "each must be a name, or an object such as { topic: 'orders', numPartitions: 3 }"
    throw new ConfigError('topics', `one of the topics is ${kind(given)}: ${rule}`)
  }
  refuseUnknown(given, TOPIC_KEYS, 'key of a topic')
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

function refuseUnknown(given: object, known: readonly string[], what: string): void {
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue
    throw new ConfigError(key, `unknown ${what} '${key}'; known are ${known.join(', ')}`)
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function kind(value: unknown): string {
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100))
  return typeof value === 'object' && value !== null ? 'an object' : shown(value)
}
