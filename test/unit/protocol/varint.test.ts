import { describe, expect, it } from 'vitest'
import {
  unsignedVarintSize,
  varintSize,
  varlongSize,
  writeUnsignedVarint,
  writeVarint,
  writeVarlong,
} from '../../../src/protocol/varint.js'

const INT32_MAX = 2 ** 31 - 1
const INT32_MIN = -(2 ** 31)

function written(write: (target: Uint8Array, offset: number) => number): string {
  const target = Buffer.alloc(16, 0xee)
  const end = write(target, 1)
  expect(target[0]).toBe(0xee)
  expect(target.subarray(end)).toEqual(Buffer.alloc(16 - end, 0xee))
  return target.toString('hex', 1, end)
}

describe('an unsigned varint', () => {
  it.each([
    [0, '00'],
    [1, '01'],
    [127, '7f'],
    [128, '8001'],
    [300, 'ac02'],
    [2 ** 14 - 1, 'ff7f'],
    [2 ** 14, '808001'],
    [2 ** 21 - 1, 'ffff7f'],
    [2 ** 21, '80808001'],
    [2 ** 28 - 1, 'ffffff7f'],
    [2 ** 28, '8080808001'],
    [2 ** 31, '8080808008'],
    [2 ** 32 - 1, 'ffffffff0f'],
  ])('%i is %s', (value, hex) => {
    expect(written((target, offset) => writeUnsignedVarint(target, offset, value))).toBe(hex)
    expect(unsignedVarintSize(value)).toBe(hex.length / 2)
  })
})

describe('a varint', () => {
  it.each([
    [0, '00'],
    [-1, '01'],
    [1, '02'],
    [-2, '03'],
    [63, '7e'],
    [-64, '7f'],
    [64, '8001'],
    [-65, '8101'],
    [8_191, 'fe7f'],
    [-8_192, 'ff7f'],
    [8_192, '808001'],
    [1_048_575, 'feff7f'],
    [1_048_576, '80808001'],
    [134_217_727, 'feffff7f'],
    [134_217_728, '8080808001'],
    [INT32_MAX, 'feffffff0f'],
    [INT32_MIN, 'ffffffff0f'],
  ])('%i is %s', (value, hex) => {
    expect(written((target, offset) => writeVarint(target, offset, value))).toBe(hex)
    expect(varintSize(value)).toBe(hex.length / 2)
    expect(written((target, offset) => writeVarlong(target, offset, value))).toBe(hex)
    expect(varlongSize(value)).toBe(hex.length / 2)
  })
})

describe('a varlong beyond 32 bits', () => {
  it.each([
    [INT32_MAX + 1, '8080808010'],
    [INT32_MIN - 1, '8180808010'],
    [2 ** 34 - 1, 'feffffff7f'],
    [2 ** 34, '808080808001'],
    [-(2 ** 34), 'ffffffff7f'],
    [2 ** 41 - 1, 'feffffffff7f'],
    [2 ** 41, '80808080808001'],
    [2 ** 48, '8080808080808001'],
    [Number.MAX_SAFE_INTEGER, 'feffffffffffff1f'],
    [Number.MIN_SAFE_INTEGER, 'fdffffffffffff1f'],
  ])('%i is %s', (value, hex) => {
    expect(written((target, offset) => writeVarlong(target, offset, value))).toBe(hex)
    expect(varlongSize(value)).toBe(hex.length / 2)
  })
})
