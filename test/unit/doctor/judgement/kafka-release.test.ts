import { expect, it } from 'vitest'
import { kafkaRelease } from '../../../../src/doctor/judgement/kafka-release.js'

const [PRODUCE, FETCH, METADATA, API_VERSIONS] = [0, 1, 3, 18]

it.each([
  ['4.4 or later', { [PRODUCE]: 13, [FETCH]: 18, [METADATA]: 13, [API_VERSIONS]: 5 }],
  ['4.1 to 4.3', { [PRODUCE]: 13, [FETCH]: 18, [METADATA]: 13, [API_VERSIONS]: 4 }],
  ['4.0', { [PRODUCE]: 12, [FETCH]: 17, [METADATA]: 13, [API_VERSIONS]: 4 }],
  ['3.9', { [PRODUCE]: 11, [FETCH]: 17, [METADATA]: 12, [API_VERSIONS]: 4 }],
  ['3.7 or 3.8', { [PRODUCE]: 10, [FETCH]: 16, [METADATA]: 12, [API_VERSIONS]: 3 }],
  ['before 3.5', { [PRODUCE]: 9, [FETCH]: 13, [METADATA]: 12, [API_VERSIONS]: 3 }],
])('a broker of Kafka %s is known by the newest versions of its requests', (release, newest) => {
  const ranges = Object.entries(newest).map(([key, version]) => [Number(key), [0, version]] as const)
  expect(kafkaRelease(new Map(ranges))).toBe(release)
})
