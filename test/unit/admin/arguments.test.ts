import { afterAll, expect, it } from 'vitest'
import { Admin } from '../../../src/admin/admin.js'
import { ConfigError, InvalidTopicError } from '../../../src/errors.js'

/** Nothing listens there, and nothing is asked. */
const admin = new Admin({ bootstrapServers: '127.0.0.1:1', defaultApiTimeoutMs: 60_000 })

afterAll(() => admin.close())

/** Past the compiler, which would refuse these arguments. */
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
    `${name} refuses %j in the place of a list`,
    async (given) => {
      const error = await failure(call(name, given))
      expect(error).toBeInstanceOf(ConfigError)
      expect(error).toMatchObject({
        key: 'topics',
        message: expect.stringContaining(`${name} takes an array of `),
      })
    },
  )

  it.each([Number.NaN, -1, '5', null])(`${name} refuses %j as its time`, async (timeoutMs) => {
    const error = await failure(call(name, [], { timeoutMs }))
    expect(error).toMatchObject({
      key: 'timeoutMs',
      message: `timeoutMs of ${name} is ${timeoutMs}: it must be milliseconds, 0 or more`,
    })
  })

  it(`${name} refuses options that are none`, async () => {
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
    `${name} refuses %j, which has no name`,
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
  ['createPartitions', { topic: 'a', totalCount: 2, assignments: [[1.5]] }],
  ['createPartitions', { topic: 'a', totalCount: Number.NaN }],
])('%s tells what is wrong with %j, of that topic alone', async (name, given) => {
  expect(await call(name, [given])).toMatchObject([
    { topic: 'a', status: 'rejected', error: { code: 'INVALID_REQUEST' } },
  ])
})

it.each(['listTopics', 'describeCluster'])('%s refuses a time that is none', async (name) => {
  expect(await failure(call(name, { timeoutMs: Number.NaN }))).toMatchObject({ key: 'timeoutMs' })
})
