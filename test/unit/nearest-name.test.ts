import { expect, it } from 'vitest'
import { nearestName } from '../../src/nearest-name.js'

const fields = ['topic', 'numPartitions', 'replicationFactor', 'configs', 'assignments']

it.each([
  ['topics', 'topic'],
  ['numpartitions', 'numPartitions'],
  ['num.partitions', 'numPartitions'],
  ['partitions', 'numPartitions'],
  ['replication', 'replicationFactor'],
  ['cofnigs', 'configs'],
  // Too short a part, and too far away.
  ['num', null],
  ['name', null],
  ['', null],
  ['x'.repeat(100_000), null],
])('of %.20s is %s', (given, nearest) => {
  expect(nearestName(given, fields)).toBe(nearest)
})

it('is none if several names have the part', () => {
  expect(nearestName('timeout', ['requestTimeoutMs', 'deliveryTimeoutMs'])).toBeNull()
})
