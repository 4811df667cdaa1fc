import { describe, expect, it } from 'vitest'
import type { TopicConfigEntry } from '../../../src/admin/descriptions.js'
import { describedTopic } from '../../../src/cli/topics/topic-description.js'

const config = (name: string, value: string, source: TopicConfigEntry['source']): TopicConfigEntry => ({
  name,
  value,
  source,
  readOnly: false,
  isSensitive: false,
})

const topic = {
  topic: 'orders',
  topicId: 'AbCdEfGhIjKlMnOpQrStUv',
  isInternal: false,
  partitions: [
    { partition: 0, leader: 1, replicas: [1, 2], inSyncReplicas: [1, 2], offlineReplicas: [] },
    { partition: 1, leader: -1, replicas: [2, 3], inSyncReplicas: [3], offlineReplicas: [2, 3] },
  ],
  configs: [
    config('cleanup.policy', 'compact', 'topic'),
    config('segment.bytes', '1073741824', 'static-broker'),
    config('retention.ms', '604800000', 'default'),
  ],
}

const first =
  '\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2\tIsr: 1,2\tElr: N/A\tLastKnownElr: N/A\n'
const second =
  '\tTopic: orders\tPartition: 1\tLeader: none\tReplicas: 2,3\tIsr: 3\tElr: N/A\tLastKnownElr: N/A\n'
const header =
  'Topic: orders\tTopicId: AbCdEfGhIjKlMnOpQrStUv\tPartitionCount: 2\tReplicationFactor: 2\tConfigs: cleanup.policy=compact,segment.bytes=1073741824\n'

describe('a described topic', () => {
  it('has the lines of kafka-topics', () => {
    expect(describedTopic(topic)).toBe(header + first + second)
  })

  it('has no id if the brokers have none, and no settings if the principal may not see them', () => {
    expect(describedTopic({ ...topic, topicId: null, configs: null, partitions: [] })).toBe(
      'Topic: orders\tPartitionCount: 0\tReplicationFactor: 0\tConfigs: \n',
    )
  })

  it('can be filtered by replication, leader and overrides', () => {
    expect(describedTopic(topic, { underReplicatedPartitions: true })).toBe(second)
    expect(describedTopic(topic, { unavailablePartitions: true })).toBe(second)
    expect(describedTopic(topic, { topicsWithOverrides: true })).toBe(header)
    expect(describedTopic({ ...topic, configs: [] }, { topicsWithOverrides: true })).toBe('')
  })

  it('can be filtered by min.insync.replicas', () => {
    const needing = (count: string) => ({
      ...topic,
      configs: [config('min.insync.replicas', count, 'default')],
    })
    expect(describedTopic(needing('1'), { atMinIsrPartitions: true })).toBe(second)
    expect(describedTopic(needing('2'), { atMinIsrPartitions: true })).toBe(first)
    expect(describedTopic(needing('3'), { underMinIsrPartitions: true })).toBe(first + second)
    // A partition without a leader takes no record, however many replicas are in sync.
    expect(describedTopic(needing('1'), { underMinIsrPartitions: true })).toBe(second)
    expect(() => describedTopic({ ...topic, configs: null }, { underMinIsrPartitions: true })).toThrow(
      'you may not see min.insync.replicas of topic orders; it needs DescribeConfigs on the topic',
    )
  })
})
