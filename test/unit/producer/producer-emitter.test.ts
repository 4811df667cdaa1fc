import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ProducerEmitter } from '../../../src/producer/producer-emitter.js'

const warnings: string[] = []
const note = (warning: Error): void => void warnings.push(warning.message)

beforeEach(() => {
  warnings.length = 0
  process.on('warning', note)
})
afterEach(() => process.off('warning', note))

/** Waits for process warnings, which come in a turn of their own. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('the events of a producer', () => {
  it('may have any number of listeners', async () => {
    const producer = new ProducerEmitter()
    for (let task = 0; task < 20; task++) producer.once('drain', () => {})
    await nextTurn()
    expect(warnings).toEqual([])
    expect(producer.listenerCount('drain')).toBe(20)
  })

  it('can be awaited with events.once, which leaves no listener behind', async () => {
    const producer = new ProducerEmitter()
    const drained = once(producer, 'drain')
    producer.emit('drain')
    await drained
    expect(producer.eventNames()).toEqual([])
  })

  it('can be awaited with a signal', async () => {
    const producer = new ProducerEmitter()
    const controller = new AbortController()
    const waiting = once(producer, 'drain', { signal: controller.signal })
    controller.abort()
    await expect(waiting).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }))
    expect(producer.eventNames()).toEqual([])
  })

  it.each(['on', 'once', 'addListener', 'prependListener', 'prependOnceListener'] as const)(
    'are refused by %s if their name is unknown',
    (add) => {
      const producer = new ProducerEmitter()
      // This caller uses JavaScript.
      const event: string = 'delivery-report'
      expect(() => producer[add](event as 'drain', () => {})).toThrow(
        new TypeError(
          "a producer has no event 'delivery-report': its events are connect, disconnect, throttle, drain, deliveryError, fatal",
        ),
      )
      expect(() => producer[add]('constructor' as 'drain', () => {})).toThrow(TypeError)
    },
  )
})
