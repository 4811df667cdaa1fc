import { describe, expect, it } from 'vitest'
import { canonicalValue, type SettingRule, settingComplaint } from '../../../src/testing/setting.js'

// test/broker/embedded-cluster-newest.test.ts compares the verdicts with a real broker's.

const policy: SettingRule = { type: 'list', words: ['compact', 'delete'] }
const replicas: SettingRule = { type: 'list', items: /^(\d+:\d+)?$/ }

describe('a value', () => {
  it.each<[SettingRule, string]>([
    [{ type: 'boolean' }, ' TRUE '],
    [{ type: 'int' }, '-2147483648'],
    [{ type: 'int', min: 1, max: 9, orElse: -1 }, '-1'],
    [{ type: 'long' }, '9223372036854775807'],
    [{ type: 'double', min: 0, max: 1 }, '.5'],
    [{ type: 'string', words: ['gzip'] }, ' gzip'],
    [policy, ''],
    [policy, 'delete , compact'],
    [replicas, '*'],
    [replicas, '0:1, 0:2'],
  ])('of %j may be %j', (rule, value) => {
    expect(settingComplaint(rule, value)).toBeNull()
  })

  it.each<[SettingRule, string, string]>([
    [{ type: 'boolean' }, 'yes', 'it must be true or false'],
    [{ type: 'int' }, '', 'it must be a whole number'],
    [{ type: 'int' }, '1.0', 'it must be a whole number'],
    [{ type: 'int' }, '2147483648', 'it must be a whole number of 32 bits'],
    [{ type: 'long' }, '-9223372036854775809', 'it must be a whole number of 64 bits'],
    [{ type: 'int', min: 1, max: 9, orElse: -1 }, '0', 'it must be at least 1, or -1'],
    [{ type: 'int', min: 1, max: 9 }, '10', 'it must be no more than 9'],
    [{ type: 'double' }, 'much', 'it must be a number'],
    [{ type: 'double', max: 1 }, '1.01', 'it must be no more than 1'],
    [{ type: 'string', words: ['gzip', 'lz4'] }, 'GZIP', 'it must be one of gzip, lz4'],
    [policy, 'delete,', 'it must be a list of compact and delete'],
    [replicas, '0:1,*', 'it must be * or a list of items such as 0:1, a partition and a broker each'],
  ])('of %j may not be %j: %s', (rule, value, complaint) => {
    expect(settingComplaint(rule, value)).toBe(complaint)
  })
})

it.each<[SettingRule, string, string]>([
  [{ type: 'boolean' }, ' TRUE ', 'true'],
  [{ type: 'long' }, '+007', '7'],
  [{ type: 'double' }, ' 0.50', '0.50'],
  [policy, 'delete , compact,delete', 'delete,compact'],
  [replicas, '0:1, 0:1', '0:1,0:1'],
])('for %j, the value %j is shown as %j', (rule, value, shown) => {
  expect(canonicalValue(rule, value)).toBe(shown)
})
