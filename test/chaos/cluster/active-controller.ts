import { rawCall } from './raw-call.js'

const describeQuorumKey = 55
const answerLimitMs = 5_000

/** Asks a broker which node leads the controllers (DescribeQuorum version 0). */
export async function activeController(port: number): Promise<number> {
  const topic = Buffer.from('__cluster_metadata')
  const body = Buffer.concat([
    // No tags in the header; one topic with one partition, 0.
    Buffer.of(0, 2, topic.length + 1),
    topic,
    Buffer.of(2, 0, 0, 0, 0, 0, 0, 0),
  ])
  const answer = await rawCall(port, describeQuorumKey, 0, body, answerLimitMs)
  // Tags, the error, the counts, the topic's name, the partition and its error; then the leader.
  const error = answer.readInt16BE(1) || answer.readInt16BE(3 + 1 + 1 + topic.length + 1 + 4)
  if (error !== 0) throw new Error(`DescribeQuorum was answered with error code ${error}`)
  return answer.readInt32BE(3 + 1 + 1 + topic.length + 1 + 4 + 2)
}
