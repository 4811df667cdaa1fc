import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../src/errors.js'
import { Reader } from '../../../src/protocol/reader.js'

const classic = (hex: string, version = 0) => new Reader(Buffer.from(hex, 'hex'), version, false)
const compact = (hex: string, version = 0) => new Reader(Buffer.from(hex, 'hex'), version, true)

describe('Reader', () => {
  it('reads numbers', () => {
    const r = classic('01fefffeffff80000000fffffffffffffffffffffffe3ff0000000000000')
    expect([
      r.boolean(),
      r.int8(),
      r.int16(),
      r.uint16(),
      r.int32(),
      r.uint32(),
      r.int64(),
      r.float64(),
    ]).toEqual([...[true, -2, -2, 65_535, -(2 ** 31), 2 ** 32 - 1, -2n, 1]])
    r.finish()
  })

  it.each([
    ['00', 0],
    ['7f', 127],
    ['8001', 128],
    ['ff7f', 2 ** 14 - 1],
    ['80808001', 2 ** 21],
    ['8080808001', 2 ** 28],
    ['ffffffff0f', 2 ** 32 - 1],
    ['8000', 0],
  ])('reads the unsigned varint %s as %i', (hex, value) => {
    expect(compact(hex).unsignedVarint()).toBe(value)
  })

  it.each(['ffffffff10', 'ffffffff7f', '8080808080', '808080808001', 'ff', ''])(
    'refuses %j as an unsigned varint',
    (hex) => {
      expect(() => compact(hex).unsignedVarint()).toThrow(ProtocolError)
    },
  )

  it('reads classic and compact strings, arrays and bytes', () => {
    expect(classic('000361c3a9').string()).toBe('aé')
    expect(compact('0461c3a9').string()).toBe('aé')
    expect([classic('ffff').nullableString(), compact('00').nullableString()]).toEqual([null, null])
    expect([classic('0000000100000007').int32Array(), compact('0200000007').int32Array()]).toEqual([[7], [7]])
    expect([classic('00000001000161').stringArray(), compact('020261').stringArray()]).toEqual([['a'], ['a']])
    expect([classic('ffffffff').nullableStringArray(), compact('00').nullableStringArray()]).toEqual([
      null,
      null,
    ])
    expect([classic('00000001aa').bytes(), compact('02aa').records()]).toEqual([
      Buffer.of(0xaa),
      Buffer.of(0xaa),
    ])
    expect([classic('ffffffff').nullableBytes(), compact('00').records()]).toEqual([null, null])
    expect(classic('0102030405060708090a0b0c0d0e0f10').uuid()).toBe('AQIDBAUGBwgJCgsMDQ4PEA')
  })

  it.each([
    ['null string', () => classic('ffff').string()],
    ['null compact string', () => compact('00').string()],
    ['string of a negative length', () => classic('fffe').nullableString()],
    ['string beyond the end', () => classic('000261').string()],
    ['compact string beyond the end', () => compact('0361').string()],
    ['compact string of 4 GiB', () => compact('ffffffff0f').string()],
    ['null bytes', () => classic('ffffffff').bytes()],
    ['bytes of a negative length', () => classic('fffffffe').nullableBytes()],
    ['bytes beyond the end', () => classic('7fffffff00').bytes()],
    ['null array', () => classic('ffffffff').int32Array()],
    ['array of a negative count', () => classic('80000000').int32Array()],
    ['array with more items than bytes are left', () => classic('7fffffff00000000').int32Array()],
    ['compact array with more items than bytes are left', () => compact('ffffffff0f00').stringArray()],
    ['int64 beyond the end', () => classic('00000000000000').int64()],
    ['UUID beyond the end', () => classic('00').uuid()],
    ['left-over byte', () => classic('00').finish()],
    ['number of tagged fields beyond the end', () => compact('ffffffff0f').tags()],
    ['tagged field beyond the end', () => compact('01000500').tags()],
    [
      'tagged field not read to its end',
      () => compact('010003000501').taggedFields((_, field) => void field.int8()),
    ],
    [
      'tagged field read beyond its end',
      () => compact('0100010005').taggedFields((_, field) => void field.int16()),
    ],
    ['null where the version has none', () => compact('00', 9).nullableStringFrom(10)],
  ])('refuses a %s', (_, read) => {
    expect(read).toThrow(ProtocolError)
  })

  it('refuses a string longer than Kafka takes even if all its bytes are there', () => {
    const text = Buffer.alloc(32_768, 'x')
    const compactText = Buffer.concat([Buffer.from('818002', 'hex'), text])
    expect(() => new Reader(compactText, 0, true).string()).toThrow('a string of length 32768')
  })

  it('refuses a false count before it reads an item, and a field that reads beyond its end', () => {
    const text = 'an array of 2147483647 items where 4 bytes are left'
    expect(() => classic('7fffffff00000000').int32Array()).toThrow(text)
    const large = () => classic('0000000200000000').array(() => 0, 3)
    expect(large).toThrow('an array of 2 items where 4 bytes are left')
    const beyond = () => compact('0100010005').taggedFields((_, field) => void field.int16())
    expect(beyond).toThrow('int16 of 2 bytes where 1 are left')
  })

  it('names the position at which it stopped', () => {
    const r = classic('00010000')
    r.int16()
    expect(() => r.int32()).toThrow('int32 of 4 bytes where 2 are left, at byte 2 of 4')
  })

  it('gives known tagged fields to the caller and skips the others, in any order', () => {
    const seen: number[] = []
    const r = compact('03' + '05020009' + '01020007' + '0703aabbcc' + '2a')
    r.taggedFields((tag, field) => {
      if (tag !== 7) seen.push(tag, field.int16())
    })
    expect(seen).toEqual([5, 9, 1, 7])
    expect(r.int8()).toBe(42)
  })

  it('has no tagged fields before the flexible versions', () => {
    const r = classic('01')
    r.tags()
    expect(r.remaining).toBe(1)
  })

  it('returns bytes as views of the frame', () => {
    const frame = Buffer.from('02aa', 'hex')
    const view = new Reader(frame, 0, true).bytes()
    frame[1] = 0xbb
    expect(view.toString('hex')).toBe('bb')
  })
})
