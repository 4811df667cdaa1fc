import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../src/errors.js'
import type { Api } from '../../../src/protocol/api.js'
import { ApiVersions } from '../../../src/protocol/api-versions.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { decodeResponse, encodeResponse } from '../../../src/protocol/frame.js'
import { InitProducerId } from '../../../src/protocol/init-producer-id.js'
import { Produce } from '../../../src/protocol/produce.js'
import { ZERO_UUID } from '../../../src/protocol/uuid.js'
import { Chance } from '../../simulation/chance.js'
import { malformed } from '../../simulation/malformed-answers.js'

const produced = {
  topics: [
    {
      name: 'a',
      topicId: ZERO_UUID,
      partitions: [
        {
          index: 0,
          errorCode: ErrorCode.NONE,
          baseOffset: 7n,
          logAppendTimeMs: -1n,
          logStartOffset: 0n,
          recordErrors: [{ batchIndex: 1, message: 'why' }],
          errorMessage: null,
          currentLeader: null,
        },
      ],
    },
  ],
  throttleTimeMs: 0,
  nodeEndpoints: [],
}
const versions = {
  errorCode: ErrorCode.NONE,
  apiKeys: [{ apiKey: 0, minVersion: 3, maxVersion: 12 }],
  throttleTimeMs: 0,
  supportedFeatures: [],
  finalizedFeaturesEpoch: -1n,
  finalizedFeatures: [],
  zkMigrationReady: false,
}

function frameOf<Response>(api: Api<unknown, Response>, version: number, response: Response): Buffer {
  return Buffer.concat(encodeResponse(api, version, 1, response)).subarray(4)
}

function expectUnreadable<Response>(api: Api<unknown, Response>, version: number, frame: Buffer): void {
  const seen = new Set<string>()
  for (let seed = 0; seed < 50; seed++) {
    const changed = malformed(api, version, frame, Chance.of(seed, 'test'))
    if (changed === null) throw new Error('nothing was changed')
    seen.add(changed.toString('hex'))
    expect(changed.readInt32BE(0)).toBe(1)
    expect(() => decodeResponse(api, version, changed)).toThrow(ProtocolError)
  }
  expect(seen.size).toBeGreaterThan(1)
}

describe('a malformed response', () => {
  it.each([3, 8, 9, 11])('to Produce v%i cannot be read, and the error names its API', (version) => {
    expectUnreadable(Produce, version, frameOf(Produce, version, produced))
  })

  it('to ApiVersions cannot be read', () => {
    expectUnreadable(ApiVersions, 4, frameOf(ApiVersions, 4, versions))
  })

  it('is not made from a response without a variable size, or from an unreadable one', () => {
    const id = { throttleTimeMs: 0, errorCode: ErrorCode.NONE, producerId: 1n, producerEpoch: 0 }
    expect(malformed(InitProducerId, 0, frameOf(InitProducerId, 0, id), Chance.of(1, 'test'))).toBeNull()
    expect(malformed(Produce, 9, Buffer.from([0, 0, 0, 1, 0]), Chance.of(1, 'test'))).toBeNull()
  })
})
