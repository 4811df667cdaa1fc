import { EventEmitter } from 'node:events'
import type { ProducerEventMap } from './producer-events.js'

type Listener<Event extends keyof ProducerEventMap> = (...args: ProducerEventMap[Event]) => void

const EVENTS: Readonly<Record<keyof ProducerEventMap, true>> = {
  connect: true,
  disconnect: true,
  throttle: true,
  drain: true,
  deliveryError: true,
  fatal: true,
}

/**
 * Node's own events. `events.once` and `events.on` listen to `error` on every emitter; the others are about
 * listeners.
 */
const NODE_EVENTS: ReadonlySet<string | symbol> = new Set(['error', 'newListener', 'removeListener'])

/**
 * A typed EventEmitter that knows its events. It has no limit of listeners, because many tasks may wait for
 * `drain` at the same time.
 *
 * A listener for any other event is a TypeError. A producer never emits `error`, but `events.once(producer,
 * 'drain')` listens to it.
 */
export class ProducerEmitter extends EventEmitter {
  constructor() {
    super()
    this.setMaxListeners(0)
  }

  override on<Event extends keyof ProducerEventMap>(event: Event, listener: Listener<Event>): this {
    checkEvent(event)
    return super.on(event, listener)
  }

  override addListener<Event extends keyof ProducerEventMap>(event: Event, listener: Listener<Event>): this {
    checkEvent(event)
    return super.addListener(event, listener)
  }

  override once<Event extends keyof ProducerEventMap>(event: Event, listener: Listener<Event>): this {
    checkEvent(event)
    return super.once(event, listener)
  }

  override prependListener<Event extends keyof ProducerEventMap>(
    event: Event,
    listener: Listener<Event>,
  ): this {
    checkEvent(event)
    return super.prependListener(event, listener)
  }

  override prependOnceListener<Event extends keyof ProducerEventMap>(
    event: Event,
    listener: Listener<Event>,
  ): this {
    checkEvent(event)
    return super.prependOnceListener(event, listener)
  }

  override off<Event extends keyof ProducerEventMap>(event: Event, listener: Listener<Event>): this {
    return super.off(event, listener)
  }

  override removeListener<Event extends keyof ProducerEventMap>(
    event: Event,
    listener: Listener<Event>,
  ): this {
    return super.removeListener(event, listener)
  }
}

function checkEvent(event: string | symbol): void {
  if (typeof event === 'symbol' || Object.hasOwn(EVENTS, event) || NODE_EVENTS.has(event)) return
  throw new TypeError(`a producer has no event '${event}': its events are ${Object.keys(EVENTS).join(', ')}`)
}
