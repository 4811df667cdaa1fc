import type { ChaosClient } from '../../test/chaos/driver/chaos-client.js'
import type { DriverSettings } from '../../test/chaos/driver/driver-settings.js'

/**
 * Gives every record a partition, for a client that chooses another partition when it sends a record again.
 */
export function partitioned({ topics }: Pick<DriverSettings, 'topics'>, client: ChaosClient): ChaosClient {
  const partitionCounts = new Map(topics.map(({ name, partitions }) => [name, partitions]))
  let turn = 0
  return {
    send: (record, settled) => {
      const count = partitionCounts.get(record.topic) ?? 1
      const { partition = (record.key === undefined ? turn++ : sumOf(record.key)) % count } = record
      client.send({ ...record, partition }, settled)
    },
    close: () => client.close(),
  }
}

/** A hash of the key. It only has to be the same for the same key. */
function sumOf(key: string): number {
  let sum = 0
  for (const byte of Buffer.from(key)) sum = (31 * sum + byte) % 1_000_003
  return sum
}
