import { expect, test } from 'vitest'
import { ApiVersions } from '../../../src/protocol/api-versions.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'
import { decodeResponse, encodeRequest } from '../../../src/protocol/frame.js'
import { Produce } from '../../../src/protocol/produce.js'
import { type Accept, EmbeddedCluster, type Listen } from '../../../src/testing/index.js'
import { ManualClock } from '../../support/manual-clock.js'
import { onlyResult, produceRequest } from '../../support/produce-request.js'
import { numbered, recordBatch, stamp } from '../../support/record-batches.js'
import { seededRandom } from '../../support/seeded-random.js'

/** A network of function calls. Written bytes arrive at once. */
class MemoryNetwork {
  readonly #accepts = new Map<number, Accept>()
  #nextPort = 1

  readonly listen: Listen = async (wanted, accept) => {
    const port = wanted === 0 ? this.#nextPort++ : wanted
    this.#accepts.set(port, accept)
    const close = async (): Promise<void> => {
      this.#accepts.delete(port)
    }
    return { host: 'memory', port, close }
  }

  connect(port: number): {
    readonly send: (frame: Uint8Array[]) => void
    readonly answers: Buffer[]
    readonly ended: () => boolean
  } {
    const accept = this.#accepts.get(port)
    if (accept === undefined) throw new Error(`nobody listens at ${port}`)
    const answers: Buffer[] = []
    let ended = false
    const end = () => {
      ended = true
    }
    const listener = accept({
      write: (chunks) => answers.push(Buffer.concat(chunks).subarray(4)),
      end,
      destroy: end,
    })
    return {
      // Views of the sender's own memory, not copies.
      send: (frame) => {
        for (const { buffer, byteOffset, byteLength } of frame) {
          listener.received(Buffer.from(buffer, byteOffset, byteLength))
        }
      },
      answers,
      ended: () => ended,
    }
  }
}

async function start(seed: number) {
  const network = new MemoryNetwork()
  const clock = new ManualClock()
  const environment = { clock, random: seededRandom(seed), listen: network.listen }
  const cluster = await EmbeddedCluster.start({ brokers: 2, topics: ['orders'], environment })
  return { network, clock, cluster }
}

test('a cluster runs without sockets and without real time', async () => {
  const { network, clock, cluster } = await start(1)
  const client = network.connect(1)
  client.send(
    encodeRequest(ApiVersions, 3, 1, 'test', {
      clientSoftwareName: 'a',
      clientSoftwareVersion: '1',
      clusterId: null,
      nodeId: -1,
    }),
  )
  expect(client.answers).toHaveLength(1)
  cluster.delayAnswers({ api: 'Produce' }, 60_000)
  const batch = recordBatch(numbered(2), { stamp: stamp(1n, 0, 0) })
  client.send(encodeRequest(Produce, 9, 2, 'test', produceRequest(batch)))
  expect(client.answers).toHaveLength(1)
  clock.advance(60_000)
  const answer = decodeResponse(Produce, 9, client.answers[1] ?? Buffer.alloc(0))
  expect(onlyResult(answer)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0n })
  expect(cluster.requests().map(({ time }) => time)).toEqual([0, 0])
  await cluster.stopBroker(1)
  expect(client.ended()).toBe(true)
  expect(() => network.connect(1)).toThrow(/nobody listens/)
  await cluster.startBroker(1)
  await cluster.close()
  expect(clock.pending).toBe(0)
})

test('the sender may reuse the memory of a request as soon as the broker has received it', async () => {
  const { network, cluster } = await start(1)
  const frame = Buffer.concat(encodeRequest(Produce, 9, 2, 'test', produceRequest(recordBatch(numbered(3)))))
  const before = Buffer.from(frame)
  const client = network.connect(1)
  client.send([frame])
  expect(frame).toEqual(before)
  frame.fill(0xff)
  expect(cluster.records('orders').map(({ value }) => value?.toString())).toEqual([
    'value-0',
    'value-1',
    'value-2',
  ])
  await cluster.close()
})
