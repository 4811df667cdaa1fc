import { expect, it } from 'vitest'
import type { KafkaError } from '../../../src/errors.js'
import { MetadataWorld } from '../../support/metadata-world.js'
import { passTime } from '../../support/pass-time.js'
import { turns } from '../../support/turns.js'

/** A producer that sends to a missing topic, with its outcomes and their times. */
class Waiting {
  readonly fake: MetadataWorld = new MetadataWorld()
  readonly heard: (readonly [value: string, atMs: number, error: KafkaError | null])[] = []
  readonly producer: ReturnType<MetadataWorld['producer']>

  constructor() {
    this.fake.addBroker(1)
    this.producer = this.fake.producer({ maxBlockMs: 60_000 })
  }

  send(value: string): void {
    this.producer.send({ topic: 'missing', value }, (error) =>
      this.heard.push([value, this.fake.clock.now(), error]),
    )
  }

  async pass(ms: number): Promise<void> {
    await passTime(this.fake.clock, ms, 100, 12)
  }

  /** The process stalls. */
  async stall(ms: number): Promise<void> {
    this.fake.clock.block(ms)
    this.fake.clock.advance(0)
    await turns(12)
  }

  told(): string[] {
    return this.heard.map(([value]) => value)
  }
}

it('the timeout of a record that waits for metadata is extended by the stalls since its send', async () => {
  const waiting = new Waiting()
  const start = waiting.fake.clock.now()
  waiting.send('first')
  await waiting.pass(59_000)
  waiting.send('second')
  await waiting.pass(300)
  await waiting.stall(600_000)
  await waiting.pass(1_000)
  expect(waiting.told()).toEqual(['first'])
  // The timeout is 60 s and the length of the stall, of which half a second counts.
  await waiting.pass(57_000)
  expect(waiting.told()).toEqual(['first'])
  await waiting.pass(3_000)
  expect(waiting.told()).toEqual(['first', 'second'])
  const [, toldAtMs = 0, error] = waiting.heard[1] ?? []
  expect(error).toMatchObject({ name: 'TimeoutError', phase: 'metadata', possiblyPersisted: false })
  expect(toldAtMs - start).toBeGreaterThanOrEqual(59_000 + 600_000 + 59_000)
  await waiting.producer.close({ timeoutMs: 0 })
})

it('records that wait for metadata time out even if the process always stalls', async () => {
  const waiting = new Waiting()
  waiting.send('first')
  waiting.send('second')
  for (let i = 0; i < 130; i++) await waiting.stall(5_000)
  expect(waiting.told()).toEqual(['first', 'second'])
  await waiting.producer.close({ timeoutMs: 0 })
})
