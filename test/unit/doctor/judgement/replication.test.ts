import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../../src/doctor/finding.js'
import { type ReplicatedTopic, replicationFindings } from '../../../../src/doctor/judgement/replication.js'
import { SeenSettings } from '../../../../src/doctor/judgement/seen-settings.js'
import { ErrorCode } from '../../../../src/protocol/error-codes.js'
import type { MetadataPartition } from '../../../../src/protocol/metadata.js'

const partition = (
  partitionIndex: number,
  leaderId: number,
  replicaNodes: readonly number[],
  isrNodes: readonly number[] = replicaNodes,
): MetadataPartition => ({
  errorCode: ErrorCode.NONE,
  partitionIndex,
  leaderId,
  leaderEpoch: 0,
  replicaNodes,
  isrNodes,
  offlineReplicas: [],
})

const least = (value: number) => SeenSettings.shown([{ name: 'min.insync.replicas', value: String(value) }])

/** The finding of each check. */
function judged(fields: Partial<ReplicatedTopic>): Map<string, Finding> {
  const topic = {
    name: 't',
    partitions: [],
    settings: least(2),
    acks: -1,
    brokerCount: 3,
    unusable: [],
  } as const
  return new Map(replicationFindings({ ...topic, ...fields }).map((found) => [found.check, found]))
}

describe('leaders', () => {
  it('are missing, or beyond reach, or all there', () => {
    const partitions = [partition(0, 1, [1, 2, 3]), partition(1, -1, [2, 3]), partition(2, -1, [2])]
    expect(judged({ partitions }).get('leaders')).toMatchObject({
      verdict: 'wrong',
      message: '2 partitions (1, 2) have no leader, so records for them wait and expire',
      facts: { withoutLeader: ['1', '2'] },
      fixes: [{ advice: 'start brokers 2, 3 again; the log of a broker says why it does not come up' }],
    })
    const led = [partition(0, 1, [1, 2, 3]), partition(1, 2, [2, 3, 1])]
    expect(judged({ partitions: led, unusable: [2] }).get('leaders')).toMatchObject({
      verdict: 'wrong',
      message: 'partition 1 has a leader that this client cannot use: broker 2',
    })
    expect(judged({ partitions: led, unusable: [3] }).get('leaders')?.verdict).toBe('ok')
  })

  it('are counted, and at most five partitions are named', () => {
    const partitions = Array.from({ length: 8 }, (_, i) => partition(i, -1, [1]))
    expect(judged({ partitions }).get('leaders')?.message).toMatch(
      /^8 partitions \(0, 1, 2, 3, 4, \.\.\.\) have no/,
    )
  })
})

describe('replicas', () => {
  it.each([
    ['warning', [1, 2], 3, 'partition 0 has fewer replicas in sync than replicas'],
    ['ok', [1, 2, 3], 3, 'all replicas are in sync'],
  ] as const)('are %s with %j in sync', (verdict, inSync, brokerCount, message) => {
    const found = judged({ partitions: [partition(0, 1, [1, 2, 3], inSync)], brokerCount }).get('replicas')
    expect(found).toMatchObject({ verdict, message })
  })

  it('should be more than one, if there are brokers for them', () => {
    const partitions = [partition(0, 1, [1])]
    expect(judged({ partitions, brokerCount: 3 }).get('replicas')?.verdict).toBe('warning')
    expect(judged({ partitions, brokerCount: 1 }).get('replicas')?.verdict).toBe('ok')
  })
})

describe('min.insync.replicas', () => {
  it.each([
    [4, [1, 2, 3], -1, 'wrong', 'acks=all always fails'],
    [4, [1, 2, 3], 1, 'warning', 'acks=all always fails'],
    [2, [1], -1, 'wrong', 'only 1 replica is in sync: acks=all fails now'],
    [3, [1, 2, 3], -1, 'warning', 'no broker may fail'],
    [1, [1, 2, 3], -1, 'warning', 'acks=all is content with the leader alone'],
    [1, [1], -1, 'warning', 'acks=all is content with the leader alone'],
    [1, [1, 2, 3], 1, 'ok', 'acks=all needs 1 of 3 replicas'],
    [2, [1, 2, 3], -1, 'ok', 'acks=all needs 2 of 3 replicas, and 3 are in sync'],
  ] as const)('of %d with %j in sync, acks %d: %s', (value, inSync, acks, verdict, message) => {
    const partitions = [partition(0, 1, [1, 2, 3], inSync)]
    const found = judged({ partitions, acks, settings: least(value) }).get('min-isr')
    expect(found?.verdict).toBe(verdict)
    expect(found?.message).toContain(message)
  })

  it('of 1 is enough for two replicas, where 2 would let no broker fail', () => {
    const partitions = [partition(0, 1, [1, 2])]
    expect(judged({ partitions, settings: least(1) }).get('min-isr')?.verdict).toBe('ok')
  })

  it('is not judged if it is not known, and the reason is told', () => {
    const partitions = [partition(0, 1, [1, 2, 3])]
    const forbidden = SeenSettings.refused(ErrorCode.TOPIC_AUTHORIZATION_FAILED)
    expect(judged({ partitions, settings: forbidden }).get('min-isr')).toMatchObject({
      verdict: 'unknown',
      message: 'not checked: the principal may not see min.insync.replicas',
      fixes: [{ where: 'acl' }],
    })
    const silent = SeenSettings.unanswered('no answer within 5000 ms')
    expect(judged({ partitions, settings: silent }).get('min-isr')).toMatchObject({
      message: 'not checked: min.insync.replicas is not known: no answer within 5000 ms',
      fixes: [],
    })
  })
})
