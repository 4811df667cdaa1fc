import type { Producer } from '../../src/producer/producer.js'

/** A call of flush or close that must end within its timeout. */
export interface ProducerEnding {
  readonly name: string
  readonly timeoutMs: number
  readonly run: (producer: Producer, signal: AbortSignal) => Promise<void>
}

export const PRODUCER_ENDINGS: readonly ProducerEnding[] = [
  { name: 'flush', timeoutMs: 500, run: (producer) => producer.flush({ timeoutMs: 500 }) },
  { name: 'flush', timeoutMs: 0, run: (producer) => producer.flush({ timeoutMs: 0 }) },
  {
    name: 'flush under a signal',
    timeoutMs: 500,
    run: (producer, signal) => producer.flush({ timeoutMs: 500, signal }),
  },
  {
    name: 'two flushes',
    timeoutMs: 500,
    run: async (producer) => {
      await Promise.allSettled([producer.flush({ timeoutMs: 500 }), producer.flush({ timeoutMs: 200 })])
    },
  },
  { name: 'close', timeoutMs: 500, run: (producer) => producer.close({ timeoutMs: 500 }) },
  { name: 'close', timeoutMs: 0, run: (producer) => producer.close({ timeoutMs: 0 }) },
  {
    name: 'a close that a second one shortens',
    timeoutMs: 500,
    run: async (producer) => {
      await Promise.all([producer.close(), producer.close({ timeoutMs: 500 })])
    },
  },
  {
    name: 'a close that a second one would prolong',
    timeoutMs: 500,
    run: async (producer) => {
      await Promise.all([producer.close({ timeoutMs: 500 }), producer.close({ timeoutMs: 60_000 })])
    },
  },
  {
    name: 'a close during a flush',
    timeoutMs: 500,
    run: async (producer) => {
      await Promise.allSettled([producer.flush({ timeoutMs: 60_000 }), producer.close({ timeoutMs: 500 })])
    },
  },
  {
    name: 'a flush during a close',
    timeoutMs: 500,
    run: async (producer, signal) => {
      void producer.close({ timeoutMs: 60_000 })
      await producer.flush({ timeoutMs: 500, signal })
    },
  },
]
