// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { KafkaError } from '../../../../src/errors.js'
import { Slab } from '../../../../src/producer/accumulator/slab.js'
import type { Topic } from '../../../../src/producer/accumulator/topic.js'
import {
  type PreparedRecord,
  WaitingSend,
  waitingBytes,
} from '../../../../src/producer/accumulator/waiting-send.js'
import type { RecordData, RecordHeader } from '../../../../src/protocol/record.js'

const data: Readonly<Record<string, RecordData>> = {
  null: null,
  'an empty string': '',
  'a string': 'text',
  'no bytes': new Uint8Array(0),
  'some bytes': Uint8Array.of(1, 2, 3),
  'many bytes': new Uint8Array(3_000).fill(7),
}
const kinds = Object.keys(data)
const pairs = kinds.flatMap((key) => kinds.map((value) => [key, value] as const))

function sizeOf(given: RecordData): number {
  return given === null ? -1 : given.length
}

function waiting(withCallback = true) {
  const heard: unknown[] = []
  const left: number[] = []
  let wakes = 0
  const accumulator = {
    waitingSendLeft: (bytes: number) => left.push(bytes),
    waitingSlab: new Slab(),
    listener: {
      undelivered: (error: unknown, record: object) => heard.push(['event', error, record]),
      rethrow: (error: unknown) => heard.push(['thrown', error]),
      wake: () => wakes++,
    },
  }
  const topic = { name: 't', accumulator } as unknown as Topic
  const record: PreparedRecord = {
    key: null,
    keySize: -1,
    value: new Uint8Array(1_000),
    valueSize: 1_000,
    headers: null,
    partition: undefined,
    completion: withCallback ? (error) => heard.push(error) : null,
    others: { topic: 't', note: 'mine' },
  }
  return {
    send: new WaitingSend(topic, record, { timestamp: 0, sentAtMs: 0, generation: 0 }),
    heard,
    left,
    wakes: () => wakes,
  }
}

const error = new KafkaError('no', { code: 'UNEXPECTED' })

describe('WaitingSend', () => {
  it.each(pairs)(
    'gives back a key that is %s and a value that is %s, whatever the caller does with its own bytes',
    (kindOfKey, kindOfValue) => {
      const [key = null, value = null] = [data[kindOfKey], data[kindOfValue]]
      const given = [key, value].map((one) => (one instanceof Uint8Array ? Uint8Array.from(one) : one))
      const record: PreparedRecord = {
        key: given[0] ?? null,
        keySize: sizeOf(key),
        value: given[1] ?? null,
        valueSize: sizeOf(value),
        headers: null,
        partition: undefined,
        completion: null,
        others: null,
      }
      const topic = { accumulator: { waitingSlab: new Slab() } } as Topic
      const send = new WaitingSend(topic, record, { timestamp: 0, sentAtMs: 0, generation: 0 })
      for (const bytes of given) if (bytes instanceof Uint8Array) bytes.fill(0xff)
      const plain = (one: RecordData) => (one instanceof Uint8Array ? Uint8Array.from(one) : one)
      expect([plain(send.key), plain(send.value)]).toEqual([key, value])
    },
  )

  it('R13: fails once', () => {
    const { send, heard, left } = waiting()
    send.fail(error)
    send.fail(error)
    expect([heard, left, send.isSettled]).toEqual([[error], [1_000], true])
    expect(send.withdraw()).toBe(false)
  })

  it('R13: is taken back once, and nobody hears', () => {
    const { send, heard, left, wakes } = waiting()
    expect([send.withdraw(), send.withdraw()]).toEqual([true, false])
    send.fail(error)
    expect([heard, left]).toEqual([[], [1_000]])
    // Those behind it may have room now.
    expect(wakes()).toBe(1)
  })

  it('without a completion its failure is an event with the record as it was sent', () => {
    const { send, heard } = waiting(false)
    send.fail(error)
    expect(heard).toEqual([['event', error, { topic: 't', note: 'mine', value: Buffer.alloc(1_000) }]])
  })

  it.each([
    [null, 256],
    [[['a', null]], 256 + 96],
    [
      [
        ['a', 'text'],
        ['b', 'text'],
      ],
      256 + 2 * 96,
    ],
    [[['a', Uint8Array.of(1)]], 256 + 96 + 128],
  ] satisfies [readonly RecordHeader[] | null, number][])(
    'counts the objects of headers %j',
    (headers, bytes) => {
      expect(waitingBytes(10, 10, headers)).toBe(bytes)
    },
  )

  it('holds nothing of its record once it is settled, however long it stays in its queue', () => {
    const { send } = waiting()
    send.withdraw()
    expect([send.key, send.value, send.headers, send.completion, send.others]).toEqual(
      Array.from({ length: 5 }, () => null),
    )
  })
})
