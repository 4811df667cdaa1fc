import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { crc32c } from '../../src/protocol/crc32c.js'
import { CreateTopics } from '../../src/protocol/create-topics.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { InitProducerId } from '../../src/protocol/init-producer-id.js'
import { setBaseOffset } from '../../src/protocol/record-batch.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { describeWithKafka } from '../support/kafka/describe-kafka.js'
import { isAtLeast } from '../support/kafka/tools.js'
import { connectToLeader } from '../support/leader-connection.js'
import { type ProduceOne, produceOne } from '../support/produce-request.js'
import { RawConnection } from '../support/raw-connection.js'
import { numbered, recordBatch, stamp, type TestBatch } from '../support/record-batches.js'

// The embedded cluster stands in for Kafka in most of our tests, so it must judge as Kafka judges. Both get
// the same bytes here.

interface Step extends ProduceOne {
  readonly records: Buffer | null
}

const plain = (count = 2, options: TestBatch = {}): Buffer => recordBatch(numbered(count), options)
const idempotent = (sequence: number, count = 1, epoch = 0): Step => ({
  records: plain(count, { stamp: stamp(4_711n, epoch, sequence) }),
})

function changed(change: (batch: Buffer) => void): Step {
  const records = plain()
  change(records)
  return { records }
}

function resealed(change: (batch: Buffer) => void): Step {
  return changed((batch) => {
    change(batch)
    batch.writeUInt32BE(crc32c(batch.subarray(21)), 17)
  })
}

const compacted = { 'cleanup.policy': 'compact' }
const logAppendTime = { 'message.timestamp.type': 'LogAppendTime' }

