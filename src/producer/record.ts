import type { RecordMetadata } from '../config/record.js'
import type { KafkaError } from '../errors.js'

export type {
  ProducerRecord,
  RecordHeaders,
  RecordHeaderValue,
  RecordMetadata,
} from '../config/record.js'

/**
 * Receives the outcome of a record. It is called exactly once, on a later turn. Calls for the records of one
 * partition come in the order of the sends.
 */
export type SendCallback = (error: KafkaError | null, metadata: RecordMetadata | null) => void

/**
 * A record as it was serialized, for the event `deliveryError`. `JSON.stringify` gives keys, values and
 * values of headers as strings if they are UTF-8 text, and otherwise as `{ base64: '...' }`.
 */
export interface UndeliveredRecord {
  readonly topic: string
  readonly partition: number
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly headers: readonly (readonly [name: string, value: Uint8Array | null])[]
}
