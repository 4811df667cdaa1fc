import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { KafkaError } from '../../src/index.js'
import {
  type AfterCut,
  type ByteCutOptions,
  recordsOfOneRequest,
  sendAcrossCut,
} from '../support/byte-cut.js'
import { VirtualBrokers } from '../support/virtual-brokers.js'

const PRODUCE_KEY = 0
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b, 0x08])

/**
 * `partition/offset value` of a log in which every record of the request is once, or none is, between one
 * before and one after it.
 */
function logWith(partitions: number, isAppended: boolean): string[] {
  return Array.from({ length: partitions }, (_, partition) => {
    const own = recordsOfOneRequest(partitions).filter((record) => record.partition === partition)
    const values = ['before', ...(isAppended ? own.map(({ value }) => value) : []), 'after']
    return values.map((value, offset) => `${partition}/${offset} ${value}`)
  }).flat()
}

function told({ outcomes }: AfterCut): string[] {
  return outcomes.map((outcome) => {
    if (outcome.status === 'fulfilled') return `${outcome.value.partition}/${outcome.value.offset}`
    const error: unknown = outcome.reason
    if (!(error instanceof KafkaError)) return String(error)
    return `${error.name} ${error.possiblyPersisted ? 'possibly' : 'not'} persisted`
  })
}

/** Both frames as they are when nothing is cut. */
async function measured(options: ByteCutOptions): Promise<{ request: Buffer; response: Buffer }> {
  const { arrived, wasCut, batchesRead, outcomes, log } = await sendAcrossCut(options, null)
  expect([wasCut, batchesRead]).toEqual([false, options.partitions])
  expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'fulfilled'))
  expect(log).toEqual(logWith(options.partitions, true))
  const { toBroker: request, toClient: response } = arrived
  expect([request.readInt32BE(0) + 4, request.readInt16BE(4)]).toEqual([request.length, PRODUCE_KEY])
  expect(request.includes(GZIP_MAGIC)).toBe(options.compressionType === 'gzip')
  expect(response.readInt32BE(0) + 4).toBe(response.length)
  expect(response.readInt32BE(4)).toBe(request.readInt32BE(8))
  return { request, response }
}

function acknowledged(partitions: number): string[] {
  return recordsOfOneRequest(partitions).map(
    ({ partition }, i) => `${partition}/${1 + Math.floor(i / partitions)}`,
  )
}

const shapes = [
  { what: 'two partitions in one request', compressionType: 'none', partitions: 2 },
  { what: 'one partition, gzip', compressionType: 'gzip', partitions: 1 },
] as const

/** Cuts behind every byte of both frames, and lets each be judged. */
async function sweep(
  options: ByteCutOptions,
  judge: (after: AfterCut, where: string, cameWhole: boolean, wasAnswered: boolean) => void,
): Promise<void> {
  const { request, response } = await measured(options)
  const cuts = [
    ...Array.from(
      { length: request.length + 1 },
      (_, atByte) => ({ direction: 'toBroker', atByte }) as const,
    ),
    ...Array.from(
      { length: response.length + 1 },
      (_, atByte) => ({ direction: 'toClient', atByte }) as const,
    ),
  ]
  const arrivedAtMost = { toBroker: 0, toClient: 0 }
  let hits = 0
  for (const cut of cuts) {
    const { direction, atByte } = cut
    const frame = direction === 'toBroker' ? request : response
    const after = await sendAcrossCut(options, cut)
    const where = `${direction} ${atByte} of ${frame.length}`
    const { toBroker, toClient } = after.arrived
    expect(toBroker, where).toEqual(direction === 'toBroker' ? request.subarray(0, atByte) : request)
    expect(toClient, where).toEqual(direction === 'toBroker' ? Buffer.alloc(0) : response.subarray(0, atByte))
    expect(after.wasCut, where).toBe(true)
    hits++
    arrivedAtMost[direction] = Math.max(arrivedAtMost[direction], after.arrived[direction].length)
    const cameWhole = direction === 'toClient' || atByte === frame.length
    judge(after, where, cameWhole, direction === 'toClient' && atByte === frame.length)
  }
  expect(arrivedAtMost).toEqual({ toBroker: request.length, toClient: response.length })
  expect(hits).toBe(request.length + 1 + response.length + 1)
}

describe.each(shapes)(
  'a connection cut at every byte of a Produce request and of its response ($what)',
  (shape) => {
    const { partitions } = shape

    it('costs nothing with retries: each record is in the log once, in order, at the offset that was told', async () => {
      await sweep({ ...shape, retries: 2_147_483_647 }, (after, where, cameWhole, wasAnswered) => {
        expect(told(after), where).toEqual(acknowledged(partitions))
        expect(after.log, where).toEqual(logWith(partitions, true))
        const timesRead = cameWhole && !wasAnswered ? 2 : 1
        expect(after.batchesRead, where).toBe(timesRead * partitions)
      })
    })

    it('without retries all that was written may be in the log; it is there if the request came whole', async () => {
      const unknown = acknowledged(partitions).map(() => 'NetworkError possibly persisted')
      await sweep({ ...shape, retries: 0 }, (after, where, cameWhole, wasAnswered) => {
        expect(told(after), where).toEqual(wasAnswered ? acknowledged(partitions) : unknown)
        expect(after.log, where).toEqual(logWith(partitions, cameWhole))
        expect(after.batchesRead, where).toBe(cameWhole ? partitions : 0)
      })
    })
  },
)

it('what could not be written before its time was over is certainly not in the log', async () => {
  const brokers = await VirtualBrokers.start(1, 't', 1)
  const { cluster, network } = brokers
  const producer = brokers.producer({
    retries: 0,
    lingerMs: 0,
    deliveryTimeoutMs: 5_000,
    requestTimeoutMs: 4_000,
  })
  const send = (value: string) => producer.send({ topic: 't', partition: 0, value })
  await brokers.ended(send('before'))
  network.refuses = true
  for (const link of network.links()) link.reset()
  await brokers.pass(10)
  const [outcome] = await brokers.ended(Promise.allSettled([send('never written')]))
  expect(outcome).toMatchObject({
    status: 'rejected',
    reason: { name: 'TimeoutError', phase: 'queue', attempts: 0, possiblyPersisted: false },
  })
  network.heal()
  await brokers.ended(send('after'))
  await brokers.ended(producer.close())
  await cluster.close()
  expect(cluster.records('t').map(({ value }) => value?.toString())).toEqual(['before', 'after'])
})