/** Each is sent to a topic of its own, step by step. */
const scenarios: readonly (readonly [
  what: string,
  steps: readonly Step[],
  config?: Record<string, string>,
])[] = [
  [
    'valid batches',
    [{ records: plain() }, { records: plain(3), acks: 1 }, { records: plain(9, { gzip: true }) }],
  ],
  // Null records are left out: Kafka never answers them, 4.4 neither.
  ['no records', [{ records: Buffer.alloc(0) }]],
  ['a batch cut off', [{ records: plain().subarray(0, 70) }, { records: plain().subarray(0, 10) }]],
  ['two batches', [{ records: Buffer.concat([plain(), plain()]) }]],
  ['bytes behind the batch', [{ records: Buffer.concat([plain(), Buffer.alloc(11)]) }]],
  [
    'magic',
    [
      changed((b) => b.writeInt8(1, 16)),
      changed((b) => b.writeInt8(3, 16)),
      changed((b) => b.writeInt8(0, 16)),
    ],
  ],
  ['lengths', [changed((b) => b.writeInt32BE(5, 8)), changed((b) => b.writeInt32BE(40, 8))]],
  ['a flipped bit', [changed((b) => b.writeUInt8((b.at(-1) ?? 0) ^ 1, b.length - 1))]],
  ['a base offset', [changed((b) => setBaseOffset(b, 5n))]],
  ['a leader epoch, which is overwritten', [changed((b) => b.writeInt32BE(12, 12))]],
  ['offset deltas', [resealed((b) => b.writeInt32BE(7, 23)), resealed((b) => b.writeInt32BE(-1, 23))]],
  [
    'record counts',
    [
      resealed((b) => b.writeInt32BE(0, 57)),
      resealed((b) => b.writeInt32BE(-1, 57)),
      { records: plain(2, { recordCount: 3 }) },
      { records: plain(2, { recordCount: 1 }) },
      { records: plain(2, { recordCount: 3, gzip: true }) },
      { records: plain(2, { recordCount: 1, gzip: true }) },
    ],
  ],
  ['a control batch', [resealed((b) => b.writeInt16BE(0x20, 21))]],
  ['a producer id without a sequence', [{ records: plain(1, { stamp: stamp(1n, 0, -1) }) }]],
  [
    'a record that lies about its size',
    [resealed((b) => b.writeUInt8(2, 61)), resealed((b) => b.writeUInt8(0x7f, 61))],
  ],
  ['a record with attributes', [resealed((b) => b.writeUInt8(0xff, 62))]],
  ['a record with a negative header count', [resealed((b) => b.writeUInt8(1, b.length - 1))]],
  ['a record with a header count beyond its end', [resealed((b) => b.writeUInt8(2, b.length - 1))]],
  ['broken gzip', [{ records: plain(2, { compression: 1 }) }]],
  ['unknown codecs', [{ records: plain(2, { compression: 5 }) }, { records: plain(2, { compression: 7 }) }]],
  ['zstd before v7', [{ records: plain(2, { compression: 4 }), version: 6 }]],
  [
    'unused attribute bits',
    [resealed((b) => b.writeInt16BE(0x40, 21)), resealed((b) => b.writeInt16BE(0x4000, 21))],
  ],
  ['a wrong highest timestamp', [{ records: plain(2, { maxTimestamp: 5 }) }]],
  ['the timestamp type bit', [resealed((b) => b.writeInt16BE(0x08, 21))]],
  ['the timestamp type bit with LogAppendTime', [resealed((b) => b.writeInt16BE(0x08, 21))], logAppendTime],
  ['LogAppendTime', [{ records: plain() }, idempotent(0), idempotent(0)], logAppendTime],
  [
    'timestamps out of range',
    [
      {
        records: recordBatch([
          { value: 'a', timestamp: Date.now() },
          { value: 'b', timestamp: 5 },
        ]),
      },
      { records: recordBatch([{ value: 'a', timestamp: -1 }]) },
      { records: recordBatch([{ value: 'a', timestamp: Date.now() + 9_000_000 }]) },
    ],
    { 'message.timestamp.before.max.ms': '1000', 'message.timestamp.after.max.ms': '1000' },
  ],
  [
    'keys in a compacted topic',
    [
      { records: plain() },
      { records: recordBatch([{ key: 'a' }, { value: 'x' }, { key: 'c' }, { value: 'y' }]) },
      { records: recordBatch([{ key: 'a' }, { value: 'x' }], { gzip: true }) },
    ],
    compacted,
  ],
  ['max.message.bytes', [{ records: plain(1) }, { records: plain(50) }], { 'max.message.bytes': '200' }],
  [
    'min.insync.replicas above the number of replicas',
    [{ records: plain(1) }],
    { 'min.insync.replicas': '2' },
  ],
  [
    'acks',
    [
      { records: plain(1), acks: 2 },
      { records: plain(1), acks: -2 },
    ],
  ],
  [
    'partitions',
    [
      { records: plain(1), partition: 7 },
      { records: plain(1), partition: -1 },
    ],
  ],
  [
    'sequences in order and repeated',
    [idempotent(0, 3), idempotent(3, 2), idempotent(0, 3), idempotent(3, 2), idempotent(5)],
  ],
  ['a repetition of other size', [idempotent(0, 3), idempotent(0, 2), idempotent(1, 2), idempotent(3)]],
  ['gaps', [idempotent(0), idempotent(2), idempotent(1)]],
  ['any first sequence', [idempotent(17), idempotent(16), idempotent(18)]],
  [
    'epochs',
    [
      idempotent(0),
      idempotent(1, 1, 1),
      idempotent(0, 1, 1),
      idempotent(1, 1, 0),
      idempotent(0, 1, 0),
      idempotent(0, 1, 1),
      idempotent(1, 1, 1),
    ],
  ],
  [
    'the window of five batches',
    [
      ...Array.from({ length: 6 }, (_, sequence) => idempotent(sequence)),
      ...Array.from({ length: 6 }, (_, sequence) => idempotent(5 - sequence)),
      idempotent(6),
    ],
  ],
  [
    'sequences that go round between batches',
    [idempotent(2_147_483_646, 2), idempotent(0), idempotent(2_147_483_646, 2)],
  ],
  [
    'sequences that go round within a batch',
    [idempotent(2_147_483_646, 4), idempotent(2), idempotent(2_147_483_646, 4)],
  ],
  [
    'a broken batch does not count',
    [
      { records: plain(1, { stamp: stamp(9n, 0, 0), compression: 1 }) },
      { records: plain(1, { stamp: stamp(9n, 0, 0) }) },
    ],
  ],
  [
    'negative ids',
    [{ records: plain(1, { stamp: stamp(-2n, 0, 0) }) }, { records: plain(1, { stamp: stamp(-2n, 0, -1) }) }],
  ],
  [
    'a negative epoch',
    [{ records: plain(1, { stamp: stamp(3n, -1, 0) }) }, { records: plain(1, { stamp: stamp(3n, -1, 1) }) }],
  ],
]

