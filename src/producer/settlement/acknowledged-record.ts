import type { RecordMetadata } from '../record.js'

/**
 * A RecordMetadata that JSON.stringify can write. The offset becomes a string, because JSON has no bigint.
 */
export class AcknowledgedRecord implements RecordMetadata {
  readonly topic: string
  readonly partition: number
  readonly offset: bigint
  readonly timestamp: number
  readonly serializedKeySize: number
  readonly serializedValueSize: number

  constructor(
    topic: string,
    partition: number,
    offset: bigint,
    timestamp: number,
    serializedKeySize: number,
    serializedValueSize: number,
  ) {
    this.topic = topic
    this.partition = partition
    this.offset = offset
    this.timestamp = timestamp
    this.serializedKeySize = serializedKeySize
    this.serializedValueSize = serializedValueSize
  }

  toJSON(): object {
    return { ...this, offset: this.offset.toString() }
  }
}
