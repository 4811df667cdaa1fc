import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { decodeResponse, encodeRequest } from '../../../src/protocol/frame.js'
import { Produce } from '../../../src/protocol/produce.js'
import { ZERO_UUID } from '../../../src/protocol/uuid.js'

const records = Buffer.from('cafe', 'hex')
const request = {
  transactionalId: null,
  acks: -1,
  timeoutMs: 30_000,
  topics: [{ name: 'orders', topicId: 'AQIDBAUGBwgJCgsMDQ4PEA', partitions: [{ index: 3, records }] }],
}

const hex = (version: number) =>
  Buffer.concat(encodeRequest(Produce, version, 1, 'me', request)).toString('hex')
const bytes = (...parts: string[]) => Buffer.from(parts.join(''), 'hex')

describe('a Produce request, written out by hand', () => {
  it('v8', () => {
    expect(hex(8)).toBe(
      [
        ...['0000002e', '0000', '0008', '00000001', '00026d65'],
        ...['ffff', 'ffff', '00007530', '00000001'],
        ...['0006', '6f7264657273', '00000001'],
        ...['00000003', '00000002', 'cafe'],
      ].join(''),
    )
  })

  it('v9: compact lengths, and tagged fields behind every struct', () => {
    expect(hex(9)).toBe(
      [
        ...['00000027', '0000', '0009', '00000001', '00026d65', '00'],
        ...['00', 'ffff', '00007530', '02'],
        ...['07', '6f7264657273', '02'],
        ...['00000003', '03', 'cafe', '00'],
        ...['00', '00'],
      ].join(''),
    )
  })

  it("v13: the topic's id instead of its name", () => {
    expect(hex(13)).toBe(
      [
        ...['00000030', '0000', '000d', '00000001', '00026d65', '00'],
        ...['00', 'ffff', '00007530', '02'],
        ...['0102030405060708090a0b0c0d0e0f10', '02'],
        ...['00000003', '03', 'cafe', '00'],
        ...['00', '00'],
      ].join(''),
    )
  })

  it('carries the batch itself, not a copy', () => {
    expect(encodeRequest(Produce, 9, 1, 'me', request)).toContain(records)
  })
})

const refused = {
  index: 3,
  errorCode: ErrorCode.INVALID_RECORD,
  baseOffset: -1n,
  logAppendTimeMs: -1n,
  logStartOffset: 0n,
  recordErrors: [{ batchIndex: 1, message: 'no' }],
  errorMessage: null,
  currentLeader: null,
}

describe('a Produce response, written out by hand', () => {
  it('v8', () => {
    const frame = bytes(
      ...['00000001', '00000001', '0006', '6f7264657273', '00000001'],
      ...['00000003', '0057', 'ffffffffffffffff', 'ffffffffffffffff', '0000000000000000'],
      ...['00000001', '00000001', '0002', '6e6f', 'ffff', '00000005'],
    )
    expect(decodeResponse(Produce, 8, frame)).toEqual({
      topics: [{ name: 'orders', topicId: ZERO_UUID, partitions: [refused] }],
      throttleTimeMs: 5,
      nodeEndpoints: [],
    })
  })

  it('v10: the new leader of the partition', () => {
    const frame = bytes(
      ...['00000001', '00', '02', '07', '6f7264657273', '02'],
      ...['00000003', '0006', 'ffffffffffffffff', 'ffffffffffffffff', '0000000000000000', '01', '00'],
      ...['01', '00', '09', '00000002', '0000000b', '00', '00'],
      ...['00000000', '01', '00', '0d', '02', '00000002', '0268', '00002384', '00', '00'],
    )
    expect(decodeResponse(Produce, 10, frame)).toEqual({
      topics: [
        {
          name: 'orders',
          topicId: ZERO_UUID,
          partitions: [
            {
              ...refused,
              errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER,
              recordErrors: [],
              currentLeader: { leaderId: 2, leaderEpoch: 11 },
            },
          ],
        },
      ],
      throttleTimeMs: 0,
      nodeEndpoints: [{ nodeId: 2, host: 'h', port: 9_092, rack: null }],
    })
  })

  it('v9 has no leader hints, so their tags are skipped', () => {
    const frame = bytes(
      ...['00000001', '00', '02', '07', '6f7264657273', '02'],
      ...['00000003', '0006', 'ffffffffffffffff', 'ffffffffffffffff', '0000000000000000', '01', '00'],
      ...['01', '00', '02', 'ffff', '00', '00000000', '00'],
    )
    expect(decodeResponse(Produce, 9, frame).topics[0]?.partitions[0]?.currentLeader).toBeNull()
  })
})
