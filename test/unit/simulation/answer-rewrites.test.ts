import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { ApiVersions, type ApiVersionsResponse } from '../../../src/protocol/api-versions.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { decodeResponse, encodeRequest, encodeResponse } from '../../../src/protocol/frame.js'
import type { AcceptedSocketListener, Listen } from '../../../src/testing/index.js'
import { AnswerRewrites, rewriteOf } from '../../simulation/answer-rewrites.js'

const VERSION = 3
const TRUTH: ApiVersionsResponse = {
  errorCode: ErrorCode.NONE,
  apiKeys: [],
  throttleTimeMs: 0,
  supportedFeatures: [],
  finalizedFeaturesEpoch: -1n,
  finalizedFeatures: [],
  zkMigrationReady: false,
}
const MATCH = { api: ApiVersions, skip: 0, times: 1 }
const slow = rewriteOf(ApiVersions, (response) => ({ ...response, throttleTimeMs: 5 }))

/** A broker that answers every request correctly, and the responses that a client reads. */
async function brokerBehind(
  rewrites: AnswerRewrites,
): Promise<(correlationId: number) => { correlationId: number; throttleTimeMs: number }> {
  let written: Buffer = Buffer.alloc(0)
  let client: AcceptedSocketListener | null = null
  const listen: Listen = async (port, accept) => {
    client = accept({
      write: (chunks) => {
        written = Buffer.concat(chunks)
      },
      end: () => undefined,
      destroy: () => undefined,
    })
    return { host: 'broker', port, close: async () => undefined }
  }
  await rewrites.watched(listen)(1, (socket) => ({
    received: (chunk) => socket.write(encodeResponse(ApiVersions, VERSION, chunk.readInt32BE(8), TRUTH)),
    closed: () => undefined,
  }))
  return (correlationId) => {
    const request = { clientSoftwareName: 'a', clientSoftwareVersion: '1' }
    client?.received(Buffer.concat(encodeRequest(ApiVersions, VERSION, correlationId, null, request)))
    expect(written.readInt32BE(0)).toBe(written.length - 4)
    const { throttleTimeMs } = decodeResponse(ApiVersions, VERSION, written.subarray(4))
    return { correlationId: written.readInt32BE(4), throttleTimeMs }
  }
}

describe('rewritten responses', () => {
  it('are those that match, as often as was asked for', async () => {
    const rewrites = new AnswerRewrites()
    const ask = await brokerBehind(rewrites)
    const fault = rewrites.add({ ...MATCH, skip: 1, times: 2 }, slow)
    const heard = [1, 2, 3, 4].map((id) => ask(id))
    expect(heard.map(({ correlationId }) => correlationId)).toEqual([1, 2, 3, 4])
    expect(heard.map(({ throttleTimeMs }) => throttleTimeMs)).toEqual([0, 5, 5, 0])
    expect(fault.hits).toBe(2)
  })

  it('end when the fault is removed', async () => {
    const rewrites = new AnswerRewrites()
    const ask = await brokerBehind(rewrites)
    rewrites.add(MATCH, slow).remove()
    expect(ask(1).throttleTimeMs).toBe(0)
  })

  it('do not count if nothing could be changed', async () => {
    const rewrites = new AnswerRewrites()
    const ask = await brokerBehind(rewrites)
    const fault = rewrites.add(
      MATCH,
      rewriteOf(ApiVersions, () => null),
    )
    expect(ask(1).throttleTimeMs).toBe(0)
    expect(fault.hits).toBe(0)
  })
})
