import { afterEach, beforeEach, expect } from 'vitest'
import type { KafkaError } from '../../src/errors.js'
import type { Cluster } from '../../src/network/cluster.js'
import type { TopicMetadata } from '../../src/network/metadata/topic-metadata.js'
import { metadataTopic } from './fake-broker.js'
import { MetadataWorld } from './metadata-world.js'
import { turns } from './turns.js'

export const idA = 'AAAAAAAAAAAAAAAAAAAAAQ'
export const idB = 'AAAAAAAAAAAAAAAAAAAAAg'

/**
 * Two fake brokers, the topics `orders` and `payments`, and a client; new for each test of the calling file.
 */
export class TwoTopics {
  fake: MetadataWorld = new MetadataWorld()
  /** The client; a test may replace it. */
  cluster: Cluster = this.fake.client()

  constructor() {
    beforeEach(() => {
      this.fake = new MetadataWorld()
      this.fake.addBroker(1)
      this.fake.addBroker(2)
      this.fake.topics.set('orders', metadataTopic('orders', idA, [1, 2]))
      this.fake.topics.set('payments', metadataTopic('payments', idB, [2]))
      this.cluster = this.fake.client()
    })
    afterEach(async () => {
      this.cluster.close()
      await turns()
      expect(this.fake.clock.pending).toBe(0)
      expect(this.fake.network.open).toEqual([])
    })
  }

  async pass(ms: number, steps = 1): Promise<void> {
    for (let i = 0; i < steps; i++) {
      this.fake.clock.advance(ms / steps)
      await turns(12)
    }
  }

  known(name: string, partition?: number): Promise<TopicMetadata> {
    return this.cluster.waitForTopic(name, this.fake.clock.now() + 60_000, partition)
  }
}

/** The error with which the promise is rejected. */
export function failure(promise: Promise<unknown>): Promise<KafkaError> {
  return promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error) => error,
  )
}
