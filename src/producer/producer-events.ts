import type { KafkaError } from '../errors.js'
import type { ProducerRecord, UndeliveredRecord } from './record.js'

/** A broker to which a connection was made. */
export interface ConnectEvent {
  /** The broker's node id; negative for a bootstrap server. */
  readonly nodeId: number
  readonly host: string
  readonly port: number
}

/** The end of a connection, or of an attempt to connect. */
export interface DisconnectEvent extends ConnectEvent {
  /** The failure; absent if the connection was closed after idling or by `close`. */
  readonly error?: KafkaError | undefined
}

/** A pause that a broker asked for because of a quota (KIP-219). */
export interface ThrottleEvent {
  readonly nodeId: number
  /** Milliseconds for which the producer sends nothing to the broker. */
  readonly throttleMs: number
}

/** The events of a producer, with the arguments of their listeners. */
export interface ProducerEventMap {
  /** A connection to a broker is ready for use. */
  connect: [event: ConnectEvent]
  /** A connection to a broker ended, or could not be made. */
  disconnect: [event: DisconnectEvent]
  /** A broker throttled the client. */
  throttle: [event: ThrottleEvent]
  /** There is room again after `send` or `produce` returned false. */
  drain: []
  /**
   * A record of `produce` was not delivered. `record` is an UndeliveredRecord if it was in a batch. Otherwise
   * it has the fields of the caller's object, with the bytes that it had when it was sent.
   */
  deliveryError: [error: KafkaError, record: UndeliveredRecord | ProducerRecord]
  /**
   * The producer can do nothing more, and has to be closed. Only transactions can cause this, which this
   * version does not have. So the event does not come: after an error with `fatal: true` the next send tries
   * again.
   */
  fatal: [error: KafkaError]
}
