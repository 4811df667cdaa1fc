import { afterEach, expect, it } from 'vitest'
import { ownValue } from '../../src/own-value.js'

afterEach(() => {
  Reflect.deleteProperty(Object.prototype, 'polluted')
})

it.each([
  ['a field', { a: 1 }, 'a', 1],
  ['a missing field', { a: 1 }, 'b', undefined],
  ['a method of every object', {}, 'toString', undefined],
  ['the prototype', {}, '__proto__', undefined],
  ['a name from JSON', JSON.parse('{ "__proto__": 2 }'), '__proto__', 2],
  ['a name of an object without a prototype', Object.assign(Object.create(null), { a: 3 }), 'a', 3],
])('is the value of %s of the object itself', (_, object, name, value) => {
  expect(ownValue(object, name)).toBe(value)
})

it('is nothing that a library has put on all objects', () => {
  Reflect.set(Object.prototype, 'polluted', true)
  expect(ownValue({}, 'polluted')).toBeUndefined()
})
