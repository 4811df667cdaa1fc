import type { Batch } from './batch.js'
import type { Partition } from './partition.js'

/** The partition's batches without an outcome, sent or not, in the order of the sends: a batch being retried may be older than one in flight. */
export function unsettledBatches({ inFlight, queue }: Partition): Batch[] {
  return [...inFlight.filter((batch) => !batch.isDone), ...queue].sort((a, b) => a.order - b.order)
}
