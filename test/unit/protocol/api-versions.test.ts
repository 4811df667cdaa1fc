import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../src/errors.js'
import { ApiVersions, decodeApiVersionsResponse } from '../../../src/protocol/api-versions.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { encodeResponse } from '../../../src/protocol/frame.js'

const nothing = {
  apiKeys: [],
  throttleTimeMs: 0,
  supportedFeatures: [],
  finalizedFeaturesEpoch: -1n,
  finalizedFeatures: [],
  zkMigrationReady: false,
}

/** A response frame without its size: the correlation id, followed by these bytes. */
function frameOf(hex: string): Buffer {
  return Buffer.from(`0000004d${hex}`, 'hex')
}

describe('an ApiVersions response with UNSUPPORTED_VERSION', () => {
  it('is read in version 0, whatever version was asked in', () => {
    const apiKeys = [{ apiKey: 18, minVersion: 0, maxVersion: 2 }]
    const [frame] = [
      Buffer.concat(
        encodeResponse(ApiVersions, 0, 77, { ...nothing, errorCode: ErrorCode.UNSUPPORTED_VERSION, apiKeys }),
      ),
    ]
    for (let version = 0; version <= ApiVersions.versions[1]; version++) {
      const answer = decodeApiVersionsResponse(version, frame.subarray(4))
      expect(answer).toEqual({ ...nothing, errorCode: ErrorCode.UNSUPPORTED_VERSION, apiKeys })
    }
  })

  it.each([
    [
      'of another version, as the mock cluster of librdkafka 2.0.2 sends it',
      '002301001200000002' + '00000000',
    ],
    ['that is missing', '0023'],
    ['that is cut off', '00230000000100120000'],
    ['that goes on behind its end', '002300000000ffff'],
  ])('is that error alone with a body %s', (_, hex) => {
    expect(decodeApiVersionsResponse(4, frameOf(hex))).toEqual({
      ...nothing,
      errorCode: ErrorCode.UNSUPPORTED_VERSION,
    })
  })
})

it('an ApiVersions response with any other known error is that error if its body cannot be read', () => {
  expect(decodeApiVersionsResponse(4, frameOf('0022' + '00000000'))).toEqual({
    ...nothing,
    errorCode: ErrorCode.ILLEGAL_SASL_STATE,
  })
  expect(decodeApiVersionsResponse(4, frameOf('ffff'))).toEqual({
    ...nothing,
    errorCode: ErrorCode.UNKNOWN_SERVER_ERROR,
  })
})

it.each([
  ['without an error', '0000' + '7f'],
  ['with an error that Kafka does not have', '4854' + '7f'],
  ['without room for an error code', '00'],
])('an ApiVersions response %s whose body cannot be read is refused', (_, hex) => {
  expect(() => decodeApiVersionsResponse(4, frameOf(hex))).toThrow(ProtocolError)
})
