import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfigError } from '../../../src/errors.js'
import {
  EmbeddedCluster,
  type Interceptor,
  type NewTopic,
  type RequestMatch,
} from '../../../src/testing/index.js'

/** A cluster without sockets. Arguments are checked before anything else happens. */
const environment = {
  clock: { now: () => 0, wallTime: () => 0, setTimer: () => ({ cancel: () => {} }), soon: () => {} },
  random: () => 0.5,
  listen: async (port: number) => ({ host: '127.0.0.1', port: port || 9092, close: async () => {} }),
}

let cluster: EmbeddedCluster

beforeAll(async () => {
  cluster = await EmbeddedCluster.start({ brokers: 3, topics: ['orders', 'payments'], environment })
})
afterAll(() => cluster.close())

/** The error that the call throws or rejects with. */
async function refusalOf(call: () => unknown): Promise<unknown> {
  try {
    await call()
  } catch (error) {
    return error
  }
  return undefined
}

/** Every fault that takes a match. */
const faults: readonly (readonly [name: string, strike: (match: RequestMatch) => unknown])[] = [
  ['failRequests', (match) => cluster.failRequests(match, 'NOT_LEADER_OR_FOLLOWER')],
  ['delayRequests', (match) => cluster.delayRequests(match, 5)],
  ['delayAnswers', (match) => cluster.delayAnswers(match, 5)],
  ['dropAnswers', (match) => cluster.dropAnswers(match)],
  ['cutRequests', (match) => cluster.cutRequests(match, 5)],
  ['cutAnswers', (match) => cluster.cutAnswers(match, 5)],
  ['ignoreRequests', (match) => cluster.ignoreRequests(match)],
  ['throttle', (match) => cluster.throttle(match, 5)],
]

describe.each(faults)('%s', (_, strike) => {
  it('refuses an unknown field of its match with the nearest name', async () => {
    const error = await refusalOf(() => strike({ topics: 'orders' } as RequestMatch))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({
      key: 'topics',
      message: "unknown field of a match 'topics': did you mean topic?",
    })
  })

  it('refuses an unknown API with the nearest name', async () => {
    const error = await refusalOf(() => strike({ api: 'Prodcue' as 'Produce' }))
    expect(error).toMatchObject({ message: "no API called 'Prodcue' is served: did you mean Produce?" })
  })

  it.each<[string, object]>([
    ['nodeId', { nodeId: 4 }],
    ['nodeId', { nodeId: '1' }],
    ['topic', { topic: 5 }],
    ['partition', { partition: -1 }],
    ['partition', { partition: '0' }],
    ['clientId', { clientId: null }],
    ['skip', { skip: 1.5 }],
    ['times', { times: Number.NaN }],
    ['times', { times: -1 }],
    ['a match', null as unknown as object],
    ['a match', ['Produce']],
  ])('names %s as the error in %j', async (key, match) => {
    expect(await refusalOf(() => strike(match))).toMatchObject({ message: expect.stringContaining(key) })
  })

  it('accepts an empty match, undefined fields and infinite times', async () => {
    expect(
      await refusalOf(() => strike({ api: undefined, nodeId: 3, times: Number.POSITIVE_INFINITY })),
    ).toBeUndefined()
    expect(await refusalOf(() => strike({}))).toBeUndefined()
  })
})

describe('an unknown name is refused with the nearest one:', () => {
  it.each<[string, string, () => unknown]>([
    [
      'an error',
      "Kafka has no error called 'NOT_LEADER_OR_FOLOWER': did you mean NOT_LEADER_OR_FOLLOWER?",
      () => cluster.failRequests({}, 'NOT_LEADER_OR_FOLOWER'),
    ],
    [
      'an option of failRequests',
      "unknown option 'afterhandling': did you mean afterHandling?",
      () => cluster.failRequests({}, 'NOT_LEADER_OR_FOLLOWER', { afterhandling: true } as object),
    ],
    [
      'an option of ignoreRequests',
      "unknown option 'handled': did you mean handle?",
      () => cluster.ignoreRequests({}, { handled: true } as object),
    ],
    [
      'an option of stopBroker',
      "unknown option 'failover': did you mean failoverMs?",
      () => cluster.stopBroker(1, { failover: 5 } as object),
    ],
    [
      'part of an address',
      "unknown part of an address 'hosts': did you mean host?",
      () => cluster.advertise(1, { hosts: 'elsewhere' } as object),
    ],
    [
      'an API to limit',
      "no API called 'InitProducerID2' is served: did you mean InitProducerId?",
      () => cluster.limitVersions('InitProducerID2' as 'InitProducerId', [0, 1]),
    ],
    [
      'a method of an interceptor',
      "unknown method of an interceptor 'beforeAnser': did you mean beforeAnswer?",
      () => cluster.intercept({ beforeAnser: () => undefined } as Interceptor),
    ],
    ['a topic', 'there is no topic "order": did you mean orders?', () => cluster.leaderOf('order', 0)],
    [
      'a key of a topic',
      "unknown key of a topic 'partitions': did you mean numPartitions?",
      () => cluster.createTopic({ topic: 'fresh', partitions: 3 } as NewTopic),
    ],
    [
      'a setting of a topic',
      'Unknown topic config name: retention.mss: did you mean retention.ms?',
      () => cluster.createTopic({ topic: 'fresh', configs: { 'retention.mss': '5' } }),
    ],
    [
      'a setting of the brokers',
      'config num.partition is not known here: did you mean num.partitions?',
      () => EmbeddedCluster.start({ environment, config: { 'num.partition': 3 } }),
    ],
    [
      'an option of a cluster',
      "unknown option 'broker': did you mean brokers?",
      () => EmbeddedCluster.start({ environment, broker: 3 } as object),
    ],
    [
      'a part of the environment',
      "unknown part of the environment 'listener': did you mean listen?",
      () => EmbeddedCluster.start({ environment: { ...environment, listener: 5 } as typeof environment }),
    ],
  ])('%s', async (_, message, call) => {
    const error = await refusalOf(call)
    expect(error).toMatchObject({ message: expect.stringContaining(message) })
  })
})

it.each<[string, () => unknown]>([
  ['delayMs is -1', () => cluster.delayRequests({}, -1)],
  ['delayMs is NaN', () => cluster.delayAnswers({}, Number.NaN)],
  ['atByte is 1.5', () => cluster.cutAnswers({}, 1.5)],
  ['throttleTimeMs is -5', () => cluster.throttle({}, -5)],
  ['error code is 40000', () => cluster.failRequests({}, 40_000)],
  ['the error is null', () => cluster.failRequests({}, null as unknown as string)],
  ['the error is [object Object]', () => cluster.failRequests({}, {} as string)],
  ['failoverMs is soon', () => cluster.stopBroker(1, { failoverMs: 'soon' as unknown as number })],
  ['there is no broker 7', () => cluster.pauseBroker(7)],
])('an invalid value is refused: %s', async (message, call) => {
  expect(await refusalOf(call)).toMatchObject({ message: expect.stringContaining(message) })
})

it('a topic may be given by its name alone', () => {
  cluster.createTopic('named')
  expect(cluster.leaderOf('named', 0)).toBe(1)
})

it('an interceptor that is an instance of a class may have other methods', () => {
  class Counting {
    calls = 0
    beforeHandling(): undefined {
      this.calls++
    }
  }
  const remove = cluster.intercept(new Counting())
  remove()
})
