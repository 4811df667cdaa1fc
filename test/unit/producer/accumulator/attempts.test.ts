// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { NetworkError } from '../../../../src/errors.js'
import { Attempts } from '../../../../src/producer/accumulator/attempts.js'

describe('the attempts of a batch', () => {
  it('have a count of their own besides those that count against retries', () => {
    const attempts = new Attempts()
    const refused = new NetworkError('refused')
    const outOfTurn = new NetworkError('out of turn')
    attempts.sent(1, 100)
    expect(attempts.failed(refused)).toBe(1)
    attempts.sent(2, 250)
    attempts.failedInTurn(outOfTurn)
    attempts.sent(3, 400)
    expect(attempts.failed(refused)).toBe(2)
    expect(attempts).toMatchObject({ count: 3, round: 3, sentAtMs: 400, lastError: refused })
  })

  it('R5: may be in the log until every one is known to be absent', () => {
    const attempts = new Attempts()
    expect(attempts.maybePersisted).toBe(false)
    attempts.mayHaveLanded()
    attempts.failed(new NetworkError('refused cleanly'))
    expect(attempts.maybePersisted).toBe(true)
    attempts.haveNotLanded()
    expect(attempts.maybePersisted).toBe(false)
  })
})
