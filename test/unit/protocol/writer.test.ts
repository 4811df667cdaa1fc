import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../src/errors.js'
import { ZERO_UUID } from '../../../src/protocol/uuid.js'
import { Writer } from '../../../src/protocol/writer.js'

function hex(write: (w: Writer) => void, flexible = false, version = 0): string {
  const w = new Writer(version, flexible)
  write(w)
  const { length } = w
  const bytes = Buffer.concat(w.finish())
  expect(bytes.length).toBe(length)
  return bytes.toString('hex')
}

const both = (write: (w: Writer) => void) => [hex(write), hex(write, true)]

describe('Writer', () => {
  it('writes numbers as Kafka does, most significant byte first', () => {
    const numbers = hex((w) => {
      w.boolean(true)
      w.int8(-2)
      w.int16(-2)
      w.uint16(65_535)
      w.int32(-2)
      w.uint32(4_294_967_295)
      w.int64(-2n)
      w.float64(1)
    })
    expect(numbers).toBe(
      ['01', 'fe', 'fffe', 'ffff', 'fffffffe', 'ffffffff', 'fffffffffffffffe', '3ff0000000000000'].join(''),
    )
  })

  it('writes strings behind a classic or a compact length', () => {
    expect(both((w) => w.string(''))).toEqual(['0000', '01'])
    expect(both((w) => w.string('aé'))).toEqual(['000361c3a9', '0461c3a9'])
    expect(both((w) => w.nullableString(null))).toEqual(['ffff', '00'])
    expect(both((w) => w.string('x'.repeat(127))).map((text) => text.slice(0, 6))).toEqual([
      '007f78',
      '800178',
    ])
  })

  it('writes arrays and bytes behind a classic or a compact count', () => {
    expect(both((w) => w.int32Array([7]))).toEqual(['0000000100000007', '0200000007'])
    expect(both((w) => w.stringArray([]))).toEqual(['00000000', '01'])
    expect(both((w) => w.nullableStringArray(null))).toEqual(['ffffffff', '00'])
    expect(both((w) => w.nullableStringArray(['a']))).toEqual(['00000001000161', '020261'])
    expect(both((w) => w.bytes(Buffer.from('ab')))).toEqual(['000000026162', '036162'])
    expect(both((w) => w.nullableBytes(null))).toEqual(['ffffffff', '00'])
    expect(both((w) => w.records(null))).toEqual(['ffffffff', '00'])
  })

  it('writes UUIDs as 16 bytes, and refuses other text', () => {
    expect(hex((w) => w.uuid(ZERO_UUID))).toBe('00'.repeat(16))
    expect(hex((w) => w.uuid('AQIDBAUGBwgJCgsMDQ4PEA'))).toBe('0102030405060708090a0b0c0d0e0f10')
    expect(() => new Writer(0, false).uuid('short')).toThrow("not a UUID in Kafka's form")
  })

  it('writes tagged fields in flexible versions only, and leaves out defaults', () => {
    const fields = (w: Writer) =>
      w.taggedFields([
        [0, null],
        [1, (field) => field.string('ab')],
        [300, (field) => field.int16(5)],
      ])
    expect(both(fields)).toEqual(['', '02010303' + '6162' + 'ac02020005'])
    expect(both((w) => w.tags())).toEqual(['', '00'])
  })

  it('keeps records by reference between the bytes before and after them', () => {
    const records = Buffer.from('cafe', 'hex')
    const w = new Writer(9, true)
    w.int8(1)
    w.records(records)
    w.int8(2)
    const chunks = w.finish()
    expect(chunks[1]).toBe(records)
    expect(Buffer.concat(chunks).toString('hex')).toBe('0103cafe02')
  })

  it('grows over many blocks without losing a byte', () => {
    const text = 'text'.repeat(300)
    const all = hex((w) => {
      for (let i = 0; i < 40; i++) {
        w.string(text)
        w.int8(i)
      }
    })
    const one = `04b0${Buffer.from(text).toString('hex')}`
    expect(all).toBe(Array.from({ length: 40 }, (_, i) => one + i.toString(16).padStart(2, '0')).join(''))
  })

  it('refuses a string longer than Kafka takes, in either form', () => {
    expect(hex((w) => w.string('x'.repeat(32_767))).slice(0, 6)).toBe('7fff78')
    for (const flexible of [false, true]) {
      expect(() => new Writer(0, flexible).string('x'.repeat(32_768))).toThrow(ProtocolError)
    }
  })

  it('refuses null in a version that has no null', () => {
    expect(hex((w) => w.nullableStringFrom(10, null), true, 10)).toBe('00')
    expect(() => new Writer(9, true).nullableStringFrom(10, null)).toThrow(
      'null where version 9 needs a string',
    )
  })
})
