/** One more than the highest sequence, after which sequences wrap to 0. */
const SEQUENCE_MODULUS = 0x80000000

/** The sequence `count` after `sequence`: 2,147,483,647 is followed by 0. */
export function addToSequence(sequence: number, count: number): number {
  return (sequence + count) % SEQUENCE_MODULUS
}

/** The identity of an idempotent producer. Two objects are the same identity if id and epoch are equal. */
export interface ProducerIdentity {
  readonly producerId: bigint
  /** 0 to 32,767. */
  readonly epoch: number
  /** Whether the records under this identity belong to a transaction. */
  readonly transactional: boolean
}

export function sameIdentity(a: ProducerIdentity, b: ProducerIdentity): boolean {
  return a.epoch === b.epoch && a.producerId === b.producerId
}
