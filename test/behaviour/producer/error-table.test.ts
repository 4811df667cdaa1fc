import { describe, expect, it } from 'vitest'
import { ERROR_CODES } from '../../../src/error-code-table.js'
import { type ErrorCodeEntry, errorCode } from '../../../src/protocol/error-codes.js'
import { producerWorld, type World } from '../../support/producer-world.js'
import { turns } from '../../support/turns.js'

/** Every code of the table, and some unknown ones. */
const codes = [...ERROR_CODES.map(([code]) => code), 134, 9_999, -2, 32_767, -32_768].map(errorCode)
const entries = codes.map((entry) => [`${entry.code} ${entry.name}`, entry] as const)
const those = (...dispositions: readonly string[]) =>
  entries.filter(([, { produce }]) => dispositions.includes(produce))

/** Answers a record with the code, at a leader that knows the producer. */
async function answered({ code }: ErrorCodeEntry): Promise<World> {
  const world = await producerWorld({ retryBackoffMs: 20, deliveryTimeoutMs: 1_000, requestTimeoutMs: 500 })
  world.send('first')
  await turns()
  world.next().answer()
  await turns()
  world.send('a')
  await turns()
  world.next().answerOne({ errorCode: code })
  await turns()
  return world
}

/** The stamp of the next record: producer id, epoch and first sequence. */
async function nextStamp(world: World): Promise<readonly [bigint, number, number]> {
  world.send('next')
  await world.pass(100)
  const { producerId, producerEpoch, baseSequence } = world.next().batch.header
  return [producerId, producerEpoch, baseSequence]
}

describe('a Produce response with the code', () => {
  it.each(those('success', 'duplicate'))('%s: the record is in the log', async (_, entry) => {
    const world = await answered(entry)
    expect(world.told()).toEqual(['first: ok', 'a: ok'])
    expect(world.outcomes[1]?.metadata?.offset).toBe(entry.produce === 'success' ? 0n : -1n)
    expect(await nextStamp(world)).toEqual([1000n, 0, 2])
  })

  it.each(those('retry', 'refresh'))('%s: the same bytes are sent again', async (_, entry) => {
    const world = await answered(entry)
    expect(world.told()).toEqual(['first: ok'])
    expect(world.cluster.updateRequests).toBe(entry.produce === 'refresh' ? 1 : 0)
    await world.pass(100)
    expect(world.next().batch.bytes.equals(world.cluster.sent[1]?.batch.bytes ?? Buffer.alloc(0))).toBe(true)
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['first: ok', 'a: ok'])
  })

  it.each(those('retry', 'refresh'))(
    '%s: a record that times out afterwards says whether it may be in the log',
    async (_, entry) => {
      const world = await answered(entry)
      world.node(1).isThrottled = true
      await world.pass(1_000)
      const error = world.outcomes[1]?.error
      expect(error).toMatchObject({
        code: 'TIMEOUT',
        possiblyPersisted: entry.possiblyPersisted,
        attempts: 1,
      })
      expect(error?.message).toContain(entry.name)
      expect(error?.cause).toMatchObject({ retriable: true, fatal: entry.fatal, abortable: false })
    },
  )

  it.each(those('split'))('%s: a record that is alone in its batch fails', async (_, entry) => {
    const world = await answered(entry)
    expect(world.outcomes[1]?.error).toMatchObject({
      name: 'RecordTooLargeError',
      code: 'RECORD_TOO_LARGE',
      possiblyPersisted: false,
    })
    expect(await nextStamp(world)).toEqual([1000n, 1, 0])
  })

  it.each(those('sequence'))('%s: the record is sent again in the next epoch', async (_, entry) => {
    const world = await answered(entry)
    await world.pass(100)
    expect([world.next().values, world.next().epoch, world.next().sequence]).toEqual([['a'], 1, 0])
    world.next().answer()
    await turns()
    expect(world.told()).toEqual(['first: ok', 'a: ok'])
  })

  it.each(those('newIdentity'))(
    '%s: the record is sent again under another producer id',
    async (_, entry) => {
      const world = await answered(entry)
      await world.pass(100)
      expect(world.next().batch.header).toMatchObject({
        producerId: 1001n,
        producerEpoch: 0,
        baseSequence: 0,
      })
      world.next().answer()
      await turns()
      expect(world.told()).toEqual(['first: ok', 'a: ok'])
    },
  )

  it.each(those('fail'))(
    '%s: the record fails with it, and the next one starts an epoch',
    async (_, entry) => {
      const world = await answered(entry)
      const { name, fatal, possiblyPersisted } = entry
      expect(world.outcomes[1]?.error).toMatchObject({
        code: name === 'RECORD_LIST_TOO_LARGE' ? 'RECORD_TOO_LARGE' : name,
        retriable: false,
        // The code itself says that a transaction is under way.
        abortable: name === 'TRANSACTION_ABORTABLE',
        fatal,
        possiblyPersisted,
        attempts: 1,
        topic: 't',
        partition: 0,
        broker: 'broker:9093 (node 1)',
      })
      expect(await nextStamp(world)).toEqual([1000n, 1, 0])
    },
  )

  it('has a disposition that a test above covers', () => {
    expect(codes.map(({ produce }) => produce).filter((produce) => those(produce).length === 0)).toEqual([])
    const counted = ['success', 'duplicate', 'retry', 'refresh', 'split', 'sequence', 'newIdentity', 'fail']
    expect(those(...counted)).toHaveLength(codes.length)
  })
})
