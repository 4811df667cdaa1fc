import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nodeEnvironment } from '../../src/environment/node-environment.js'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { encodeRequest } from '../../src/protocol/frame.js'
import { Metadata, type MetadataRequest } from '../../src/protocol/metadata.js'
import { Produce } from '../../src/protocol/produce.js'
import { ZERO_UUID } from '../../src/protocol/uuid.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { nodeListen } from '../../src/testing/node-listen.js'
import { ManualClock } from '../support/manual-clock.js'
import { produceOne, produceRequest } from '../support/produce-request.js'
import { RawConnection } from '../support/raw-connection.js'
import { numbered, recordBatch, stamp } from '../support/record-batches.js'

let clock: ManualClock
let cluster: EmbeddedCluster
let connection: RawConnection

beforeEach(async () => {
  clock = new ManualClock(Date.now())
  cluster = await EmbeddedCluster.start({
    brokers: 2,
    topics: [
      {
        topic: 'orders',
        assignments: [
          [1, 2],
          [1, 2],
        ],
      },
      'payments',
    ],
    environment: { clock, random: nodeEnvironment.random, listen: nodeListen },
  })
  connection = await open()
})

afterEach(async () => {
  await connection.close()
  await cluster.close()
})

const open = (): Promise<RawConnection> => RawConnection.openAt(cluster.bootstrapServers)
const batch = (sequence = 0): Buffer => recordBatch(numbered(1), { stamp: stamp(1n, 0, sequence) })
const values = (): number => cluster.records('orders').length

const metadataRequest: MetadataRequest = {
  topics: [{ name: 'orders', topicId: ZERO_UUID }],
  allowAutoTopicCreation: false,
  includeClusterAuthorizedOperations: false,
  includeTopicAuthorizedOperations: false,
}

/** Resolves when the brokers have read this many requests in all. */
async function requestsRead(count: number): Promise<void> {
  while (cluster.requests().length < count) await new Promise((resolve) => setImmediate(resolve))
}

describe('cutting the connection', () => {
  test('after the append, instead of an answer', async () => {
    cluster.dropAnswers({ api: 'Produce' })
    connection.send(Produce, 9, produceRequest(batch()))
    expect(await connection.nextFrame()).toBeNull()
    expect(values()).toBe(1)
    const again = await open()
    expect(await produceOne(again, batch())).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0n })
    expect(values()).toBe(1)
    await again.close()
  })

  test('at every byte of a request: it is in the log only if it came whole', async () => {
    const frame = (sequence: number) =>
      Buffer.concat(encodeRequest(Produce, 9, 1, 'test', produceRequest(batch(sequence))))
    const size = frame(0).length
    for (let atByte = 0; atByte < size; atByte++) {
      const fault = cluster.cutRequests({ api: 'Produce' }, atByte)
      const cut = await open()
      // The rest never comes; but a broker has to see what kind of request it is.
      cut.write(frame(0).subarray(0, Math.max(atByte, 8)))
      expect(await cut.nextFrame()).toBeNull()
      expect([fault.hits, values()]).toEqual([1, 0])
    }
    const behindAll = cluster.cutRequests({ api: 'Produce' }, size)
    const whole = await open()
    whole.write(frame(0))
    expect(await whole.nextFrame()).toBeNull()
    expect([behindAll.hits, values()]).toEqual([1, 1])
  })

  test('when the first bytes of a request have come, without waiting for the rest', async () => {
    const fault = cluster.cutRequests({ api: 'Produce' }, 20)
    const frame = Buffer.concat(encodeRequest(Produce, 9, 1, 'test', produceRequest(batch())))
    connection.write(frame.subarray(0, 30))
    expect(await connection.nextFrame()).toBeNull()
    expect(fault.hits).toBe(1)
  })

  test('at every byte of an answer', async () => {
    const whole = await open()
    whole.send(Produce, 9, produceRequest(batch()))
    const size = 4 + ((await whole.nextFrame())?.length ?? 0)
    await whole.close()
    for (let atByte = 0; atByte <= size; atByte++) {
      const fault = cluster.cutAnswers({ api: 'Produce' }, atByte)
      const cut = await open()
      cut.send(Produce, 9, produceRequest(batch()))
      const answer = await cut.nextFrame()
      const received = answer === null ? (await cut.ended).leftover.length : 4 + answer.length
      expect([fault.hits, received]).toEqual([1, atByte])
    }
    expect(values()).toBe(1)
  })

  test('of everybody at a broker', async () => {
    const other = await RawConnection.openAt(cluster.bootstrapServers, 1)
    await other.request(Metadata, 12, metadataRequest)
    await connection.request(Metadata, 12, metadataRequest)
    cluster.closeConnections(1)
    await connection.ended
    expect((await other.request(Metadata, 12, metadataRequest)).topics).toHaveLength(1)
    await other.close()
  })
})

describe('not answering', () => {
  test('one request, and so none behind it, while other connections go on', async () => {
    cluster.ignoreRequests({ api: 'Produce' })
    connection.send(Produce, 9, produceRequest(batch()))
    connection.send(Metadata, 12, metadataRequest)
    await requestsRead(1)
    const other = await open()
    await other.request(Metadata, 12, metadataRequest)
    expect(cluster.requests().map(({ connectionId }) => connectionId)).toEqual([1, 2])
    expect(values()).toBe(0)
    await other.close()
  })

  test('a request that has its effect', async () => {
    cluster.ignoreRequests({ api: 'Produce' }, { handle: true })
    connection.send(Produce, 9, produceRequest(batch()))
    await requestsRead(1)
    expect(values()).toBe(1)
  })

  test('anybody at a broker that is paused; it goes on where it stopped', async () => {
    cluster.pauseBroker(1)
    const first = produceOne(connection, batch())
    const newcomer = await open()
    const second = newcomer.request(Metadata, 12, metadataRequest)
    const other = await RawConnection.openAt(cluster.bootstrapServers, 1)
    await other.request(Metadata, 12, metadataRequest)
    expect(cluster.requests().map(({ nodeId }) => nodeId)).toEqual([2])
    cluster.resumeBroker(1)
    expect(await first).toMatchObject({ errorCode: ErrorCode.NONE })
    expect((await second).topics).toHaveLength(1)
    await newcomer.close()
    await other.close()
  })
})
