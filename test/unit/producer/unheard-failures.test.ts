import { beforeEach, describe, expect, it } from 'vitest'
import { NetworkError, RecordTooLargeError } from '../../../src/errors.js'
import { UnheardFailures } from '../../../src/producer/unheard-failures.js'
import { ManualClock } from '../../support/manual-clock.js'
import { turns } from '../../support/turns.js'

describe('failures of records without a completion or a listener', () => {
  let clock: ManualClock
  let warnings: string[]
  let failures: UnheardFailures

  beforeEach(() => {
    clock = new ManualClock()
    warnings = []
    failures = new UnheardFailures(clock, (message) => void warnings.push(message))
  })

  it('are logged once for each error code, with their number and the first message', async () => {
    failures.add(new NetworkError('first'))
    failures.add(new NetworkError('second'))
    failures.add(new RecordTooLargeError('large', 2, 1))
    expect(warnings).toEqual([])
    await turns()
    expect(warnings).toEqual([
      "2 records sent by produce() failed with NETWORK, and nobody listens to 'deliveryError'. The first: first",
      "1 record sent by produce() failed with RECORD_TOO_LARGE, and nobody listens to 'deliveryError'. The first: large",
    ])
  })

  it('are logged again after a minute, with the number of all that came meanwhile', async () => {
    failures.add(new NetworkError('first'))
    await turns()
    clock.advance(59_999)
    failures.add(new NetworkError('quiet'))
    failures.add(new NetworkError('quiet too'))
    await turns()
    expect(warnings).toHaveLength(1)
    clock.advance(1)
    expect(warnings.slice(1)).toEqual([
      "2 records sent by produce() failed with NETWORK, and nobody listens to 'deliveryError'. The first: quiet",
    ])
  })
  it('are logged at the end, and leave no timer behind', async () => {
    failures.add(new NetworkError('first'))
    await turns()
    failures.add(new NetworkError('last'))
    failures.close()
    expect(warnings).toHaveLength(2)
    expect(warnings[1]).toMatch('The first: last')
    expect(clock.pending).toBe(0)
  })

  it('are forgotten after a quiet minute', async () => {
    failures.add(new NetworkError('first'))
    await turns()
    clock.advance(120_000)
    expect(clock.pending).toBe(0)
    failures.add(new NetworkError('second'))
    await turns()
    expect(warnings).toHaveLength(2)
  })

  it('are told once a minute behind the close too, without a timer', async () => {
    failures.close()
    for (let i = 0; i < 50; i++) {
      failures.add(new NetworkError(`no. ${i}`))
      await turns()
    }
    expect(warnings).toHaveLength(1)
    expect(clock.pending).toBe(0)
    clock.advance(60_000)
    failures.add(new NetworkError('late'))
    await turns()
    expect(warnings.slice(1)).toEqual([
      "50 records sent by produce() failed with NETWORK, and nobody listens to 'deliveryError'. The first: no. 1",
    ])
  })
})
