import { describe, expect, it } from 'vitest'
import { inPieces } from '../../../src/admin/pieces.js'
import { TopicOutcomes } from '../../../src/admin/topic-outcome.js'
import { NetworkError, ProtocolError } from '../../../src/errors.js'
import { ErrorCode } from '../../../src/protocol/error-codes.js'

const attempt = { broker: 'localhost:9092 (node 1)', attempts: 1, mayBeDone: false }

/** A broker whose responses have room for `room` topics, and the pieces that it was asked about. */
function broker(room: number) {
  const names = Array.from({ length: 1_200 }, (_, i) => `topic-${i}`)
  const outcomes = new TopicOutcomes<unknown>('Metadata', names)
  const sizes: number[] = []
  const ask = async (piece: ReadonlySet<string>): Promise<void> => {
    sizes.push(piece.size)
    if (piece.size > room) throw new ProtocolError('too large', { code: 'RESPONSE_TOO_LARGE' })
    outcomes.take(
      attempt,
      () => ({ errorCode: ErrorCode.NONE }),
      () => ({}),
      outcomes.pendingOf(piece),
    )
  }
  const fulfilled = () => outcomes.all().filter(({ status }) => status === 'fulfilled').length
  return { outcomes, sizes, ask, fulfilled }
}

describe('topics', () => {
  it('are asked about five hundred at a time', async () => {
    const { outcomes, sizes, ask, fulfilled } = broker(1_000)
    await inPieces(outcomes, ask)
    expect(sizes).toEqual([500, 500, 200])
    expect(fulfilled()).toBe(1_200)
  })

  it('are asked about in halves if a response is too large, and then in pieces of the size that fits', async () => {
    const { outcomes, sizes, ask, fulfilled } = broker(200)
    await inPieces(outcomes, ask)
    expect(sizes).toEqual([500, 250, 125, 125, 125, 125, 125, 125, 125, 125, 125, 75])
    expect(fulfilled()).toBe(1_200)
  })

  it('fail one by one if not even a single one fits', async () => {
    const { outcomes, sizes, ask, fulfilled } = broker(0)
    await inPieces(outcomes, ask)
    expect(sizes.slice(0, 11)).toEqual([500, 250, 125, 63, 32, 16, 8, 4, 2, 1, 1])
    expect(fulfilled()).toBe(0)
    expect(outcomes.all()[1_199]).toMatchObject({ status: 'rejected', error: { code: 'RESPONSE_TOO_LARGE' } })
  })

  it('are not asked about any more after another error', async () => {
    const { outcomes } = broker(0)
    const error = new NetworkError('gone')
    await expect(inPieces(outcomes, () => Promise.reject(error))).rejects.toBe(error)
    expect(outcomes.pending.size).toBe(1_200)
  })
})
