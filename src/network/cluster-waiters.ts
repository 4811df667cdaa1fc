import type { Clock } from '../environment/clock.js'
import type { KafkaError } from '../errors.js'
import type { Broker } from './broker/broker.js'
import type { TopicMetadata } from './metadata/topic-metadata.js'
import type { Stalls } from './stalls.js'
import { Waiters } from './waiters.js'

/** A topic, with the partition that must exist, if any. */
export interface WantedTopic {
  readonly name: string
  readonly partition: number | undefined
}

/** The callers that wait for something of a cluster. */
export class ClusterWaiters {
  readonly topic: Waiters<WantedTopic, TopicMetadata>
  /** Waits for any broker that can take a request. */
  readonly node: Waiters<null, Broker>
  /** Waits for a connection to one particular broker. */
  readonly connection: Waiters<Broker, Broker>

  constructor(clock: Clock, stalls: Stalls) {
    this.topic = new Waiters(clock, stalls)
    this.node = new Waiters(clock, stalls)
    this.connection = new Waiters(clock, stalls)
  }

  rejectAll(error: KafkaError): void {
    this.topic.rejectAll(error)
    this.node.rejectAll(error)
    this.connection.rejectAll(error)
  }
}
