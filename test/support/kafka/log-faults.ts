import type { LoggedBatch } from './dump-log.js'

/**
 * The faults of a partition's log that one idempotent producer has written from the beginning. In a good log
 * the checksums are right, and each batch continues the offsets and, except under a new epoch, the sequences
 * of the one before.
 */
export function logFaults(batches: readonly LoggedBatch[]): string[] {
  if (batches.length === 0) return ['the log is empty']
  const faults: string[] = []
  let [before] = batches
  for (const [index, batch] of batches.entries()) {
    const { baseOffset, baseSequence, producerId, producerEpoch, isValid } = batch
    const fault = (text: string) => faults.push(`the batch at offset ${baseOffset}: ${text}`)
    if (!isValid) fault('its checksum is wrong')
    if (producerId < 0) fault('it has no producer id')
    if (producerId !== before?.producerId)
      fault(`its producer id is ${producerId} after ${before?.producerId}`)
    const startsAnew = index === 0 || producerEpoch !== before?.producerEpoch
    const offset = index === 0 ? 0 : (before?.lastOffset ?? 0) + 1
    const sequence = startsAnew ? 0 : after(before?.lastSequence ?? 0)
    if (baseOffset !== offset) fault(`offset ${offset} was to come next`)
    if (baseSequence !== sequence) fault(`its sequence is ${baseSequence}, not ${sequence}`)
    before = batch
  }
  return faults
}

/** The sequences of Kafka start again after the largest 32-bit number. */
function after(sequence: number): number {
  return sequence === 0x7fffffff ? 0 : sequence + 1
}
