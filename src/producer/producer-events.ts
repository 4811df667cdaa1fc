import type { KafkaError } from '../errors.js'
import type { ProducerRecord, UndeliveredRecord } from './record.js'

/** A broker that was connected to. */
export interface ConnectEvent {
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

export interface DisconnectEvent extends ConnectEvent {
  /** Absent for an end that nobody needs to know about: after idling, or by close. */
  readonly error?: KafkaError
}

export interface ThrottleEvent {
  readonly nodeId: number
  /** How long the broker asked us to send it nothing. */
  readonly throttleMs: number
}

/** The events of a producer and what their listeners get. */
export interface ProducerEventMap {
  connect: [event: ConnectEvent]
  disconnect: [event: DisconnectEvent]
  throttle: [event: ThrottleEvent]
  /** After `send` or `produce` returned false: there is room again. */
  drain: []
  /** A record sent by `produce` failed. The caller's own object only if it failed before it was serialized. */
  deliveryError: [error: KafkaError, record: UndeliveredRecord | ProducerRecord]
  /** The producer can do no more work. Only a transaction can bring it there: without one it always tries again. */
  fatal: [error: KafkaError]
}
