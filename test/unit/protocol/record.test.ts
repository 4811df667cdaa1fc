import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../src/errors.js'
import {
  dataSize,
  headersSize,
  type ParsedRecord,
  type RecordHeader,
  RecordReader,
  recordBodySize,
  recordSize,
  recordSizeUpperBound,
  writeRecord,
} from '../../../src/protocol/record.js'

function written(
  timestampDelta: number,
  key: string | null,
  value: Uint8Array | string | null,
  headers: RecordHeader[] | null,
): Buffer {
  const [keySize, valueSize] = [dataSize(key), dataSize(value)]
  const bodySize = recordBodySize(timestampDelta, 2, keySize, valueSize, headersSize(headers))
  const target = Buffer.alloc(recordSize(bodySize) + 2, 0xee)
  const end = writeRecord(target, 1, bodySize, timestampDelta, 2, key, keySize, value, valueSize, headers)
  expect([target[0], target[end], end]).toEqual([0xee, 0xee, target.length - 1])
  return target.subarray(1, end)
}

function readAll(hex: string): ParsedRecord[] {
  const reader = new RecordReader(Buffer.from(hex, 'hex'))
  const records: ParsedRecord[] = []
  while (!reader.atEnd) records.push(reader.next())
  return records
}

describe('a record', () => {
  it('has the bytes that the format describes', () => {
    const headers: RecordHeader[] = [
      ['h', 'é'],
      ['n', null],
    ]
    expect(written(-1, 'k', Buffer.from('vv'), headers).toString('hex')).toBe(
      ['22', '00', '01', '04', '026b', '047676', '04', '0268', '04c3a9', '026e', '01'].join(''),
    )
    expect(written(0, null, null, null).toString('hex')).toBe('0c000004010100')
    expect(written(0, '', '', []).toString('hex')).toBe('0c000004000000')
  })

  it('has U+FFFD for an unpaired surrogate, in short and in long texts', () => {
    expect(dataSize('a\ud800')).toBe(4)
    for (const text of ['\ud800', 'x\udfffy', 'x'.repeat(31), 'x'.repeat(33), `${'x'.repeat(40)}é`]) {
      const [record] = readAll(written(0, null, text, null).toString('hex'))
      expect(record?.value).toEqual(Buffer.from(text, 'utf8'))
    }
  })

  it('takes no more bytes than the upper bound, in any batch', () => {
    const bodySize = recordBodySize(-(2 ** 52), 2 ** 31 - 1, 200, 100_000, 7)
    expect(recordSize(bodySize)).toBeLessThanOrEqual(recordSizeUpperBound(200, 100_000, 7))
    expect(recordSizeUpperBound(-1, -1, 1)).toBe(24)
  })

  it('can be read back with its place in the batch', () => {
    const bytes = written(2 ** 40, 'k', null, null)
    expect(readAll(bytes.toString('hex'))).toEqual([
      { offsetDelta: 2, timestampDelta: 2 ** 40, key: Buffer.from('k'), value: null, headers: [] },
    ])
  })

  it('may be up to 64 bits away from the base timestamp', () => {
    const [record] = readAll(`1e00${'ff'.repeat(9)}0100010100`)
    expect(record?.timestampDelta).toBe(-(2 ** 63))
  })

  it('with more headers than bytes is refused before a header is read', () => {
    expect(() => readAll('0c000004010110')).toThrow('8 headers')
  })

  it.each([
    ['ends before its size', '0e000004010100'],
    ['is longer than its fields', '0e00000401010000'],
    ['has a negative size', '01'],
    ['has a key beyond the end', '0c00000a7f0100'],
    ['has a key of a length below null', '0c000004030100'],
    ['has more headers than bytes', '0c000004010110'],
    ['has a negative number of headers', '0c000004010101'],
    ['has a header without a key', '100000040101020101'],
    ['has an offset of more than 32 bits', '140000ffffffff1f010100'],
    ['has a varint that does not end', `2000${'ff'.repeat(14)}`],
    ['has a timestamp of more than 64 bits', `1e00${'ff'.repeat(9)}0200010100`],
    ['is cut off', '0c0000'],
  ])('that %s is refused', (_, hex) => {
    expect(() => readAll(hex)).toThrow(ProtocolError)
  })
})
