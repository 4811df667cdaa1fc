import { describe, expect, it } from 'vitest'
import { callPerRecord, oneCallAtATime, type WrittenPartition } from '../../../bench/peers/calls.js'
import { partitioned } from '../../../bench/peers/partitioned.js'
import type { ChaosClient, ChaosRecord, Outcome } from '../../chaos/driver/chaos-client.js'
import { turns } from '../../support/turns.js'

/** A client whose calls the test answers. */
class CalledClient {
  readonly calls: {
    readonly values: readonly string[]
    readonly answer: (written: readonly WrittenPartition[]) => void
    readonly fail: (error: unknown) => void
  }[] = []
  readonly outcomes: string[] = []
  isDisconnected = false

  readonly call = (records: readonly ChaosRecord[]): Promise<readonly WrittenPartition[]> =>
    new Promise((answer, fail) => {
      this.calls.push({ values: records.map(({ value }) => value), answer, fail })
    })

  readonly disconnect = async (): Promise<void> => {
    this.isDisconnected = true
  }

  send(client: ChaosClient, value: string, partition?: number): void {
    const record = { topic: 'orders', value, ...(partition === undefined ? {} : { partition }) }
    client.send(record, (outcome) => this.outcomes.push(`${value}: ${describeOutcome(outcome)}`))
  }
}

function describeOutcome(outcome: Outcome): string {
  return outcome.kind === 'acknowledged'
    ? `${outcome.partition}/${outcome.offset}`
    : `${outcome.code}, ${outcome.possiblyPersisted ? 'possibly' : 'not'} persisted: ${outcome.message}`
}

describe('one call at a time', () => {
  it('sends all records that arrived during the last call with the next call', async () => {
    const called = new CalledClient()
    const client = oneCallAtATime(called.call, called.disconnect)
    called.send(client, 'a')
    called.send(client, 'b')
    await turns()
    called.send(client, 'c', 3)
    called.send(client, 'd')
    await turns()
    expect(called.calls.map(({ values }) => values)).toEqual([['a', 'b']])

    called.calls[0]?.answer([{ partition: 1, baseOffset: 10n }])
    await turns()
    expect(called.calls.map(({ values }) => values)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ])
    called.calls[1]?.answer([
      { partition: 1, baseOffset: 12n },
      { partition: 3, baseOffset: 0n },
    ])
    await client.close()
    // The client does not report the partition of each record. One record named its own.
    expect(called.outcomes).toEqual(['a: -1/-1', 'b: -1/-1', 'c: 3/-1', 'd: -1/-1'])
    expect(called.isDisconnected).toBe(true)
  })

  it('goes on after a failed call, and all its records are possibly persisted', async () => {
    const called = new CalledClient()
    const client = oneCallAtATime(called.call, called.disconnect)
    called.send(client, 'a')
    called.send(client, 'b')
    await turns()
    called.calls[0]?.fail(Object.assign(new Error('gone'), { code: 'ECONNRESET' }))
    await turns()
    called.send(client, 'c')
    await turns()
    called.calls[1]?.answer([{ partition: 1, baseOffset: 7n }])
    await client.close()
    const lost = 'ECONNRESET, possibly persisted: gone'
    expect(called.outcomes).toEqual([`a: ${lost}`, `b: ${lost}`, 'c: 1/7'])
  })
})

describe('a call per record', () => {
  it('waits for no call before the next, and for all of them when it closes', async () => {
    const called = new CalledClient()
    const client = callPerRecord(called.call, called.disconnect)
    for (const value of ['a', 'b', 'c']) called.send(client, value)
    expect(called.calls.map(({ values }) => values)).toEqual([['a'], ['b'], ['c']])
    called.calls[2]?.answer([{ partition: 2, baseOffset: 5n }])
    called.calls[0]?.fail('no error object')
    const closed = client.close()
    await turns()
    expect(called.isDisconnected).toBe(false)
    called.calls[1]?.answer([{ partition: 2, baseOffset: 6n }])
    await closed
    expect(called.outcomes).toEqual([
      'c: 2/5',
      'a: NO_ERROR_OBJECT, possibly persisted: no error object',
      'b: 2/6',
    ])
  })
})

it('records without a partition get one, and records with the same key get the same', () => {
  const called = new CalledClient()
  const settings = { topics: [{ name: 'orders', partitions: 3 }] }
  const places: (number | undefined)[] = []
  const client = partitioned(settings, {
    send: ({ partition }) => places.push(partition),
    close: called.disconnect,
  })
  const ignored = (): void => undefined
  for (let i = 0; i < 4; i++) client.send({ topic: 'orders', value: '' }, ignored)
  client.send({ topic: 'orders', value: '', partition: 2 }, ignored)
  expect(places).toEqual([0, 1, 2, 0, 2])

  for (let i = 0; i < 40; i++) client.send({ topic: 'orders', value: '', key: `key ${i % 20}` }, ignored)
  const keyed = places.slice(5)
  expect(new Set(keyed)).toEqual(new Set([0, 1, 2]))
  expect(keyed.slice(0, 20)).toEqual(keyed.slice(20))
})
