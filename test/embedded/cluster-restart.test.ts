import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { Metadata } from '../../src/protocol/metadata.js'
import { ZERO_UUID } from '../../src/protocol/uuid.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { produceOne } from '../support/produce-request.js'
import { RawConnection } from '../support/raw-connection.js'
import { numbered, recordBatch, stamp } from '../support/record-batches.js'

const PLAIN_METADATA = {
  allowAutoTopicCreation: false,
  includeClusterAuthorizedOperations: false,
  includeTopicAuthorizedOperations: false,
}

let cluster: EmbeddedCluster
let connection: RawConnection

beforeEach(async () => {
  cluster = await EmbeddedCluster.start({
    topics: ['orders', { topic: 'compacted', configs: { 'cleanup.policy': 'compact' } }],
  })
  connection = await RawConnection.openAt(cluster.bootstrapServers)
})

afterEach(async () => {
  await connection.close()
  await cluster.close()
})

describe('a broker that starts again', () => {
  const now = Date.now()
  const send = (producerId: bigint, sequence: number, timestamp = now) => {
    const bytes = recordBatch([{ value: 'x', timestamp }], { stamp: stamp(producerId, 0, sequence) })
    return produceOne(connection, bytes)
  }

  async function restart(failoverMs: number): Promise<void> {
    await cluster.stopBroker(1, { failoverMs })
    await cluster.startBroker(1)
    connection = await RawConnection.openAt(cluster.bootstrapServers)
  }

  test.each([
    ['was shut down', 0],
    ['was killed', 60_000],
  ])('and %s knows of each producer only the last batch', async (_, failoverMs) => {
    for (const sequence of [0, 1, 2]) await send(1n, sequence)
    await restart(failoverMs)
    expect(await send(1n, 2)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 2n })
    expect(await send(1n, 1)).toMatchObject({ errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER })
    expect(await send(1n, 3)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 3n })
  })

  test.each([0, 60_000])('has forgotten producers whose last batch is too old (%i)', async (failoverMs) => {
    await send(1n, 0, now - 86_400_001)
    await send(2n, 0, now - 80_000_000)
    await restart(failoverMs)
    expect(await send(1n, 17)).toMatchObject({ errorCode: ErrorCode.NONE })
    expect(await send(2n, 17)).toMatchObject({ errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER })
  })

  test.each([0, 60_000])('has forgotten all producers of an empty log (%i)', async (failoverMs) => {
    await send(1n, 0)
    await send(2n, 0)
    cluster.deleteRecords('orders', 0, 1n)
    await restart(failoverMs)
    expect(await send(1n, 17)).toMatchObject({ errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER })
    cluster.deleteRecords('orders', 0, 2n)
    await restart(failoverMs)
    expect(await send(1n, 17)).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 2n })
  })

  test('finds producers again in its log that it had forgotten, if it was killed', async () => {
    await send(1n, 0)
    cluster.deleteRecords('orders', 0, 1n)
    await restart(0)
    await send(2n, 0)
    await restart(0)
    expect(await send(1n, 17)).toMatchObject({ errorCode: ErrorCode.NONE })
    await send(3n, 0)
    cluster.deleteRecords('orders', 0, 3n)
    await restart(0)
    await send(4n, 0)
    await restart(60_000)
    expect(await send(3n, 17)).toMatchObject({ errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER })
  })

  test('leads under a new epoch, though nobody has missed it', async () => {
    const epoch = async () => {
      await send(1n, cluster.records('orders').length)
      const request = { topics: [{ name: 'orders', topicId: ZERO_UUID }], ...PLAIN_METADATA }
      const { topics } = await connection.request(Metadata, 9, request)
      return topics[0]?.partitions[0]?.leaderEpoch
    }
    expect(await epoch()).toBe(0)
    await restart(60_000)
    expect(await epoch()).toBe(2)
  })

  test('loses nothing where another one takes over', async () => {
    await using two = await EmbeddedCluster.start({ brokers: 2, topics: ['orders'] })
    const first = await RawConnection.openAt(two.bootstrapServers)
    const bytes = (sequence: number) => recordBatch(numbered(1), { stamp: stamp(1n, 0, sequence) })
    for (const sequence of [0, 1]) await produceOne(first, bytes(sequence))
    await two.stopBroker(1)
    const second = await RawConnection.openAt(two.bootstrapServers, 1)
    expect(await produceOne(second, bytes(0))).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0n })
    await second.close()
    await first.close()
  })
})
