import { rawCall } from './raw-call.js'

const describeQuorumKey = 55
const answerLimitMs = 5_000

/** Asks a broker for the node id of the active controller (DescribeQuorum version 0). */
export async function activeController(port: number): Promise<number> {
  const topic = Buffer.from('__cluster_metadata')
  const body = Buffer.concat([
    // A header without tags, and one topic with the partition 0.
    Buffer.of(0, 2, topic.length + 1),
    topic,
    Buffer.of(2, 0, 0, 0, 0, 0, 0, 0),
  ])
  const answer = await rawCall(port, describeQuorumKey, 0, body, answerLimitMs)
  // The leader comes after the tags, the error, the counts, the topic's name, the partition and its error.
  const error = answer.readInt16BE(1) || answer.readInt16BE(3 + 1 + 1 + topic.length + 1 + 4)
  if (error !== 0) throw new Error(`DescribeQuorum failed with error code ${error}`)
  return answer.readInt32BE(3 + 1 + 1 + topic.length + 1 + 4 + 2)
}
