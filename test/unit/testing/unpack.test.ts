import { describe, expect, test } from 'vitest'
import { codecs } from '../../../src/environment/codecs.js'
import { unpack } from '../../../src/testing/unpack.js'

const first = Buffer.alloc(65_536, 'odradek')
const second = Buffer.alloc(500, 'kafka')

describe('the records of a batch', () => {
  test.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('are those that %s compressed', async (name) => {
    const { number, compress } = codecs[name]
    const compressed = Buffer.from(await compress(second, 3))
    expect(unpack(number, compressed)).toEqual({ kind: 'records', bytes: second })
    expect(unpack(number, Buffer.from('odradek'))).toMatchObject({ kind: 'broken' })
  })

  test('are as they stand without a codec, and unknown with one that Kafka does not have', () => {
    expect(unpack(0, second)).toEqual({ kind: 'records', bytes: second })
    expect(unpack(5, second)).toEqual({ kind: 'unreadable' })
  })

  test.each(['snappy', 'lz4'] as const)('of %s are read up to a broken block', async (name) => {
    const { number, compress } = codecs[name]
    const whole = Buffer.from(await compress(Buffer.concat([first, second]), 9))
    const cut = whole.subarray(0, whole.length - 6)
    expect(unpack(number, cut)).toEqual({ kind: 'broken', bytes: first })
  })
})
