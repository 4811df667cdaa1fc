import { PartitionSequence } from '../../src/producer/partition-sequence.js'

/**
 * Has every partition hand out `first` as its first sequence under a producer id that comes with `epoch`, as if it had written so many
 * records already: a broker takes any first sequence of a producer that it does not know. Under a raised epoch it must be 0, and is.
 * Returns the way back: it holds for the whole process.
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
