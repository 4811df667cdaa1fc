import { afterAll, expect, it } from 'vitest'
import { ConfigError } from '../../../src/errors.js'
import { Producer } from '../../../src/producer/producer.js'

/** Nothing listens at this address, and nothing is sent. */
const producer = new Producer({ bootstrapServers: '127.0.0.1:1' })
const record = { topic: 't', value: 'v' }

afterAll(() => producer.close({ timeoutMs: 0 }))

/** Calls with options that the compiler would refuse. */
async function refusal(call: 'send' | 'flush' | 'close', options: unknown): Promise<unknown> {
  const args = call === 'send' ? [record, options] : [options]
  try {
    await Reflect.apply(producer[call], producer, args)
  } catch (error) {
    return error
  }
  throw new Error('nothing was refused')
}

it.each([
  ['flush', { timeout: 5 }, "unknown field 'timeout' of the options of flush: did you mean timeoutMs?"],
  ['flush', { timeoutMS: 5 }, 'did you mean timeoutMs? The fields are timeoutMs and signal'],
  ['flush', { timeoutMs: 5, abort: null }, "unknown field 'abort' of the options of flush. The fields are"],
  ['close', { timeout: 0 }, "unknown field 'timeout' of the options of close: did you mean timeoutMs?"],
  [
    'close',
    { signal: undefined },
    "unknown field 'signal' of the options of close. The only field is timeoutMs",
  ],
  ['send', { timeoutMs: 5 }, "unknown field 'timeoutMs' of the options of send. The only field is signal"],
  ['send', { Signal: null }, "unknown field 'Signal' of the options of send: did you mean signal?"],
  ['flush', { timeoutMs: '5' }, "timeoutMs of flush is the string '5': it must be milliseconds, 0 or more"],
  ['flush', { timeoutMs: -1 }, 'timeoutMs of flush is -1'],
  ['send', { signal: {} }, 'signal of send is [object Object]: it must be an AbortSignal'],
  ['close', 'now', "close takes an object of options, not the string 'now'"],
  ['close', null, 'close takes an object of options, not null'],
] as const)('%s refuses %j', async (call, options, message) => {
  const error = await refusal(call, options)
  expect(error).toBeInstanceOf(ConfigError)
  expect(error).toMatchObject({ message: expect.stringContaining(message) })
})

it('every unknown option is named in one error', async () => {
  const error = await refusal('flush', { timeout: 5, retries: 1 })
  expect(error).toMatchObject({
    key: 'timeout',
    message: [
      '2 errors in the options of flush:',
      "- unknown field 'timeout' of the options of flush: did you mean timeoutMs? The fields are timeoutMs and signal",
      "- unknown field 'retries' of the options of flush. The fields are timeoutMs and signal",
    ].join('\n'),
    problems: [{ key: 'timeout' }, { key: 'retries' }],
  })
})
