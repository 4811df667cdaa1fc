import type { ProducePartitionResult, ProduceRequest, ProduceResponse } from '../../src/protocol/produce.js'
import { Produce } from '../../src/protocol/produce.js'
import { ZERO_UUID } from '../../src/protocol/uuid.js'
import type { RawConnection } from './raw-connection.js'

export interface ProduceOne {
  readonly topic?: string
  readonly topicId?: string
  readonly partition?: number
  readonly acks?: number
  readonly version?: number
}

/** A request with one batch for one partition. */
export function produceRequest(records: Uint8Array | null, options: ProduceOne = {}): ProduceRequest {
  const { topic = 'orders', topicId = ZERO_UUID, partition = 0, acks = -1 } = options
  return {
    transactionalId: null,
    acks,
    timeoutMs: 30_000,
    topics: [{ name: topic, topicId, partitions: [{ index: partition, records }] }],
  }
}

/** Sends one batch and returns the result of its partition. */
export async function produceOne(
  connection: RawConnection,
  records: Uint8Array | null,
  options: ProduceOne = {},
): Promise<ProducePartitionResult> {
  const { version = 9 } = options
  const response = await connection.request(Produce, version, produceRequest(records, options))
  return onlyResult(response)
}

export function onlyResult(response: ProduceResponse): ProducePartitionResult {
  const result = response.topics[0]?.partitions[0]
  if (result === undefined || response.topics.length !== 1) throw new Error('not exactly one result')
  return result
}
