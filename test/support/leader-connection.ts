import { ErrorCode } from '../../src/protocol/error-codes.js'
import { LATEST_OFFSET, ListOffsets } from '../../src/protocol/list-offsets.js'
import { Metadata } from '../../src/protocol/metadata.js'
import { ZERO_UUID } from '../../src/protocol/uuid.js'
import { RawConnection } from './raw-connection.js'

/**
 * Connects to the leader of the topic's partition 0 on this machine. Waits for a leader that is aware of its
 * role.
 */
export async function connectToLeader(any: RawConnection, topic: string): Promise<RawConnection> {
  const leader = await RawConnection.open(await leaderPort(any, topic))
  await waitUntilLeading(leader, topic)
  return leader
}

async function leaderPort(any: RawConnection, topic: string): Promise<number> {
  for (;;) {
    const { brokers, topics } = await any.request(Metadata, 9, {
      topics: [{ name: topic, topicId: ZERO_UUID }],
      allowAutoTopicCreation: false,
      includeClusterAuthorizedOperations: false,
      includeTopicAuthorizedOperations: false,
    })
    const leader = topics[0]?.partitions[0]?.leaderId ?? -1
    const broker = brokers.find(({ nodeId }) => nodeId === leader)
    if (broker !== undefined) return broker.port
  }
}

/** Metadata may name a leader a moment before the broker is aware of it. */
async function waitUntilLeading(leader: RawConnection, name: string): Promise<void> {
  const partitions = [{ partitionIndex: 0, currentLeaderEpoch: -1, timestamp: LATEST_OFFSET }]
  const request = { replicaId: -1, isolationLevel: 0, topics: [{ name, partitions }], timeoutMs: 1_000 }
  for (;;) {
    const { topics } = await leader.request(ListOffsets, 6, request)
    if (topics[0]?.partitions[0]?.errorCode === ErrorCode.NONE) return
  }
}
