/** One more than the highest sequence: they wrap to 0. */
const SEQUENCE_MODULUS = 0x80000000

/** The sequence `count` after `sequence`: 2,147,483,647 is followed by 0. */
export function addToSequence(sequence: number, count: number): number {
  return (sequence + count) % SEQUENCE_MODULUS
}

/** A producer's identity in idempotent writing. Two objects are one identity if both fields agree. */
export interface ProducerIdentity {
  readonly producerId: bigint
  /** 0 to 32,767. */
  readonly epoch: number
}

export function sameIdentity(a: ProducerIdentity, b: ProducerIdentity): boolean {
  return a.epoch === b.epoch && a.producerId === b.producerId
}
