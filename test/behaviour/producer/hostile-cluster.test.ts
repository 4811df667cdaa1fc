// The rules R1 to R16 are in docs/rules.md.

import { describe, expect, it } from 'vitest'
import { NetworkError } from '../../../src/errors.js'
import { producerWorld } from '../../support/producer-world.js'
import { SeededRandom } from '../../support/random.js'
import { turns } from '../../support/turns.js'

/** Codes of every disposition: success, retry, refresh, split, sequence, newIdentity, fail, unknown. */
const CODES = [0, 0, 0, 0, 2, 6, 7, 10, 19, 20, 45, 45, 46, 47, 59, 87, 100, -1, 9_999]
const IDS = [1, 2].map((id) => `00000000-0000-0000-0000-00000000000${id}`)

describe('a cluster with random responses', () => {
  it.each(Array.from({ length: 30 }, (_, seed) => seed))(
    'R13: seed %i: every record settles once, and nothing is left',
    async (seed) => {
      const random = new SeededRandom(seed)
      const world = await producerWorld(
        {
          batchSize: 300,
          bufferMemory: 6_000,
          lingerMs: random.pick([0, 5]),
          deliveryTimeoutMs: 800,
          requestTimeoutMs: 300,
          maxBlockMs: 300,
          retryBackoffMs: 20,
          retries: random.pick([2, 2_147_483_647]),
        },
        { leaders: [], random: random.next },
      )
      const leaders = (): [number, number][] =>
        Array.from({ length: random.integer(2, 3) }, () => [random.integer(-1, 2), random.integer(0, 5)])
      const heard = new Map<number, number>()
      let sent = 0
      const send = (): void => {
        const id = sent++
        heard.set(id, 0)
        const record = {
          topic: 't',
          value: 'v'.repeat(random.integer(0, 200)),
          ...(random.oneIn(2) && { partition: random.integer(0, 2) }),
        }
        const note = (): void => {
          heard.set(id, (heard.get(id) ?? 0) + 1)
          if (random.oneIn(6) && sent < 600) send()
        }
        if (random.oneIn(4)) {
          const controller = new AbortController()
          world.producer.send(record, { signal: controller.signal }).then(note, note)
          if (random.oneIn(2)) world.clock.setTimer(random.integer(0, 400), () => controller.abort())
        } else world.producer.send(record, note)
      }
      for (let step = 0; step < 250; step++) {
        for (let i = random.integer(0, 2); i > 0; i--) send()
        const dice = random.integer(0, 19)
        if (dice === 0) world.cluster.setTopic('t', leaders(), random.pick(IDS))
        else if (dice === 1) world.node(random.integer(1, 2)).disconnect()
        else if (dice < 4) for (const nodeId of [1, 2]) world.node(nodeId).reconnect()
        else if (dice === 4) world.node(1).throttle(random.oneIn(2))
        else if (dice === 5) void world.producer.flush()
        else if (dice === 6) world.clock.block(100)
        else if (world.cluster.requests.length > 0 && dice < 16) {
          const request = random.oneIn(4) ? random.pick(world.cluster.requests) : world.next()
          if (random.oneIn(8)) request.fail(new NetworkError('no', { possiblyPersisted: random.oneIn(2) }))
          else {
            const answers = request.partitions.map((name) => {
              const errorCode = random.pick(CODES)
              return [
                name,
                random.oneIn(12) ? null : { errorCode, logStartOffset: BigInt(random.integer(-1, 3)) },
              ] as const
            })
            request.answer(Object.fromEntries(answers))
          }
        }
        await world.pass(random.pick([0, 20, 40]))
        await turns(1)
      }
      for (const nodeId of [1, 2]) world.node(nodeId).reconnect()
      const closed = world.producer.close({ timeoutMs: random.pick([0, 300, 5_000]) }).then(() => 'closed')
      await turns()
      await world.pass(5_000)
      expect(await closed).toBe('closed')
      await turns()
      const wrong = [...heard].filter(([, times]) => times !== 1)
      expect(wrong).toEqual([])
      expect(sent).toBeGreaterThan(150)
      expect(world.producer.traffic.heldBytes).toBe(0)
      await world.pass(500)
      expect(world.clock.pending).toBe(0)
    },
  )
})
