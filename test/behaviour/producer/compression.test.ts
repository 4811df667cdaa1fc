// The rules R1 to R16 are in docs/rules.md.

import { Buffer } from 'node:buffer'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Compress } from '../../../src/environment/environment.js'
import type { KafkaError } from '../../../src/errors.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { RecordReader } from '../../../src/protocol/record.js'
import { RECORD_BATCH_OVERHEAD } from '../../../src/protocol/record-batch.js'
import { producerWorld } from '../../support/producer-world.js'
import type { ScriptedProduce } from '../../support/scripted-produce.js'
import { turns } from '../../support/turns.js'

/** A codec that finishes a batch when the test tells it to. */
function heldCodec(): { compress: Compress; jobs: { finish: () => void; fail: (error: Error) => void }[] } {
  const jobs: { finish: () => void; fail: (error: Error) => void }[] = []
  const compress: Compress = (_codec, _level, bytes) =>
    new Promise((resolve, reject) => {
      jobs.push({ finish: () => resolve(gzipSync(bytes)), fail: reject })
    })
  return { compress, jobs }
}

function valuesOf({ batch }: ScriptedProduce): (string | undefined)[] {
  const reader = new RecordReader(Buffer.from(gunzipSync(batch.bytes.subarray(RECORD_BATCH_OVERHEAD))))
  const values: (string | undefined)[] = []
  while (!reader.atEnd) values.push(reader.next().value?.toString())
  return values
}

const gzip = { compressionType: 'gzip' } as const

describe('compressed batches', () => {
  it('R1: are sent in the order of the sends, with sequences in that order, whichever the codec finishes first', async () => {
    const { compress, jobs } = heldCodec()
    const world = await producerWorld({ ...gzip, batchSize: 0 }, { compress })
    for (const value of ['a', 'b', 'c']) world.send(value)
    await turns()
    expect(jobs.length).toBeGreaterThan(1)
    for (const job of [...jobs].reverse()) job.finish()
    for (let i = 0; i < 6; i++) {
      await turns()
      for (const job of jobs) job.finish()
      world.cluster.requests[0]?.answer()
    }
    await turns()
    expect(world.cluster.sent.flatMap(valuesOf)).toEqual(['a', 'b', 'c'])
    expect(world.cluster.sent.map(({ sequence }) => sequence)).toEqual([0, 1, 2])
    expect(world.cluster.sent.map(({ batch }) => batch.header.attributes)).toEqual([1, 1, 1])
    expect(world.told()).toEqual(['a: ok', 'b: ok', 'c: ok'])
    await world.producer.close()
    expect(world.producer.traffic.heldBytes).toBe(0)
  })

  it('fail alone if the codec fails', async () => {
    const { compress, jobs } = heldCodec()
    const world = await producerWorld({ ...gzip, batchSize: 0 }, { compress })
    world.send('a')
    world.send('b')
    await turns()
    jobs[0]?.fail(new Error('no memory'))
    await turns()
    jobs[1]?.finish()
    await turns()
    expect(world.told()).toEqual(['a: COMPRESSION'])
    expect(world.outcomes[0]?.error).toMatchObject({ topic: 't', partition: 0, possiblyPersisted: false })
    expect(world.outcomes[0]?.error?.message).toContain('no memory')
    expect([valuesOf(world.next()), world.next().sequence]).toEqual([['b'], 0])
  })

  it('are not sent if they are given up meanwhile, and return their memory when the codec ends', async () => {
    const { compress, jobs } = heldCodec()
    const world = await producerWorld(
      { ...gzip, deliveryTimeoutMs: 500, requestTimeoutMs: 100 },
      { compress },
    )
    world.send('a')
    await world.pass(500)
    expect(world.told()).toEqual(['a: TIMEOUT'])
    expect(world.producer.traffic.heldBytes).toBeGreaterThan(0)
    jobs[0]?.finish()
    await turns()
    expect(world.producer.traffic.heldBytes).toBe(0)
    expect(world.cluster.sent).toHaveLength(0)
  })

  it('keep a record whose promise was aborted, and the error says so', async () => {
    const { compress, jobs } = heldCodec()
    const world = await producerWorld(gzip, { compress })
    const controller = new AbortController()
    const { signal } = controller
    const failure = world.producer
      .send({ topic: 't', value: 'a' }, { signal })
      .catch((error: KafkaError) => error)
    await turns()
    controller.abort()
    expect(await failure).toMatchObject({ code: 'ABORTED', possiblyPersisted: true })
    jobs[0]?.finish()
    await turns()
    expect(valuesOf(world.next())).toEqual(['a'])
  })

  it('are split by their records', async () => {
    const world = await producerWorld(gzip, { compress: async (_codec, _level, bytes) => gzipSync(bytes) })
    for (const value of ['a', 'b']) world.send(value)
    await turns()
    world.next().answerOne({ errorCode: ErrorCode.MESSAGE_TOO_LARGE })
    for (let i = 0; i < 2; i++) {
      await turns()
      world.next().answer()
    }
    await turns()
    expect(world.cluster.sent.map(valuesOf)).toEqual([['a', 'b'], ['a'], ['b']])
    expect(world.cluster.sent.map(({ sequence }) => sequence)).toEqual([0, 0, 1])
    expect(world.told()).toEqual(['a: ok', 'b: ok'])
    expect(world.producer.traffic.heldBytes).toBe(0)
  })

  it('report the serialized sizes of key and value in the metadata of a record', async () => {
    const world = await producerWorld(gzip, { compress: async (_codec, _level, bytes) => gzipSync(bytes) })
    world.send('x'.repeat(1_000), { key: 'key', timestamp: 7 })
    await turns()
    world.next().answerOne({ baseOffset: 9n })
    await turns()
    expect(world.outcomes[0]?.metadata).toEqual({
      topic: 't',
      partition: 0,
      offset: 9n,
      timestamp: 7,
      serializedKeySize: 3,
      serializedValueSize: 1_000,
    })
  })
})
