/**
 * The journal of a driver: entries of 16 bytes, big endian.
 *
 * | bytes | |
 * |---|---|
 * | 0 | kind, see `entryKinds` |
 * | 1 | unused, 0 |
 * | 2 to 3 | partition; 65535 if there is none, or if it is unknown |
 * | 4 to 7 | the record's number within the incarnation |
 * | 8 to 15 | signed: offset (-1: unknown), or a time in milliseconds since 1970, or a duration in
 * milliseconds |
 */
export const entrySize = 16

export const entryKinds = {
  /** Partition, number and offset. */
  acknowledged: 1,
  /** Number. Certainly not in the log. */
  notPersisted: 2,
  /** Number. Perhaps in the log. */
  possiblyPersisted: 3,
  /**
   * All records from this number on are sent at this time or later. Written before the first of them is sent.
   */
  sending: 4,
  /** The outcomes up to the next entry of this kind came at this time or later. */
  heard: 5,
  /** A broker asked for a pause of this many milliseconds. */
  throttled: 6,
  /**
   * The last entry of a driver that was stopped in order. The number of records that were sent; all have an
   * outcome.
   */
  end: 7,
} as const

export type EntryKind = (typeof entryKinds)[keyof typeof entryKinds]

export const noPartition = 0xffff

/** Writes one entry. Numbers go up to 2^32 - 1. */
export function writeEntry(
  into: DataView,
  position: number,
  kind: EntryKind,
  partition: number,
  number: number,
  value: bigint,
): void {
  into.setUint8(position, kind)
  into.setUint8(position + 1, 0)
  into.setUint16(position + 2, partition)
  into.setUint32(position + 4, number)
  into.setBigInt64(position + 8, value)
}
