import { describe, expect, it } from 'vitest'
import type { KafkaError, KafkaErrorDetails } from '../../src/errors.js'
import * as errors from '../../src/errors.js'

const left: Record<string, (details: KafkaErrorDetails) => KafkaError> = {
  SERIALIZATION: (details) => new errors.SerializationError('no', details),
  TIMEOUT: (details) => new errors.TimeoutError('no', 'queue', details),
  BUFFER_EXHAUSTED: (details) => new errors.BufferExhaustedError('no', details),
  RECORD_TOO_LARGE: (details) => new errors.RecordTooLargeError('no', 2, 1, details),
  INVALID_TOPIC_EXCEPTION: (details) => new errors.InvalidTopicError('no', details),
  INVALID_RECORD: (details) => new errors.InvalidRecordError('no', details),
  SASL_AUTHENTICATION_FAILED: (details) => new errors.AuthenticationError('no', details),
  NETWORK: (details) => new errors.NetworkError('no', details),
  PROTOCOL: (details) => new errors.ProtocolError('no', details),
  OUT_OF_ORDER_SEQUENCE_NUMBER: (details) => new errors.OutOfOrderSequenceError('no', details),
  PRODUCER_FENCED: (details) => new errors.ProducerFencedError('no', details),
  TRANSACTION_ABORTABLE: (details) => new errors.TransactionAbortableError('no', details),
  PRODUCER_CLOSED: (details) => new errors.ProducerClosedError('no', details),
  ABORTED: (details) => new errors.AbortError('no', details),
}

describe.each(Object.entries(left))('an error with the code %s', (code, make) => {
  it('has this code unless another is given, and takes undefined as not given', () => {
    const plain = make({})
    const undefineds = make({ code: undefined, retriable: undefined, fatal: undefined, abortable: undefined })
    expect(plain.code).toBe(code)
    expect({ ...undefineds }).toEqual({ ...plain })
    expect(undefineds.name).toBe(undefineds.constructor.name)
    expect(make({ code: 'UNKNOWN_9999', retriable: false, fatal: false, abortable: false })).toMatchObject({
      ...{ code: 'UNKNOWN_9999', retriable: false, fatal: false, abortable: false },
    })
  })

  it('has no property for unknown facts', () => {
    const error = make({ topic: undefined, partition: undefined, broker: undefined, attempts: undefined })
    expect(Object.keys(error)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/topic|partition|broker|attempts/)]),
    )
    expect(make({ topic: 't', partition: 0 })).toMatchObject({ topic: 't', partition: 0 })
  })
})

describe('a ConfigError', () => {
  it('has one problem unless several are given, and shows them only in its message', () => {
    const one = new errors.ConfigError('acks', 'acks must be all')
    expect(one.problems).toEqual([{ key: 'acks', message: 'acks must be all' }])
    const problems = [
      { key: 'a', message: 'a is wrong' },
      { key: 'b', message: 'b is wrong' },
    ]
    const two = new errors.ConfigError('a', 'both are wrong', undefined, problems)
    expect(two.problems).toEqual(problems)
    expect(Object.keys(two)).toEqual(Object.keys(one))
    expect(Object.isFrozen(one.problems)).toBe(true)
  })
})

describe('an error as JSON', () => {
  it('has its name, its message and all known facts', () => {
    const error = new errors.TimeoutError('too late', 'queue', { topic: 't', partition: 3, attempts: 2 })
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'TimeoutError',
      message: 'too late',
      code: 'TIMEOUT',
      retriable: true,
      fatal: false,
      abortable: false,
      possiblyPersisted: false,
      topic: 't',
      partition: 3,
      attempts: 2,
      phase: 'queue',
    })
  })

  it('has its causes, of any class', () => {
    const system = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    const cause = new errors.NetworkError('cannot connect', { cause: system })
    const error = new errors.TimeoutError('too late', 'metadata', { cause })
    expect(JSON.parse(JSON.stringify({ error }))).toMatchObject({
      error: {
        message: 'too late',
        cause: {
          name: 'NetworkError',
          message: 'cannot connect',
          cause: { name: 'Error', message: 'refused', code: 'ECONNREFUSED' },
        },
      },
    })
  })

  it.each([
    ['a bigint', 5n, '5'],
    ['a string', 'shutdown', 'shutdown'],
    ['an object', { shard: 5n, why: ['moved'] }, "{ shard: 5n, why: [ 'moved' ] }"],
    ['an object that has no text', Object.create(null), '[Object: null prototype] {}'],
    ['a symbol', Symbol('gone'), 'Symbol(gone)'],
    ['null', null, 'null'],
  ])('says of a cause that is %s what it is', (_, cause, text) => {
    const error = new errors.AbortError('aborted', { cause })
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ message: 'aborted', cause: text })
  })

  it('names the reason that an AbortSignal has unless it is given one', () => {
    const error = new errors.AbortError('aborted', { cause: AbortSignal.abort().reason })
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({
      cause: { name: 'AbortError', message: 'This operation was aborted' },
    })
  })
})
