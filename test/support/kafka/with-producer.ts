import { randomBytes } from 'node:crypto'
import type { Environment } from '../../../src/environment/environment.js'
import { nodeEnvironment } from '../../../src/environment/node-environment.js'
import { Producer, type ProducerConfig } from '../../../src/index.js'

/** Gives `use` a producer, and closes it in any case. */
export async function withProducer<T>(
  config: ProducerConfig,
  use: (producer: Producer) => Promise<T>,
  environment: Environment = nodeEnvironment,
): Promise<T> {
  const producer = new Producer(config, environment)
  try {
    return await use(producer)
  } finally {
    await producer.close()
  }
}

/** A name no other test has, also on a cluster that is used again and again. */
export function uniqueTopic(name: string): string {
  return `${name}-${randomBytes(4).toString('hex')}`
}
