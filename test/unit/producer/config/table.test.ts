import { describe, expect, it } from 'vitest'
import { checkSupport, checkValue } from '../../../../src/producer/config/check.js'
import type { ConfigEntry } from '../../../../src/producer/config/entry.js'
import {
  camelCased,
  findForeignKey,
  ignoredJavaKeys,
  refusedJavaKeys,
  replacedKeys,
} from '../../../../src/producer/config/foreign-keys.js'
import { configKeys, configTable } from '../../../../src/producer/config/table.js'

describe('the table of configs', () => {
  it("spells a key as Java's name in camelCase, but for what was a class and is a value here", () => {
    const others = configKeys.filter((key) => {
      const { javaName } = configTable[key]
      return javaName !== null && camelCased(javaName) !== key
    })
    expect(others.sort()).toEqual(['interceptors', 'partitioner'])
  })

  it('has no name twice', () => {
    const names = configKeys.map((key) => configTable[key].javaName).filter((name) => name !== null)
    expect(new Set(names).size).toBe(names.length)
  })

  it.each(configKeys)('%s: the default keeps to its own rule', (key) => {
    const entry: ConfigEntry = configTable[key]
    if (entry.type === 'servers') {
      expect(entry.required).toBe(true)
    } else if (entry.default === undefined) {
      expect(entry.defaultText).toBeTypeOf('string')
    } else {
      expect(() => checkValue(key, entry, entry.default)).not.toThrow()
    }
  })

  it.each(configKeys)('%s: what is supported in part includes the default', (key) => {
    const entry: ConfigEntry = configTable[key]
    const isInPart = (entry.supports?.length ?? 0) > 0
    if (isInPart && entry.type !== 'servers') {
      expect(() => checkSupport(key, entry, entry.default)).not.toThrow()
    }
    for (const value of entry.supports ?? []) expect(() => checkValue(key, entry, value)).not.toThrow()
  })

  it("shares no name with Java's other keys or with replaced ones", () => {
    for (const key of configKeys) {
      expect(findForeignKey([...ignoredJavaKeys, ...refusedJavaKeys], key, true), key).toBeUndefined()
      const { javaName } = configTable[key]
      if (javaName === null) continue
      expect(
        findForeignKey([...ignoredJavaKeys, ...refusedJavaKeys], javaName, false),
        javaName,
      ).toBeUndefined()
      expect(replacedKeys.has(key), key).toBe(false)
    }
  })
})
