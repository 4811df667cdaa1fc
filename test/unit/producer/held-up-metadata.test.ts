import { expect, it } from 'vitest'
import type { KafkaError } from '../../../src/errors.js'
import { MetadataWorld } from '../../support/metadata-world.js'
import { passTime } from '../../support/pass-time.js'
import { turns } from '../../support/turns.js'

/** A producer that sends to a topic that is not there; what it was told, and when. */
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

  /** The process stands still. */
  async holdUp(ms: number): Promise<void> {
    this.fake.clock.block(ms)
    this.fake.clock.advance(0)
    await turns(12)
  }

  told(): string[] {
    return this.heard.map(([value]) => value)
  }
}

it('each record that waits for metadata has as much more time as the process stood still since its send', async () => {
  const waiting = new Waiting()
  const start = waiting.fake.clock.now()
  waiting.send('first')
  await waiting.pass(59_000)
  waiting.send('second')
  await waiting.pass(300)
  await waiting.holdUp(600_000)
  await waiting.pass(1_000)
  expect(waiting.told()).toEqual(['first'])
  // 60 s from its send, and what it lost of them, of which half a second counts.
  await waiting.pass(57_000)
  expect(waiting.told()).toEqual(['first'])
  await waiting.pass(3_000)
  expect(waiting.told()).toEqual(['first', 'second'])
  const [, toldAtMs = 0, error] = waiting.heard[1] ?? []
  expect(error).toMatchObject({ name: 'TimeoutError', phase: 'metadata', possiblyPersisted: false })
  expect(toldAtMs - start).toBeGreaterThanOrEqual(59_000 + 600_000 + 59_000)
  await waiting.producer.close({ timeoutMs: 0 })
})

it('in a process that is always held up they end all the same', async () => {
  const waiting = new Waiting()
  waiting.send('first')
  waiting.send('second')
  for (let i = 0; i < 130; i++) await waiting.holdUp(5_000)
  expect(waiting.told()).toEqual(['first', 'second'])
  await waiting.producer.close({ timeoutMs: 0 })
})
