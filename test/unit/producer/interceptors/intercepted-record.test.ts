import { describe, expect, it } from 'vitest'
import { SerializationError } from '../../../../src/errors.js'
import { interceptable, returnedRecord } from '../../../../src/producer/interceptors/intercepted-record.js'
import type { ProducerRecord } from '../../../../src/producer/record.js'

describe('the copy that an interceptor is given', () => {
  it('is frozen, and leaves the own object of the caller as it is', () => {
    const record = {
      topic: 't',
      key: 'k',
      value: 'v',
      headers: { a: ['1', '2'], b: null, c: undefined },
      id: 7,
    }
    const copy = interceptable(record)
    expect(copy).toEqual({
      topic: 't',
      key: 'k',
      value: 'v',
      id: 7,
      headers: [
        ['a', '1'],
        ['a', '2'],
        ['b', null],
      ],
    })
    expect(() => Object.assign(copy, { value: 'changed' })).toThrow(TypeError)
    expect(() => Object.assign(copy.headers, { 0: ['x', 'y'] })).toThrow(TypeError)
    expect(record.headers).toEqual({ a: ['1', '2'], b: null, c: undefined })
  })

  it('reads headers once, and has an empty list of none', () => {
    const pairs = [['a', '1'] as const][Symbol.iterator]()
    expect(interceptable({ topic: 't', value: 'v', headers: pairs }).headers).toEqual([['a', '1']])
    expect([...pairs]).toEqual([])
    expect(interceptable({ topic: 't', value: 'v' }).headers).toEqual([])
    expect(interceptable({ topic: 't', value: 'v', headers: null }).headers).toEqual([])
  })

  it('has the fields of a class with accessors, and none that the record lacks', () => {
    class Order {
      get topic(): string {
        return 'orders'
      }
      get value(): string {
        return 'v'
      }
    }
    const copy = interceptable(new Order())
    expect(Object.keys(copy).sort()).toEqual(['headers', 'topic', 'value'])
    expect(copy).toMatchObject({ topic: 'orders', value: 'v' })
  })

  it('is not made of headers that cannot be sent', () => {
    const record = { topic: 't', value: 'v', headers: 5 } as unknown as ProducerRecord
    expect(() => interceptable(record)).toThrow(SerializationError)
  })
})

describe('what an interceptor returns', () => {
  it.each([
    [() => undefined, 'it returned undefined, not a record'],
    [() => null, 'it returned null, not a record'],
    [() => 'text', 'it returned string, not a record'],
    [() => Promise.resolve({}), 'it returned a promise, and onSend is synchronous'],
    [() => Promise.reject(new Error('unheard')), 'it returned a promise, and onSend is synchronous'],
  ])('is refused: %o', (returned, message) => {
    expect(() => returnedRecord(returned())).toThrow(new TypeError(message))
  })

  it('is the record', () => {
    const record = { topic: 't', value: 'v' }
    expect(returnedRecord(record)).toBe(record)
  })
})
