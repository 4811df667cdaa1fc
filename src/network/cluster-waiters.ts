import type { Clock } from '../environment/clock.js'
import type { KafkaError } from '../errors.js'
import type { BrokerNode } from './broker-node.js'
import type { TopicMetadata } from './topic-metadata.js'
import { Waiters } from './waiters.js'

/** A topic, and a partition if a particular one must exist. */
export interface WantedTopic {
  readonly name: string
  readonly partition: number | undefined
}

/** Everybody who waits for something of a cluster. */
export class ClusterWaiters {
  readonly topic: Waiters<WantedTopic, TopicMetadata>
  /** For a broker that can be asked. */
  readonly node: Waiters<null, BrokerNode>
  /** For metadata, whatever they say. */
  readonly update: Waiters<null, true>

  constructor(clock: Clock) {
    this.topic = new Waiters(clock)
    this.node = new Waiters(clock)
    this.update = new Waiters(clock)
  }

  rejectAll(error: KafkaError): void {
    this.topic.rejectAll(error)
    this.node.rejectAll(error)
    this.update.rejectAll(error)
  }
}
