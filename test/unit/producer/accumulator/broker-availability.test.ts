import { describe, expect, it } from 'vitest'
import { BrokerAvailability } from '../../../../src/producer/accumulator/broker-availability.js'

const TIMEOUT_MS = 100

describe('a broker is late', () => {
  it('if it takes no request for longer than the timeout although something is ready', () => {
    const availability = new BrokerAvailability(TIMEOUT_MS)
    availability.note(1, true, 1_000)
    availability.note(1, false, 1_100)
    expect(availability.isLate(1)).toBe(false)
    availability.note(1, false, 1_101)
    expect(availability.isLate(1)).toBe(true)
  })

  it('from its first record on, even if it has never taken a request', () => {
    const availability = new BrokerAvailability(TIMEOUT_MS)
    availability.note(1, false, 1_000)
    expect(availability.isLate(1)).toBe(false)
    availability.note(1, false, 1_200)
    expect(availability.isLate(1)).toBe(true)
  })

  it('until it takes a request again', () => {
    const availability = new BrokerAvailability(TIMEOUT_MS)
    availability.note(1, true, 0)
    availability.note(1, false, 5_000)
    availability.note(1, true, 5_001)
    expect(availability.isLate(1)).toBe(false)
  })

  it('by itself, and not if nothing was ever ready for it', () => {
    const availability = new BrokerAvailability(TIMEOUT_MS)
    availability.note(1, true, 0)
    availability.note(2, true, 0)
    availability.note(1, false, 5_000)
    expect([1, 2, 3].map((nodeId) => availability.isLate(nodeId))).toEqual([true, false, false])
  })
})
