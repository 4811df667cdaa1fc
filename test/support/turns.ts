/** Lets the event loop turn `count` times, so that all scripted events are delivered. */
export async function turns(count = 6): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}