/** What both must agree on; the texts of the messages are their own. */
async function play(connection: RawConnection, topic: string, steps: readonly Step[]): Promise<unknown[]> {
  const results: unknown[] = []
  for (const { records, ...options } of steps) {
    const result = await produceOne(connection, records, { ...options, topic })
    results.push({
      errorCode: result.errorCode,
      baseOffset: result.baseOffset,
      logStartOffset: result.logStartOffset,
      // Two clocks never agree to the millisecond.
      logAppendTime: result.logAppendTimeMs > 1_700_000_000_000n ? 'now' : result.logAppendTimeMs,
      recordErrors: result.recordErrors.map(({ batchIndex }) => batchIndex),
    })
  }
  return results
}

async function createTopic(
  connection: RawConnection,
  topic: string,
  config: Record<string, string>,
): Promise<void> {
  const configs = Object.entries(config).map(([name, value]) => ({ name, value }))
  const { topics } = await connection.request(CreateTopics, 5, {
    topics: [{ name: topic, numPartitions: 1, replicationFactor: 1, assignments: [], configs }],
    timeoutMs: 30_000,
    validateOnly: false,
  })
  expect(topics[0]).toMatchObject({ errorCode: ErrorCode.NONE })
}

describeWithKafka('the embedded cluster answers as Kafka does', (kafka) => {
  let embedded: EmbeddedCluster
  const suffix = randomBytes(4).toString('hex')

  beforeAll(async () => {
    embedded = await EmbeddedCluster.start()
  })
  afterAll(() => embedded.close())

  async function judge(
    servers: string,
    steps: readonly Step[],
    topic: string,
    config: Record<string, string>,
  ): Promise<unknown[]> {
    const first = await RawConnection.openAt(servers)
    await createTopic(first, topic, config)
    const leader = await connectToLeader(first, topic)
    try {
      return await play(leader, topic, steps)
    } finally {
      await first.close()
      await leader.close()
    }
  }

  // Kafka's defaults and some of its codes were others before 4.0; it is the 4.x line that the embedded
  // cluster follows.
  describe.skipIf(!isAtLeast(kafka.version, '4.0'))('to Produce (Kafka 4.0 and later)', () => {
    test.each(scenarios.map(([what, steps, config = {}], i) => ({ what, steps, config, i })))(
      '$what',
      async ({ steps, config, i }) => {
        const topic = `judged-${i}-${suffix}`
        const theirs = await judge(kafka.bootstrapServers.join(','), steps, topic, config)
        expect(await judge(embedded.bootstrapServers, steps, topic, config)).toEqual(theirs)
      },
    )
  })

  test('to InitProducerId', async () => {
    const ask = async (servers: string) => {
      const connection = await RawConnection.openAt(servers)
      const answers: unknown[] = []
      for (const [producerId, producerEpoch, transactionalId] of [
        [-1n, -1, null],
        [4n, -1, null],
        [-1n, 3, null],
        [4n, 3, null],
        [-1n, -1, ''],
      ] as const) {
        const request = { transactionalId, transactionTimeoutMs: 60_000, producerId, producerEpoch }
        let answer = await connection.request(InitProducerId, 4, request)
        // A broker that has just started has no ids to give yet.
        while (answer.errorCode === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS)
          answer = await connection.request(InitProducerId, 4, request)
        answers.push([answer.errorCode, answer.producerEpoch, answer.producerId >= 0n])
      }
      await connection.close()
      return answers
    }
    expect(await ask(embedded.bootstrapServers)).toEqual(await ask(kafka.bootstrapServers[0] ?? ''))
  })
})
