import { PartitionSequence } from '../../src/producer/idempotence/partition-sequence.js'

/**
 * Makes every partition start at sequence `first` under a producer id with `epoch`, as if it had written that
 * many records. A broker accepts any first sequence of an unknown producer. Under a raised epoch the first
 * sequence stays 0, as it must be. The change is for the whole process.
 *
 * @returns a function that undoes the change
 */
export function startSequencesAt(first: number, epoch: number): () => void {
  const { prototype } = PartitionSequence
  const { assign } = prototype
  prototype.assign = function (this: PartitionSequence, identity) {
    assign.call(this, identity)
    if (first > 0 && identity.epoch === epoch) this.take(first)
  }
  return () => {
    prototype.assign = assign
  }
}
