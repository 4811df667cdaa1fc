import type { ProducerRecord } from '../../src/index.js'
import { SeededRandom } from './random.js'

/** A record to send, and the record that the log must have. */
export interface RecordShape {
  readonly record: Omit<ProducerRecord, 'topic' | 'partition'>
  readonly expected: {
    readonly key: Buffer | null
    readonly value: Buffer | null
    readonly headers: readonly (readonly [name: string, value: Buffer | null])[]
  }
}

type Part = RecordShape['expected']['key']

const everyByte: Buffer = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
const longAgo: number = Date.UTC(2001, 8, 9)

/** A record of each kind, large ones and many small ones; the same on each call. */
export function recordShapes(): RecordShape[] {
  const random = new SeededRandom(1915)
  const large = random.bytes(300_000)
  return [
    shape({ key: 'key', value: 'value' }, Buffer.from('key'), Buffer.from('value')),
    shape({ value: 'no key' }, null, Buffer.from('no key')),
    shape({ key: null, value: 'null key' }, null, Buffer.from('null key')),
    shape({ key: 'tombstone', value: null }, Buffer.from('tombstone'), null),
    shape({ key: null, value: null }, null, null),
    shape({ key: '', value: '' }, Buffer.alloc(0), Buffer.alloc(0)),
    shape({ key: new Uint8Array(0), value: new Uint8Array(0) }, Buffer.alloc(0), Buffer.alloc(0)),
    shape({ key: everyByte, value: everyByte }, everyByte, everyByte),
    // A view of a part of a larger buffer, as Uint8Array and as Buffer.
    shape(
      { key: new Uint8Array(everyByte).subarray(100, 200), value: everyByte.subarray(1, 3) },
      everyByte.subarray(100, 200),
      everyByte.subarray(1, 3),
    ),
    shape({ key: 'ключ', value: '糸巻き 🧵 é' }, Buffer.from('ключ'), Buffer.from('糸巻き 🧵 é')),
    // Half of a surrogate pair is no character: UTF-8 has U+FFFD in its place.
    shape({ value: 'a\ud800b' }, null, Buffer.from([0x61, 0xef, 0xbf, 0xbd, 0x62])),
    shape({ value: 'tab\tline\nnul\0end' }, null, Buffer.from('tab\tline\nnul\0end')),
    shape({ value: 'of 2001', timestamp: longAgo }, null, Buffer.from('of 2001')),
    shape({ value: 'of 1970', timestamp: 0 }, null, Buffer.from('of 1970')),
    shape({ value: 'later in 2001', timestamp: longAgo + 1 }, null, Buffer.from('later in 2001')),
    shape(
      {
        value: 'pairs',
        headers: [
          ['b', '2'],
          ['a', everyByte],
          ['b', null],
          ['', ''],
          ['ż', new Uint8Array([7])],
          ['b', '2'],
        ],
      },
      null,
      Buffer.from('pairs'),
      [
        ['b', Buffer.from('2')],
        ['a', everyByte],
        ['b', null],
        ['', Buffer.alloc(0)],
        ['ż', Buffer.from([7])],
        ['b', Buffer.from('2')],
      ],
    ),
    shape(
      { value: 'object', headers: { one: '1', many: ['2', null, everyByte], nothing: undefined } },
      null,
      Buffer.from('object'),
      [
        ['one', Buffer.from('1')],
        ['many', Buffer.from('2')],
        ['many', null],
        ['many', everyByte],
      ],
    ),
    shape({ key: 'large', value: large }, Buffer.from('large'), large),
    ...Array.from({ length: 500 }, (_, index) => {
      const value = random.bytes(random.integer(0, 200))
      return shape({ key: `small ${index}`, value }, Buffer.from(`small ${index}`), value)
    }),
  ]
}

function shape(
  record: RecordShape['record'],
  key: Part,
  value: Part,
  headers: RecordShape['expected']['headers'] = [],
): RecordShape {
  return { record, expected: { key, value, headers } }
}
