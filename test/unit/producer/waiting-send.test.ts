import { describe, expect, it } from 'vitest'
import { KafkaError } from '../../../src/errors.js'
import type { Accumulator } from '../../../src/producer/accumulator.js'
import { type PreparedRecord, WaitingSend } from '../../../src/producer/waiting-send.js'

function waiting(withCallback = true) {
  const heard: unknown[] = []
  const left: WaitingSend[] = []
  let wakes = 0
  const accumulator = {
    waitingSendLeft: (send: WaitingSend) => left.push(send),
    hooks: {
      undelivered: (error: unknown, original: object) => heard.push(['event', error, original]),
      rethrow: (error: unknown) => heard.push(['thrown', error]),
      wake: () => wakes++,
    },
  } as unknown as Accumulator
  const original = { topic: 't', value: 'x' }
  const record: PreparedRecord = {
    topic: 't',
    key: null,
    keySize: -1,
    value: new Uint8Array(1_000),
    valueSize: 1_000,
    headers: null,
    headersSize: 1,
    timestamp: 0,
    partition: undefined,
    completion: withCallback ? (error) => heard.push(error) : null,
    original,
  }
  return { send: new WaitingSend(accumulator, record, 0, 100, 0), heard, left, original, wakes: () => wakes }
}

const error = new KafkaError('no', { code: 'X' })

describe('WaitingSend', () => {
  it('R13: fails once', () => {
    const { send, heard, left } = waiting()
    send.fail(error)
    send.fail(error)
    expect([heard, left, send.isSettled]).toEqual([[error], [send], true])
    expect(send.withdraw()).toBe(false)
  })

  it('R13: is taken back once, and nobody hears', () => {
    const { send, heard, left, wakes } = waiting()
    expect([send.withdraw(), send.withdraw()]).toEqual([true, false])
    send.fail(error)
    expect([heard, left]).toEqual([[], [send]])
    // Those behind it may have room now.
    expect(wakes()).toBe(1)
  })

  it('without a completion its failure is an event about the caller own object', () => {
    const { send, heard, original } = waiting(false)
    send.fail(error)
    expect(heard).toEqual([['event', error, original]])
  })

  it('holds nothing of its record once it is settled, however long it stays in its queue', () => {
    const { send, original } = waiting()
    send.withdraw()
    expect(send.record.value).toBeNull()
    expect(send.record.original).not.toBe(original)
  })
})
