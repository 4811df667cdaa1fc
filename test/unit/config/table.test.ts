import { describe, expect, it } from 'vitest'
import { checkValue } from '../../../src/config/check.js'
import type { ConfigEntry } from '../../../src/config/entry.js'
import {
  camelCased,
  findForeignKey,
  ignoredJavaKeys,
  refusedJavaKeys,
  replacedKeys,
} from '../../../src/config/foreign-keys.js'
import { otherClientsKeys } from '../../../src/config/other-clients-keys.js'
import { configKeys, configTable, dottedName } from '../../../src/config/table.js'
import { isSupported } from '../../../src/config/unsupported.js'

describe('the table of configs', () => {
  it("spells each key as Java's name in camelCase, except two that are classes in Java", () => {
    const others = configKeys.filter((key) => {
      const { javaName } = configTable[key]
      return javaName !== null && camelCased(javaName) !== key
    })
    expect(others.sort()).toEqual(['interceptors', 'partitioner'])
  })

  it('has no name twice', () => {
    const names = configKeys.map((key) => dottedName(configTable[key])).filter((name) => name !== null)
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(configKeys)('%s: the default is an allowed value', (key) => {
    const entry: ConfigEntry = configTable[key]
    if (entry.type === 'servers') {
      expect(entry.required).toBe(true)
    } else if (entry.default === undefined) {
      expect(entry.defaultText).toBeTypeOf('string')
    } else {
      expect(() => checkValue(key, entry, entry.default)).not.toThrow()
    }
  })

  it.each(configKeys)('%s: the supported values include the default', (key) => {
    const entry: ConfigEntry = configTable[key]
    const isInPart = (entry.supports?.length ?? 0) > 0
    if (isInPart && entry.type !== 'servers') {
      expect(isSupported(entry, entry.default)).toBe(true)
    }
    for (const value of entry.supports ?? []) expect(() => checkValue(key, entry, value)).not.toThrow()
  })

  it("shares no name with Kafka's other keys or with replaced ones", () => {
    const foreign = [...ignoredJavaKeys, ...refusedJavaKeys, ...otherClientsKeys]
    for (const key of configKeys) {
      expect(findForeignKey(foreign, key, true), key).toBeUndefined()
      const name = dottedName(configTable[key])
      if (name === null) continue
      expect(findForeignKey(foreign, name, false), name).toBeUndefined()
      expect(replacedKeys.has(key), key).toBe(false)
    }
    // A name that Java's producer once had may be the name of another setting today.
    for (const old of replacedKeys.keys()) expect(findForeignKey(foreign, old, false), old).toBeUndefined()
  })
})
