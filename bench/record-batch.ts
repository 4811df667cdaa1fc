import { Buffer } from 'node:buffer'
import { performance } from 'node:perf_hooks'
import { Batch } from '../src/producer/accumulator/batch.js'
import { encodeRequest } from '../src/protocol/frame.js'
import { Produce } from '../src/protocol/produce.js'

/**
 * The cost of a record between `send` and the socket: its append, the sealing of its batch with the checksum,
 * and the encoding of the request.
 */

const BATCH_SIZE = Number(process.argv[2] ?? 16_384)
const ROUNDS = 7
const RECORDS = 2_000_000

interface Shape {
  readonly name: string
  readonly key: string | Buffer | null
  readonly value: string | Buffer
}

const shapes: readonly Shape[] = [
  { name: '100 B bytes', key: null, value: Buffer.alloc(100, 'x') },
  { name: '100 B string', key: null, value: 'x'.repeat(100) },
  { name: '100 B bytes, string key', key: 'customer-1234', value: Buffer.alloc(100, 'x') },
  { name: '1,000 B bytes', key: null, value: Buffer.alloc(1_000, 'x') },
]

function newBatch(buffer: Buffer): Batch {
  return new Batch(buffer, {
    limit: BATCH_SIZE,
    baseTimestamp: 1_700_000_000_000,
    createdAtMs: 0,
    generation: 0,
    order: 0,
    orderWidth: 1,
    returned: () => {},
  })
}

/**
 * The nanoseconds per record for appending, for sealing with the header and its checksum, and for encoding
 * requests of six batches.
 */
function run(shape: Shape, records: number): { append: number; seal: number; encode: number } {
  const { key, value } = shape
  const keySize = key === null ? -1 : key.length
  const valueSize = value.length
  const buffers = Array.from({ length: 6 }, () => Buffer.allocUnsafeSlow(BATCH_SIZE))
  let append = 0
  let seal = 0
  let encode = 0
  let done = 0
  while (done < records) {
    let started = performance.now()
    const batches = buffers.map((buffer) => {
      const batch = newBatch(buffer)
      while (batch.tryAppend(key, keySize, value, valueSize, null, 1, 1_700_000_000_000, null) > 0) done++
      return batch
    })
    append += performance.now() - started
    started = performance.now()
    const wires = batches.map((batch) => {
      batch.stampWith({ identity: { producerId: 1n, epoch: 0, transactional: false }, baseSequence: 0 })
      batch.sealAsItIs()
      const wire = buffers[0] as Buffer
      if (batch.state.kind === 'sealed') batch.writeHeader(batch.state.wire, 0)
      return batch.state.kind === 'sealed' ? batch.state.wire : wire
    })
    seal += performance.now() - started
    started = performance.now()
    encodeRequest(Produce, 9, 1, 'bench', {
      transactionalId: null,
      acks: -1,
      timeoutMs: 30_000,
      topics: [
        { name: 'bench', topicId: '', partitions: wires.map((records, index) => ({ index, records })) },
      ],
    })
    encode += performance.now() - started
  }
  const nanoseconds = 1e6 / done
  return { append: append * nanoseconds, seal: seal * nanoseconds, encode: encode * nanoseconds }
}

function median(values: number[]): string {
  return ((values.sort((a, b) => a - b)[values.length >> 1] as number) + 0).toFixed(1).padStart(8)
}

console.log(
  `Node ${process.version}, batches of ${BATCH_SIZE} bytes; nanoseconds per record, median of ${ROUNDS}`,
)
console.log(`${'record'.padEnd(26)}${'append'.padStart(8)}${'seal'.padStart(8)}${'encode'.padStart(8)}`)
for (const shape of shapes) {
  run(shape, RECORDS / 10)
  const rounds = Array.from({ length: ROUNDS }, () => run(shape, RECORDS / 4))
  console.log(
    shape.name.padEnd(26) +
      median(rounds.map((round) => round.append)) +
      median(rounds.map((round) => round.seal)) +
      median(rounds.map((round) => round.encode)),
  )
}
