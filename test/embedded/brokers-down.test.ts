import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { collectGarbage } from '../support/collect-garbage.js'
import { type Habits, SteadyUser } from '../support/steady-user.js'
import { VirtualBrokers } from '../support/virtual-brokers.js'

const BROKERS = 3
const PARTITIONS = 6
const MINUTES = 10
const RECORDS_PER_SECOND = 100
const VALUE = Buffer.alloc(100, 'x')
/** Full after half a minute. */
const BUFFER_MEMORY = 400_000
/** Beside it, for records that wait. */
const WAITING_MEMORY = BUFFER_MEMORY / 4
/** What a record takes in a batch at the least, and what one that waits counts. */
const RECORD_BYTES = VALUE.length + 7
const WAITING_BYTES = 256
/**
 * The sender's, metadata's, two for each broker, and one for each kind of waiting: for a topic, for a
 * producer id.
 */
const MOST_TIMERS = BROKERS * 2 + 4
/**
 * What an open send may take beside the bytes that count; a promise with both its ends and who waits for it.
 */
const BYTES_PER_OPEN_SEND = { callback: 64, promise: 450 } as const
/** Tables, code, and what the brokers and the test itself keep. */
const OTHER_BYTES = 1_500_000

const habits: readonly Habits[] = [
  { by: 'callback', heeds: true },
  { by: 'callback', heeds: false },
  { by: 'promise', heeds: true },
  { by: 'promise', heeds: false },
]

/** Bytes on the heap and in buffers beside it that somebody still refers to. */
function memoryInUse(): number {
  collectGarbage()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

// The one whose memory is not measured first: what Node compiles during an outage is in memory by then.
describe.each(['silent', 'stopped'] as const)('all brokers are %s for ten minutes', (outage) => {
  it.each(habits)('under somebody who keeps sending (by $by, heeds: $heeds)', async ({ by, heeds }) => {
    const brokers = await VirtualBrokers.start(BROKERS, 't', PARTITIONS)
    const { time, network } = brokers
    const producer = brokers.producer({ bufferMemory: BUFFER_MEMORY, waitingMemory: WAITING_MEMORY })
    const user = new SteadyUser(producer, { by, heeds }, { topic: 't', value: VALUE })
    let mostOpen = 0
    const sendForSeconds = async (seconds: number): Promise<void> => {
      for (let i = 0; i < seconds; i++) {
        user.send(RECORDS_PER_SECOND)
        await brokers.pass(1_000)
        expect(producer.traffic.heldBytes).toBeLessThanOrEqual(BUFFER_MEMORY + WAITING_MEMORY)
        expect(user.open).toBeLessThanOrEqual(BUFFER_MEMORY / RECORD_BYTES + WAITING_MEMORY / WAITING_BYTES)
        expect(time.timers('client')).toBeLessThanOrEqual(MOST_TIMERS)
        expect(network.openSockets).toBeLessThanOrEqual(BROKERS)
        mostOpen = Math.max(mostOpen, user.open)
      }
    }
    await sendForSeconds(5)
    expect(user.acknowledged).toBe(user.sent)
    const before = memoryInUse()

    await brokers.begin(outage)
    for (let minute = 1; minute <= MINUTES; minute++) {
      await sendForSeconds(60)
      // Brokers that are silent keep what they were sent, and they live in this process.
      if (outage === 'silent' || minute % 4 !== 2) continue
      const counted = BUFFER_MEMORY + WAITING_MEMORY + user.open * BYTES_PER_OPEN_SEND[by]
      expect(memoryInUse() - before, `after ${minute} minutes`).toBeLessThan(counted + OTHER_BYTES)
    }
    expect(mostOpen).toBeGreaterThan(heeds ? 900 : 3_500)
    const acknowledgedBefore = user.acknowledged

    await brokers.end(outage)
    await sendForSeconds(60)
    expect(user.acknowledged).toBeGreaterThan(acknowledgedBefore + 30 * RECORDS_PER_SECOND)
    let isClosed = false
    void producer.close().then(() => {
      isClosed = true
    })
    await time.run(() => isClosed, time.nowMs + 300_000)
    await brokers.pass(1_000)
    expect([isClosed, user.open, producer.traffic.heldBytes]).toEqual([true, 0, 0])
    expect([time.timers('client'), network.openSockets]).toEqual([0, 0])
    const told = ['TIMEOUT', ...(heeds ? [] : ['BUFFER_EXHAUSTED'])]
    expect([...user.failed.keys()].sort()).toEqual(told.sort())
    await brokers.cluster.close()
  })
})
