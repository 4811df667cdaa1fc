import { ApiVersions, decodeApiVersionsResponse } from '../../../src/protocol/api-versions.js'
import {
  decodeRequest,
  decodeRequestHeader,
  decodeResponse,
  encodeRequest,
  encodeResponse,
} from '../../../src/protocol/frame.js'
import { RecordReader } from '../../../src/protocol/record.js'
import { RECORD_BATCH_OVERHEAD, readRecordBatchHeader } from '../../../src/protocol/record-batch.js'
import { SeededRandom } from '../random.js'
import { ourBatch } from '../record-batch/our-batch.js'
import { randomBatch } from '../record-batch/random-batch.js'
import { schemaNamed } from '../schema/kafka-schemas.js'
import type { MessageSchema } from '../schema/message-schema.js'
import { type AnyApi, ourApis } from '../schema/our-apis.js'
import { toOurForm } from '../schema/our-form.js'
import { randomMessage } from '../schema/random-message.js'

/** A decoder of bytes from the network, and valid examples for it. */
export interface FuzzTarget {
  readonly name: string
  readonly valid: readonly Buffer[]
  read(bytes: Buffer): unknown
}

const EXAMPLES = 12

/**
 * Every decoder of src/protocol for foreign bytes: each version of each API in both directions, and record
 * batches.
 */
export async function fuzzTargets(
  schemas: ReadonlyMap<string, MessageSchema>,
): Promise<readonly FuzzTarget[]> {
  const apis = await ourApis()
  const flexibleFrom = (apiKey: number) => apis.find((api) => api.key === apiKey)?.flexibleFrom
  const random = new SeededRandom(43)
  const targets: FuzzTarget[] = [recordTarget(random), batchHeaderTarget(random)]
  for (const api of apis) {
    for (let version = api.versions[0]; version <= api.versions[1]; version++) {
      const messages = (kind: 'Request' | 'Response') => examples(random, schemas, api, kind, version)
      targets.push({
        name: `${api.name}Request v${version}`,
        valid: messages('Request').map((value) => unsized(encodeRequest(api, version, 7, 'fuzz', value))),
        read: (bytes) => {
          const { header, body } = decodeRequestHeader(bytes, flexibleFrom)
          const named = apis.find(({ key }) => key === header.apiKey) ?? api
          return decodeRequest(named, body)
        },
      })
      targets.push({
        name: `${api.name}Response v${version}`,
        valid: messages('Response').map((value) => unsized(encodeResponse(api, version, 7, value))),
        read: (bytes) =>
          api.key === ApiVersions.key
            ? decodeApiVersionsResponse(version, bytes)
            : decodeResponse(api, version, bytes),
      })
    }
  }
  return targets
}

function examples(
  random: SeededRandom,
  schemas: ReadonlyMap<string, MessageSchema>,
  api: AnyApi,
  kind: 'Request' | 'Response',
  version: number,
): unknown[] {
  const schema = schemaNamed(schemas, `${api.name}${kind}`)
  const ours = { from: api.versions[0], to: api.versions[1] }
  // An ApiVersions response with error 35 is in version 0 for any request, and so is no example of its
  // version.
  const message = () => {
    const value = randomMessage(random, schema, version)
    return 'ErrorCode' in value ? { ...value, ErrorCode: 0 } : value
  }
  return Array.from({ length: EXAMPLES }, () => toOurForm(schema, ours, message()))
}

function recordTarget(random: SeededRandom): FuzzTarget {
  return {
    name: 'records',
    valid: batches(random).map((batch) => batch.subarray(RECORD_BATCH_OVERHEAD)),
    read: (bytes) => {
      const reader = new RecordReader(bytes)
      const records: unknown[] = []
      while (!reader.atEnd) records.push(reader.next())
      return records
    },
  }
}

function batchHeaderTarget(random: SeededRandom): FuzzTarget {
  return { name: 'record batch header', valid: batches(random), read: readRecordBatchHeader }
}

function batches(random: SeededRandom): Buffer[] {
  return Array.from({ length: EXAMPLES * 4 }, () => ourBatch(randomBatch(random)))
}

function unsized(chunks: readonly Uint8Array[]): Buffer {
  return Buffer.concat(chunks).subarray(4)
}
