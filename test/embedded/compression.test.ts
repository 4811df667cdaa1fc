import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { nodeEnvironment } from '../../src/environment/node-environment.js'
import { Producer, type ProducerConfig } from '../../src/index.js'
import { EmbeddedCluster } from '../../src/testing/index.js'

const codecs = ['gzip', 'snappy', 'lz4', 'zstd'] as const
const BATCH_SIZE = 16_384
/** The estimate falls by 0.005 with each batch. */
const LEARNING_BATCHES = 220
/** Less than a batch, so that each batch is planned with the ratio of all before it. */
const RECORDS_AT_ONCE = 50

/** Records of about 100 bytes that compress to a part of it. */
function value(number: number): string {
  const noise = Math.imul(number, 0x9e37_79b1).toString(36) + Math.imul(number, 0x85eb_ca6b).toString(36)
  return JSON.stringify({
    id: number,
    noise,
    customer: 'c-1',
    state: 'paid',
    currency: 'EUR',
    items: [1, 2, 3],
  })
}

/**
 * Sends so many full batches to one partition of a new cluster. Returns their sizes
 * before and after compression, in the order of the sends.
 */
async function wireSizes(batches: number, config: Partial<ProducerConfig>, content = value) {
  await using cluster = await EmbeddedCluster.start({ topics: ['orders'] })
  const raw: number[] = []
  const wire: number[] = []
  let underWay = 0
  const producer = new Producer(
    { bootstrapServers: cluster.bootstrapServers, batchSize: BATCH_SIZE, lingerMs: 5_000, ...config },
    {
      ...nodeEnvironment,
      compress: async (codec, level, bytes) => {
        underWay++
        const compressed = await nodeEnvironment.compress(codec, level, bytes)
        raw.push(bytes.length)
        wire.push(compressed.length + 61)
        underWay--
        return compressed
      },
    },
  )
  let sent = 0
  while (raw.length < batches) {
    for (let i = 0; i < RECORDS_AT_ONCE; i++) producer.produce({ topic: 'orders', value: content(sent++) })
    do await nextTurn()
    while (underWay > 0)
  }
  await producer.close()
  expect(cluster.records('orders').map((record) => String(record.value))).toEqual(
    Array.from({ length: sent }, (_, number) => content(number)),
  )
  // The last batch is ended by the close.
  return { raw: raw.slice(0, -1), wire: wire.slice(0, -1) }
}

describe('compressed batches', () => {
  test.each(codecs)(
    'of %s fill batch.size on the wire, once the producer knows the ratio',
    async (compressionType) => {
      const { raw, wire } = await wireSizes(LEARNING_BATCHES, { compressionType })
      expect(raw[0]).toBeLessThan(BATCH_SIZE)
      const late = wire.slice(-20)
      const ratio = (wire.at(-1) ?? 0) / (raw.at(-1) ?? 1)
      // The estimate is at most 0.05 too high, and the plan has a reserve of 5 %.
      expect(Math.min(...late)).toBeGreaterThan((BATCH_SIZE * 0.95 * ratio) / ((ratio + 0.05) * 1.05))
      expect(Math.max(...late)).toBeLessThan(BATCH_SIZE * 1.05)
    },
  )

  test('take at most max.request.size before compression', async () => {
    const config = { compressionType: 'gzip', maxRequestSize: 40_000 } as const
    const { raw } = await wireSizes(LEARNING_BATCHES, config, () => 'x'.repeat(500))
    expect(Math.max(...raw)).toBeLessThanOrEqual(40_000)
    expect(Math.max(...raw)).toBeGreaterThan(39_000)
  })

  test('do not grow while more than half of buffer.memory is taken', async () => {
    const { raw } = await wireSizes(60, { compressionType: 'gzip', bufferMemory: BATCH_SIZE * 2 })
    expect(Math.max(...raw)).toBeLessThanOrEqual(BATCH_SIZE)
  })
})
