import { describe, expect, it } from 'vitest'
import { retryBackoffMs } from '../../../../src/producer/sender/retry-backoff.js'
import { ErrorCode } from '../../../../src/protocol/error-codes.js'
import { producerWorld } from '../../../support/producer-world.js'
import { turns } from '../../../support/turns.js'

const middle = () => 0.5

describe('the pause before a request is sent again', () => {
  it.each([
    [100, 1_000, [100, 200, 400, 800, 1_000]],
    [0, 0, [0, 10, 20, 40, 80, 100, 100]],
    [0, 1_000, [0, 10, 20, 40, 80, 100, 100]],
    [5, 15, [5, 10, 20, 40, 80, 100, 100]],
    [5, 1_000, [5, 10, 20, 40, 80, 160, 320]],
  ])('with retry.backoff.ms %i and retry.backoff.max.ms %i', (initialMs, maxMs, pauses) => {
    const config = { retryBackoffMs: initialMs, retryBackoffMaxMs: maxMs }
    expect(pauses.map((_, i) => retryBackoffMs(config, i + 1, middle))).toEqual(pauses)
  })

  it('bounds the request rate if it is 0', async () => {
    const world = await producerWorld({ retryBackoffMs: 0, retryBackoffMaxMs: 0 })
    world.send('a')
    let requests = 0
    for (let i = 0; i < 10_000; i++) {
      await turns(2)
      for (const request of world.cluster.requests.splice(0)) {
        requests++
        request.answerOne({ errorCode: ErrorCode.NOT_ENOUGH_REPLICAS })
      }
      world.clock.advance(1)
    }
    expect(requests).toBeGreaterThan(90)
    expect(requests).toBeLessThan(150)
    await world.producer.close({ timeoutMs: 0 })
  })
})
