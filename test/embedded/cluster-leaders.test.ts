import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ErrorCode } from '../../src/protocol/error-codes.js'
import { Produce } from '../../src/protocol/produce.js'
import { EmbeddedCluster } from '../../src/testing/index.js'
import { onlyResult, produceOne, produceRequest } from '../support/produce-request.js'
import { RawConnection } from '../support/raw-connection.js'
import { numbered, recordBatch, stamp } from '../support/record-batches.js'

describe('several brokers', () => {
  let three: EmbeddedCluster
  let first: RawConnection

  beforeEach(async () => {
    three = await EmbeddedCluster.start({
      brokers: 3,
      topics: [{ topic: 'orders', numPartitions: 3, configs: { 'min.insync.replicas': '2' } }],
    })
    first = await RawConnection.openAt(three.bootstrapServers, 0)
  })

  afterEach(async () => {
    await first.close()
    await three.close()
  })

  test('a partition is written at its leader only, and the answer says who that is (KIP-951)', async () => {
    const batch = recordBatch(numbered(1))
    const response = await first.request(Produce, 10, produceRequest(batch, { partition: 1 }))
    expect(onlyResult(response)).toMatchObject({
      errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER,
      currentLeader: { leaderId: 2, leaderEpoch: 0 },
    })
    const ports = three.bootstrapServers.split(',').map((address) => Number(address.split(':')[1]))
    expect(response.nodeEndpoints).toEqual([{ nodeId: 2, host: '127.0.0.1', port: ports[1], rack: null }])
    const older = await first.request(Produce, 9, produceRequest(batch, { partition: 1 }))
    expect(onlyResult(older)).toMatchObject({
      errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER,
      currentLeader: null,
    })
    expect(older.nodeEndpoints).toEqual([])
  })

  test('a leader that moves takes the log and its producers with it', async () => {
    const batch = (sequence: number) => recordBatch(numbered(1), { stamp: stamp(3n, 0, sequence) })
    expect(await produceOne(first, batch(0))).toMatchObject({ errorCode: ErrorCode.NONE })
    three.moveLeader('orders', 0, 2)
    expect(await produceOne(first, batch(1))).toMatchObject({ errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER })
    const second = await RawConnection.openAt(three.bootstrapServers, 1)
    expect(await produceOne(second, batch(0))).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 0n })
    expect(await produceOne(second, batch(1))).toMatchObject({ errorCode: ErrorCode.NONE, baseOffset: 1n })
    await second.close()
  })

  test('acks=all wants min.insync.replicas, acks=1 does not', async () => {
    await three.stopBroker(2)
    expect(await produceOne(first, recordBatch(numbered(1)))).toMatchObject({ errorCode: ErrorCode.NONE })
    await three.stopBroker(3)
    expect(await produceOne(first, recordBatch(numbered(1)))).toMatchObject({
      errorCode: ErrorCode.NOT_ENOUGH_REPLICAS,
    })
    expect(await produceOne(first, recordBatch(numbered(1)), { acks: 1 })).toMatchObject({
      errorCode: ErrorCode.NONE,
    })
    await three.startBroker(3)
    expect(await produceOne(first, recordBatch(numbered(1)))).toMatchObject({
      errorCode: ErrorCode.NONE,
      baseOffset: 2n,
    })
  })
})
