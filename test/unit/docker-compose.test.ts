import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'

interface Environment {
  readonly CLUSTER_ID: string
  readonly KAFKA_NODE_ID: number
  readonly KAFKA_PROCESS_ROLES: string
  readonly KAFKA_CONTROLLER_QUORUM_VOTERS: string
  readonly KAFKA_LISTENERS: string
  readonly KAFKA_ADVERTISED_LISTENERS: string
  readonly KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: string
  readonly KAFKA_INTER_BROKER_LISTENER_NAME: string
  readonly KAFKA_DEFAULT_REPLICATION_FACTOR: number
  readonly KAFKA_MIN_INSYNC_REPLICAS: number
}

interface Service {
  readonly image: string
  readonly hostname: string
  readonly ports: readonly string[]
  readonly environment: Environment
  readonly healthcheck: { readonly test: readonly string[]; readonly retries: number }
}

const file = new URL('../../docker-compose.yml', import.meta.url)
const composition: { readonly services: Readonly<Record<string, Service>> } = parse(
  readFileSync(file, 'utf8'),
  { merge: true },
)
const services = Object.entries(composition.services)
const brokers = services.map(([, service]) => service)

test('has three brokers of one cluster, each with its own node id', () => {
  expect(services.map(([name]) => name)).toEqual(['kafka-1', 'kafka-2', 'kafka-3'])
  expect(new Set(brokers.map((broker) => broker.image))).toEqual(new Set(['apache/kafka:4.4.0']))
  expect(brokers.map((broker) => broker.environment.KAFKA_NODE_ID)).toEqual([1, 2, 3])
  const clusterIds = new Set(brokers.map((broker) => broker.environment.CLUSTER_ID))
  expect(clusterIds.size).toBe(1)
  // Kafka takes 16 bytes in base64url for a cluster id, and nothing else.
  for (const id of clusterIds) expect(Buffer.from(id, 'base64url')).toHaveLength(16)
})

test('every broker votes for the controller, on the port where it listens for that', () => {
  for (const { environment } of brokers) {
    const voters = services.map(([name, service]) => {
      const listener = parseListeners(service.environment.KAFKA_LISTENERS).get('CONTROLLER')
      return `${service.environment.KAFKA_NODE_ID}@${name}${listener}`
    })
    expect(environment.KAFKA_PROCESS_ROLES).toBe('broker,controller')
    expect(environment.KAFKA_CONTROLLER_QUORUM_VOTERS).toBe(voters.join(','))
  }
})

test('advertises to each network the address at which that network reaches the broker', () => {
  services.forEach(([name, service], index) => {
    const listeners = parseListeners(service.environment.KAFKA_LISTENERS)
    const advertised = parseListeners(service.environment.KAFKA_ADVERTISED_LISTENERS)
    const port = 9092 + index
    expect(service.hostname).toBe(name)
    expect(service.ports).toEqual([`127.0.0.1:${port}:${port}`])
    expect(listeners.get('HOST')).toBe(`:${port}`)
    expect(advertised).toEqual(
      new Map([
        ['INSIDE', `${name}${listeners.get('INSIDE')}`],
        ['HOST', `127.0.0.1:${port}`],
      ]),
    )
    expect(service.environment.KAFKA_INTER_BROKER_LISTENER_NAME).toBe('INSIDE')
    const mapped = service.environment.KAFKA_LISTENER_SECURITY_PROTOCOL_MAP.split(',')
    expect(mapped.map((entry) => entry.split(':')[0]).sort()).toEqual([...listeners.keys()].sort())
  })
})

test('counts a broker as healthy once it answers a request', () => {
  for (const { healthcheck } of brokers) {
    expect(healthcheck.test.join(' ')).toContain('kafka-broker-api-versions.sh')
    expect(healthcheck.retries).toBeGreaterThan(1)
  }
})

test('survives the loss of one broker without losing or refusing a record', () => {
  for (const { environment } of brokers) {
    expect(environment.KAFKA_DEFAULT_REPLICATION_FACTOR).toBe(3)
    expect(environment.KAFKA_MIN_INSYNC_REPLICAS).toBe(2)
  }
})

/** `NAME://host:port,…` as name and `host:port`. */
function parseListeners(listeners: string): Map<string, string> {
  return new Map(
    listeners.split(',').map((listener) => {
      const [name = '', address = ''] = listener.split('://')
      return [name, address]
    }),
  )
}
