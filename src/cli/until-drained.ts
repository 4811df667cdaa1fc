import type { Producer } from '../producer/producer.js'

/** Resolves when a full producer has room again, or when the signal is aborted. */
export function untilDrained(producer: Producer, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const goOn = (): void => {
      producer.off('drain', goOn)
      signal.removeEventListener('abort', goOn)
      resolve()
    }
    producer.on('drain', goOn)
    signal.addEventListener('abort', goOn)
  })
}
