import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { unpacked } from '../../../src/cli/demo/unpacked.js'
import { ProtocolError } from '../../../src/errors.js'
import { RECORD_BATCH_OVERHEAD } from '../../../src/protocol/record-batch.js'

const GZIP = 1
const batch = (records: Buffer) => Buffer.concat([Buffer.alloc(RECORD_BATCH_OVERHEAD), records])

it('decompresses records up to the limit', () => {
  const records = Buffer.alloc(1000, 'a record')
  expect(unpacked(batch(records), 0)).toEqual(records)
  expect(unpacked(batch(gzipSync(records)), GZIP)).toEqual(records)
  expect(unpacked(batch(gzipSync(records)), GZIP, 1000)).toEqual(records)
})

it.each([
  ['larger than the limit', gzipSync(Buffer.alloc(1001)), GZIP, 'they have more than 1000 bytes'],
  ['damaged', gzipSync(Buffer.alloc(10)).subarray(0, 12), GZIP, 'cannot be decompressed'],
  ['of another codec', Buffer.alloc(10), 5, 'cannot be read back: Kafka has no such codec'],
])('refuses records that are %s', (_, records, codec, message) => {
  expect(() => unpacked(batch(records), codec, 1000)).toThrow(message)
  expect(() => unpacked(batch(records), codec, 1000)).toThrow(ProtocolError)
})
