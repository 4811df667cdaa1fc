import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../src/errors.js'
import { ApiVersions, decodeApiVersionsResponse } from '../../../src/protocol/api-versions.js'
import { CreateTopics } from '../../../src/protocol/create-topics.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import {
  decodeRequest,
  decodeRequestHeader,
  decodeResponse,
  encodeRequest,
  encodeResponse,
  responseCorrelationId,
} from '../../../src/protocol/frame.js'
import { InitProducerId } from '../../../src/protocol/init-producer-id.js'

const request = { transactionalId: null, transactionTimeoutMs: 1, producerId: -1n, producerEpoch: -1 }
const response = { throttleTimeMs: 0, errorCode: ErrorCode.NONE, producerId: 5n, producerEpoch: 1 }
const flexibleFrom = (apiKey: number) =>
  apiKey === InitProducerId.key ? InitProducerId.flexibleFrom : undefined

const hex = (chunks: readonly Uint8Array[]) => Buffer.concat(chunks).toString('hex')
const frame = (text: string) => Buffer.from(text, 'hex')

const apiVersions = {
  errorCode: ErrorCode.NONE,
  apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }],
  throttleTimeMs: 0,
  supportedFeatures: [],
  finalizedFeaturesEpoch: -1n,
  finalizedFeatures: [],
  zkMigrationReady: false,
}

describe('a request frame', () => {
  it('has a classic header before the flexible versions', () => {
    expect(hex(encodeRequest(InitProducerId, 1, 258, 'id', request))).toBe(
      ['00000012', '0016', '0001', '00000102', '00026964', 'ffff', '00000001'].join(''),
    )
  })

  it('has tagged fields in the header of flexible versions, and still a classic client id', () => {
    expect(hex(encodeRequest(InitProducerId, 2, 258, 'id', request))).toBe(
      ['00000013', '0016', '0002', '00000102', '00026964', '00', '00', '00000001', '00'].join(''),
    )
    expect(hex(encodeRequest(InitProducerId, 2, 258, null, request)).slice(24, 30)).toBe('ffff00')
  })

  it('can be read back', () => {
    const bytes = Buffer.concat(encodeRequest(InitProducerId, 4, -1, '', request)).subarray(4)
    const { header, body } = decodeRequestHeader(bytes, flexibleFrom)
    expect(header).toEqual({ apiKey: 22, apiVersion: 4, correlationId: -1, clientId: '' })
    expect(decodeRequest(InitProducerId, body)).toEqual(request)
  })

  it('of an unknown API can be read up to the end of its header', () => {
    const { header } = decodeRequestHeader(frame('7fff000900000001ffff'), flexibleFrom)
    expect(header).toEqual({ apiKey: 32_767, apiVersion: 9, correlationId: 1, clientId: null })
  })
})

describe('a response frame', () => {
  it('has a header with tagged fields in flexible versions', () => {
    expect(hex(encodeResponse(InitProducerId, 1, 3, response))).toBe(
      ['00000014', '00000003', '00000000', '0000', '0000000000000005', '0001'].join(''),
    )
    expect(hex(encodeResponse(InitProducerId, 2, 3, response))).toBe(
      ['00000016', '00000003', '00', '00000000', '0000', '0000000000000005', '0001', '00'].join(''),
    )
  })

  it('of ApiVersions has no tagged fields in its header, because its reader does not know the version yet', () => {
    const bytes = hex(encodeResponse(ApiVersions, 3, 9, apiVersions))
    expect(bytes).toBe(
      ['00000013', '00000009', '0000', '02', '0012', '0000', '0004', '00', '00000000', '00'].join(''),
    )
    expect(decodeResponse(ApiVersions, 3, frame(bytes).subarray(4))).toEqual(apiVersions)
  })

  it('of ApiVersions is in version 0 if the broker does not know the version of the request', () => {
    const refusal = { ...apiVersions, errorCode: ErrorCode.UNSUPPORTED_VERSION }
    const bytes = Buffer.concat(encodeResponse(ApiVersions, 0, 9, refusal)).subarray(4)
    expect(() => decodeResponse(ApiVersions, 4, bytes)).toThrow(ProtocolError)
    expect(decodeApiVersionsResponse(4, bytes)).toEqual(refusal)
    const good = Buffer.concat(encodeResponse(ApiVersions, 4, 9, apiVersions)).subarray(4)
    expect(decodeApiVersionsResponse(4, good)).toEqual(apiVersions)
    expect(() => decodeApiVersionsResponse(4, frame('00000009'))).toThrow(ProtocolError)
  })

  it('too short for its correlation id is refused', () => {
    expect(responseCorrelationId(frame('0000010a'))).toBe(266)
    expect(() => responseCorrelationId(frame('000001'))).toThrow('a response frame of 3 bytes')
  })

  it('that cannot be parsed is refused with the API, the version and the position', () => {
    const read = () => decodeResponse(InitProducerId, 1, frame('0000000300000000'))
    expect(read).toThrow(ProtocolError)
    expect(read).toThrow(
      'cannot read InitProducerId v1 response: int16 of 2 bytes where 0 are left, at byte 8 of 8',
    )
    const tooLong = `${hex(encodeResponse(InitProducerId, 1, 3, response)).slice(8)}00`
    expect(() => decodeResponse(InitProducerId, 1, frame(tooLong))).toThrow('1 bytes left over')
    expect(() =>
      decodeRequest(CreateTopics, decodeRequestHeader(frame('0013000200000001ffff'), flexibleFrom).body),
    ).toThrow('cannot read CreateTopics v2 request: ')
  })
})
