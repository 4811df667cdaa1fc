import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../src/errors.js'
import { pickVersion, type VersionLimits, type VersionRange } from '../../../src/protocol/api.js'
import { InitProducerId } from '../../../src/protocol/init-producer-id.js'
import { Produce } from '../../../src/protocol/produce.js'

describe('pickVersion', () => {
  it('takes the highest version that both sides know', () => {
    expect(pickVersion(Produce, [0, 9], 'b')).toBe(9)
    expect(pickVersion(Produce, [3, 99], 'b')).toBe(13)
    expect(pickVersion(Produce, [13, 15], 'b')).toBe(13)
    expect(pickVersion(Produce, [0, 3], 'b')).toBe(3)
    expect(pickVersion(InitProducerId, [0, 0], 'b')).toBe(0)
  })

  it('stays within the limits of the request', () => {
    expect(pickVersion(Produce, [0, 13], 'b', { atMost: 11 })).toBe(11)
    expect(pickVersion(Produce, [0, 9], 'b', { atMost: 11 })).toBe(9)
    expect(pickVersion(Produce, [0, 9], 'b', { atLeast: 7 })).toBe(9)
  })

  it.each<[string, VersionRange | undefined, VersionLimits, string]>([
    ['the broker is too old', [0, 2], {}, 'this client needs 3 to 13, broker b:9092 (1) has versions 0 to 2'],
    [
      'the broker is too new',
      [14, 20],
      {},
      'this client needs 3 to 13, broker b:9092 (1) has versions 14 to 20',
    ],
    [
      'the broker lacks the API',
      undefined,
      {},
      'this client needs 3 to 13, broker b:9092 (1) does not have it',
    ],
    [
      'the limit leaves nothing',
      [12, 13],
      { atMost: 11 },
      'this client needs 3 to 11 (of 3 to 13), broker b:9092 (1) has versions 12 to 13',
    ],
    [
      'the broker is too old for this request',
      [0, 6],
      { atLeast: 7, atMost: 12 },
      'this client needs 7 to 12 (of 3 to 13), broker b:9092 (1) has versions 0 to 6',
    ],
    ['the broker lies', [9, 3], {}, 'has versions 9 to 3'],
  ])('throws an error with both ranges when %s', (_, range, limits, text) => {
    const pick = () => pickVersion(Produce, range, 'b:9092 (1)', limits)
    expect(pick).toThrow(ProtocolError)
    expect(pick).toThrow('no common version of Produce (API key 0)')
    expect(pick).toThrow(text)
    expect(pick).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_VERSION', broker: 'b:9092 (1)' }))
  })
})
