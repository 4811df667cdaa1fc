import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../src/errors.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { encodeRequest, encodeResponse } from '../../../src/protocol/frame.js'
import { Metadata } from '../../../src/protocol/metadata.js'
import { ZERO_UUID } from '../../../src/protocol/uuid.js'

const byId = {
  topics: [{ topicId: 'AQIDBAUGBwgJCgsMDQ4PEA', name: null }],
  allowAutoTopicCreation: false,
  includeClusterAuthorizedOperations: false,
  includeTopicAuthorizedOperations: false,
}

const nameless = {
  throttleTimeMs: 0,
  brokers: [],
  clusterId: null,
  controllerId: -1,
  topics: [
    {
      ...{
        errorCode: ErrorCode.UNKNOWN_TOPIC_ID,
        name: null,
        topicId: ZERO_UUID,
        isInternal: false,
        partitions: [],
      },
      topicAuthorizedOperations: -(2 ** 31),
    },
  ],
  clusterAuthorizedOperations: -(2 ** 31),
  errorCode: ErrorCode.NONE,
}

describe('Metadata', () => {
  it('asks for a topic by its id alone from v10 on, and throws in earlier versions', () => {
    expect(() => encodeRequest(Metadata, 10, 1, null, byId)).not.toThrow()
    expect(() => encodeRequest(Metadata, 9, 1, null, byId)).toThrow(ProtocolError)
  })

  it('answers without a name from v12 on, and throws in earlier versions', () => {
    expect(() => encodeResponse(Metadata, 12, 1, nameless)).not.toThrow()
    expect(() => encodeResponse(Metadata, 11, 1, nameless)).toThrow(ProtocolError)
  })
})
