import { describe, expect, it } from 'vitest'
import { InvalidTopicError } from '../../../src/errors.js'
import { checkTopicName } from '../../../src/protocol/topic-name.js'

describe('a topic name', () => {
  it.each(['a', 'orders', 'A.b_c-9', '...', '__proto__', 'constructor', 'x'.repeat(249)])(
    'may be %s',
    (name) => {
      expect(() => checkTopicName(name)).not.toThrow()
    },
  )

  it.each([
    ['', 'invalid topic name: it is empty'],
    ['.', "invalid topic name: '.' is not allowed"],
    ['..', "invalid topic name: '..' is not allowed"],
    ['x'.repeat(250), 'invalid topic name: it has 250 characters, at most 249 are allowed'],
    ['a b', 'invalid topic name: "a b" has " " at index 1; only ASCII letters, digits'],
    ['a/b', '"/" at index 1'],
    ['a\u0000', '"\\u0000" at index 1'],
    ['größe', '"ö" at index 2'],
    ['a😀', '"😀" at index 1'],
    ['orders\n', '"\\n" at index 6'],
  ])('must not be %j', (name, message) => {
    expect(() => checkTopicName(name)).toThrow(InvalidTopicError)
    expect(() => checkTopicName(name)).toThrow(message)
  })

  it.each([
    [undefined, 'got undefined'],
    [null, 'got null'],
    [7, 'got number'],
  ])('must not be %s', (name, message) => {
    expect(() => checkTopicName(name)).toThrow(InvalidTopicError)
    expect(() => checkTopicName(name)).toThrow(message)
  })

  it('allows each character that Kafka allows and no other of the first 256', () => {
    const allowed = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).filter(
      (character) => {
        try {
          checkTopicName(`x${character}`)
          return true
        } catch {
          return false
        }
      },
    )
    expect(allowed.join('')).toBe('-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz')
  })
})
