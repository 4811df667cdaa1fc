import { afterAll, describe, expect, it } from 'vitest'
import { Admin } from '../../../src/admin/admin.js'
import { ConfigError, InvalidTopicError } from '../../../src/errors.js'

/** Nothing listens at this address, and nothing is sent. */
const admin = new Admin({ bootstrapServers: '127.0.0.1:1', defaultApiTimeoutMs: 60_000 })

afterAll(() => admin.close())

/** Calls with arguments that the compiler would refuse. */
const call = (name: string, ...args: unknown[]): Promise<unknown> =>
  Reflect.apply(Reflect.get(admin, name), admin, args)

const failure = (result: Promise<unknown>): Promise<unknown> =>
  result.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error,
  )

const objectCalls = ['createTopics', 'createPartitions']
const nameCalls = ['deleteTopics', 'describeTopics']

for (const name of [...objectCalls, ...nameCalls]) {
  it.each([[null], [undefined], ['abc'], [5], [{}]])(
    `${name} refuses %j instead of an array`,
    async (given) => {
      const error = await failure(call(name, given))
      expect(error).toBeInstanceOf(ConfigError)
      expect(error).toMatchObject({
        key: 'topics',
        message: expect.stringContaining(`${name} takes an array of `),
      })
    },
  )

  it.each([Number.NaN, -1, '5', null])(`${name} refuses %j as timeoutMs`, async (timeoutMs) => {
    const error = await failure(call(name, [], { timeoutMs }))
    expect(error).toMatchObject({
      key: 'timeoutMs',
      message: `timeoutMs of ${name} is ${timeoutMs === '5' ? "the string '5'" : timeoutMs}: it must be milliseconds, 0 or more`,
    })
  })

  it(`${name} refuses options that are not an object`, async () => {
    expect(await failure(call(name, [], null))).toBeInstanceOf(ConfigError)
  })
}

for (const name of objectCalls) {
  it.each([[undefined], [null], [5], ['orders'], [[]]])(
    `${name} refuses %j among its topics`,
    async (given) => {
      const error = await failure(call(name, [{ topic: 'fine', totalCount: 2 }, given]))
      expect(error).toBeInstanceOf(ConfigError)
      expect(error).toMatchObject({ message: expect.stringContaining(`${name} takes objects such as`) })
    },
  )

  it.each([[{}], [{ topic: null }], [{ topic: 5 }]])(
    `${name} refuses %j, which has no topic name`,
    async (given) => {
      expect(await failure(call(name, [given]))).toBeInstanceOf(InvalidTopicError)
    },
  )
}

for (const name of nameCalls) {
  it.each([[undefined], [null], [5], [{}]])(`${name} refuses %j among its names`, async (given) => {
    const error = await failure(call(name, ['fine', given]))
    expect(error).toBeInstanceOf(InvalidTopicError)
    expect(error).toMatchObject({ message: expect.stringContaining('the name of a topic must be a string') })
  })
}

it.each([
  ['createTopics', { topic: 'a', assignments: 5 }],
  ['createTopics', { topic: 'a', assignments: [5] }],
  ['createTopics', { topic: 'a', assignments: [['1']] }],
  ['createTopics', { topic: 'a', configs: 'abc' }],
  ['createTopics', { topic: 'a', configs: null }],
  ['createTopics', { topic: 'a', configs: ['cleanup.policy=compact'] }],
  ['createTopics', { topic: 'a', configs: { 'cleanup.policy': null } }],
  ['createTopics', { topic: 'a', configs: { 'cleanup.policy': ['compact'] } }],
  ['createPartitions', { topic: 'a', totalCount: 2, assignments: [[1.5]] }],
  ['createPartitions', { topic: 'a', totalCount: Number.NaN }],
])('%s rejects %j and no other topic', async (name, given) => {
  expect(await call(name, [given])).toMatchObject([
    { topic: 'a', status: 'rejected', error: { code: 'INVALID_REQUEST' } },
  ])
})

describe('an unknown field', () => {
  it.each([
    [
      'createTopics',
      [{ topic: 'a', partitions: 3 }],
      'partitions',
      "unknown field 'partitions' of a topic of createTopics: did you mean numPartitions? The fields are topic, numPartitions, replicationFactor, configs and assignments",
    ],
    ['createTopics', [{ topic: 'a', numPartition: 3 }], 'numPartition', 'did you mean numPartitions?'],
    [
      'createTopics',
      [{ topic: 'a', replication_factor: 3 }],
      'replication_factor',
      'mean replicationFactor?',
    ],
    ['createTopics', [{ topic: 'a', config: {} }], 'config', 'did you mean configs?'],
    [
      'createTopics',
      [{ topic: 'a', wanted: 1 }],
      'wanted',
      "'wanted' of a topic of createTopics. The fields are",
    ],
    ['createTopics', [{ topic: 'a', partitions: undefined }], 'partitions', 'did you mean numPartitions?'],
    ['createPartitions', [{ topic: 'a', count: 3 }], 'count', 'did you mean totalCount?'],
    ['createPartitions', [{ topic: 'a', totalCounts: 3 }], 'totalCounts', 'did you mean totalCount?'],
  ])('%s refuses %j', async (name, topics, key, message) => {
    const error = await failure(call(name, topics))
    expect(error).toBeInstanceOf(ConfigError)
    expect(error).toMatchObject({ key, message: expect.stringContaining(message) })
  })

  it.each([
    ['createTopics', 'validateOnly', { validateonly: true }],
    ['createPartitions', 'validateOnly', { validate: true }],
    ['deleteTopics', 'timeoutMs', { timeout: 5 }],
    ['describeTopics', 'timeoutMs', { timeoutMS: 5 }],
  ])('%s refuses a misspelling of the option %s', async (name, meant, options) => {
    expect(await failure(call(name, [], options))).toMatchObject({
      key: Object.keys(options)[0],
      message: expect.stringContaining(`of the options of ${name}: did you mean ${meant}?`),
    })
  })

  it.each([
    ['listTopics', 'timeoutMs'],
    ['describeCluster', 'timeoutMs'],
  ])('%s refuses an option that it does not have', async (name, known) => {
    expect(await failure(call(name, { validateOnly: true }))).toMatchObject({
      key: 'validateOnly',
      message: `unknown field 'validateOnly' of the options of ${name}. The only field is ${known}`,
    })
  })

  it('is reported with all others', async () => {
    const error = await failure(
      call('createTopics', [
        { topic: 'a', partitions: 3 },
        { topic: 'b', partitions: 3, replication: 1 },
      ]),
    )
    expect(error).toMatchObject({ key: 'partitions' })
    expect(error).toHaveProperty('message', expect.stringContaining("'partitions'"))
    expect(error).toHaveProperty('message', expect.stringContaining("'replication'"))
  })
})

it.each(['createTopics', 'createPartitions'])(
  '%s refuses a validateOnly that is not a boolean',
  async (name) => {
    expect(await failure(call(name, [], { validateOnly: 'false' }))).toMatchObject({
      key: 'validateOnly',
      message: `validateOnly of ${name} is the string 'false': it must be true or false`,
    })
  },
)

it.each(['listTopics', 'describeCluster'])('%s refuses an invalid timeoutMs', async (name) => {
  expect(await failure(call(name, { timeoutMs: Number.NaN }))).toMatchObject({ key: 'timeoutMs' })
})
