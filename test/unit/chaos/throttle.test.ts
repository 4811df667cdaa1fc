import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { encodeResponse } from '../../../src/protocol/frame.js'
import { Produce, type ProduceResponse } from '../../../src/protocol/produce.js'
import { throttleTimeOf } from '../../chaos/proxy/produce-throttle.js'
import { ThrottleWatch } from '../../chaos/proxy/throttle-watch.js'

const response: ProduceResponse = {
  throttleTimeMs: 1_234,
  nodeEndpoints: [{ nodeId: 2, host: 'broker-2', port: 9_092, rack: 'a' }],
  topics: [
    {
      name: 'chaos',
      topicId: 'ABEiM0RVZneImaq7zN3u_w',
      partitions: [0, 300].map((index) => ({
        index,
        errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER,
        baseOffset: -1n,
        logAppendTimeMs: -1n,
        logStartOffset: 0n,
        recordErrors: [{ batchIndex: 3, message: 'why' }],
        errorMessage: index === 0 ? null : 'not the leader '.repeat(20),
        currentLeader: { leaderId: 2, leaderEpoch: 7 },
      })),
    },
  ],
}

const encoded = (version: number, changes: Partial<ProduceResponse> = {}): Buffer =>
  Buffer.concat(encodeResponse(Produce, version, 5, { ...response, ...changes }))

describe('the throttle time of a Produce response', () => {
  it.each([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])('is found in version %d', (version) => {
    expect(throttleTimeOf(encoded(version), version)).toBe(1_234)
    expect(throttleTimeOf(encoded(version, { throttleTimeMs: 0, nodeEndpoints: [] }), version)).toBe(0)
  })
})

describe('requests under a throttle', () => {
  it('ignore it if they come before its end, when the client has had time to read of it', () => {
    const watch = new ThrottleWatch()
    const bytes = encoded(13)
    expect(watch.response(13, bytes.subarray(0, 20), false, 10_000)).toBe(0)
    expect(watch.ignoredAt(10_700)).toBe(false)
    expect(watch.response(13, bytes.subarray(20), true, 10_000)).toBe(1_234)
    expect([10_100, 10_700, 11_200, 11_300].map((nowMs) => watch.ignoredAt(nowMs))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })
})
