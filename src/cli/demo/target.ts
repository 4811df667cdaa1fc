import { Admin } from '../../admin/admin.js'
import { adminConfigOf, resolveAdminConfig } from '../../admin/admin-config.js'
import { BrokerRequests } from '../../admin/broker-requests.js'
import { nodeEnvironment } from '../../environment/node-environment.js'
import type { ProducerConfig } from '../../producer/config/config.js'
import type { ParsedRecord } from '../../protocol/record.js'
import { LogReader } from './log-reader.js'

const PARTITIONS = 6

/** The topic of a demo: made for it unless it is there, and read back from where it ended before. */
export class Target {
  readonly topic: string
  readonly #admin: Admin
  readonly #requests: BrokerRequests
  readonly #reader: LogReader
  #begin: readonly bigint[] = []
  #isOurs = false

  constructor(topic: string, config: ProducerConfig) {
    const adminConfig = adminConfigOf(config)
    this.topic = topic
    this.#admin = new Admin(adminConfig)
    this.#requests = new BrokerRequests(resolveAdminConfig(adminConfig).network, nodeEnvironment)
    this.#reader = new LogReader(this.#requests, topic)
  }

  /** Makes the topic unless it is there, and notes where its partitions end. */
  async prepare(): Promise<void> {
    const [outcome] = await this.#admin.createTopics([{ topic: this.topic, numPartitions: PARTITIONS }])
    if (outcome?.status === 'rejected' && outcome.error.code !== 'TOPIC_ALREADY_EXISTS') throw outcome.error
    this.#isOurs = outcome?.status === 'fulfilled'
    this.#begin = await this.#reader.endOffsets()
  }

  get partitionCount(): number {
    return this.#begin.length
  }

  /** Tells every record that has come since `prepare`, partition by partition. */
  async readBack(tell: (record: ParsedRecord, partition: number) => void): Promise<void> {
    const end = await this.#reader.endOffsets()
    for (const [partition, to] of end.entries()) {
      await this.#reader.read(partition, this.#begin[partition] ?? 0n, to, (record) =>
        tell(record, partition),
      )
    }
  }

  /** Deletes the topic if `prepare` has made it. */
  async removeIfOurs(): Promise<void> {
    if (!this.#isOurs) return
    this.#isOurs = false
    const [outcome] = await this.#admin.deleteTopics([this.topic])
    if (outcome?.status === 'rejected') throw outcome.error
  }

  async close(): Promise<void> {
    this.#requests.close()
    await this.#admin.close()
  }
}
