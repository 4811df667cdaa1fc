import { Admin } from '../../admin/admin.js'
import { resolveAdminConfig } from '../../admin/admin-config.js'
import type { ProducerConfig } from '../../config/config.js'
import { nodeEnvironment } from '../../environment/node-environment.js'
import type { ParsedRecord } from '../../protocol/record.js'
import { LogReader } from './log-reader.js'

const PARTITIONS = 6

/**
 * The topic of a demo. It is created if it does not exist, and read back from where it ended before the demo.
 */
export class Target {
  readonly topic: string
  readonly #admin: Admin
  readonly #reader: LogReader
  #begin: readonly bigint[] = []
  #isOurs = false

  constructor(topic: string, config: ProducerConfig) {
    this.topic = topic
    this.#admin = new Admin(config)
    this.#reader = new LogReader(topic, resolveAdminConfig(config, nodeEnvironment).network)
  }

  /** Creates the topic if it does not exist, and notes where its partitions end. */
  async prepare(): Promise<void> {
    const [outcome] = await this.#admin.createTopics([{ topic: this.topic, numPartitions: PARTITIONS }])
    if (outcome?.status === 'rejected' && outcome.error.code !== 'TOPIC_ALREADY_EXISTS') throw outcome.error
    this.#isOurs = outcome?.status === 'fulfilled'
    this.#begin = await this.#reader.endOffsets()
  }

  get partitionCount(): number {
    return this.#begin.length
  }

  /** Passes every record that was written since `prepare` to `tell`, partition by partition. */
  async readBack(tell: (record: ParsedRecord, partition: number) => void): Promise<void> {
    const end = await this.#reader.endOffsets()
    for (const [partition, to] of end.entries()) {
      await this.#reader.read(partition, this.#begin[partition] ?? 0n, to, (record) =>
        tell(record, partition),
      )
    }
  }

  /** Deletes the topic if `prepare` created it. */
  async removeIfOurs(): Promise<void> {
    if (!this.#isOurs) return
    this.#isOurs = false
    const [outcome] = await this.#admin.deleteTopics([this.topic])
    if (outcome?.status === 'rejected') throw outcome.error
  }

  async close(): Promise<void> {
    this.#reader.close()
    await this.#admin.close()
  }
}
