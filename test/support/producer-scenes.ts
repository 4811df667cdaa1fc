import { NetworkError } from '../../src/errors.js'
import type { World } from './producer-world.js'
import { turns } from './turns.js'

/** The end of a connection with a request on it. */
export const lost = (): NetworkError =>
  new NetworkError('the connection was lost', { possiblyPersisted: true })

/** Sends one record and sees it acknowledged, so that the leader knows the producer. */
export async function confirmed(world: World): Promise<void> {
  world.send('first')
  await turns()
  world.next().answer()
  await turns()
}

/** The same; the outcomes begin after this record. */
export async function confirmedBefore(world: World): Promise<void> {
  await confirmed(world)
  world.outcomes.length = 0
}

/** Sends each value in a batch of its own. */
export async function sendEach(world: World, ...values: string[]): Promise<void> {
  for (const value of values) {
    world.send(value)
    await turns()
  }
}
