/** Lets the event loop go round `count` times, so that everything that was under way has been delivered. */
export async function turns(count = 6): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve))
}
