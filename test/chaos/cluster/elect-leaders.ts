import { rawCall } from './raw-call.js'

const electLeadersKey = 43
const answerLimitMs = 15_000

/**
 * Elects the preferred leader of every partition (ElectLeaders version 1). Resolves to the number of
 * partitions that changed.
 */
export async function electPreferredLeaders(port: number): Promise<number> {
  const body = Buffer.alloc(9)
  body.writeInt8(0, 0) // preferred, not unclean
  body.writeInt32BE(-1, 1) // all partitions
  body.writeInt32BE(answerLimitMs, 5)
  const answer = await rawCall(port, electLeadersKey, 1, body, answerLimitMs)
  let position = 4 // after the throttle time
  const int16 = (): number => {
    position += 2
    return answer.readInt16BE(position - 2)
  }
  const int32 = (): number => {
    position += 4
    return answer.readInt32BE(position - 4)
  }
  /** Skips a topic's name, or a message or null. */
  const skipString = (): void => {
    const length = int16()
    position += Math.max(0, length)
  }
  const error = int16()
  if (error !== 0) throw new Error(`ElectLeaders failed with error code ${error}`)
  let elected = 0
  for (let topics = int32(); topics > 0; topics--) {
    skipString()
    for (let partitions = int32(); partitions > 0; partitions--) {
      int32()
      if (int16() === 0) elected++
      skipString()
    }
  }
  return elected
}
