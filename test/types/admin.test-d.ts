import { expectTypeOf, test } from 'vitest'
import type {
  Admin,
  AdminCallOptions,
  AdminConfig,
  NewPartitions,
  NewTopic,
  ProducerConfig,
  ValidateOptions,
} from '../../src/index.js'

test('what the calls of an admin take may be left out as undefined', () => {
  expectTypeOf<{
    topic: string
    numPartitions: number | undefined
    replicationFactor: number | undefined
    configs: { 'cleanup.policy': string | undefined } | undefined
    assignments: number[][] | undefined
  }>().toExtend<NewTopic>()
  expectTypeOf<{
    topic: string
    totalCount: number
    assignments: number[][] | undefined
  }>().toExtend<NewPartitions>()
  expectTypeOf<{ timeoutMs: number | undefined }>().toExtend<AdminCallOptions>()
  expectTypeOf<{ timeoutMs: undefined; validateOnly: boolean | undefined }>().toExtend<ValidateOptions>()
})

test('a field that nothing knows does not compile', () => {
  const create = (_: Parameters<Admin['createTopics']>[0]) => undefined
  expectTypeOf(create([{ topic: 't', numPartitions: 3 }])).toBeUndefined()
  // @ts-expect-error it is numPartitions
  expectTypeOf(create([{ topic: 't', partitions: 3 }])).toBeUndefined()
})

test("a producer's config is good for an admin", () => {
  expectTypeOf<ProducerConfig>().toExtend<AdminConfig>()
})
