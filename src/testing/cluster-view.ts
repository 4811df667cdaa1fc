import type { Broker } from './broker.js'
import type { BrokerSet } from './broker-set.js'
import type { Topic, TopicTable } from './topic-table.js'

/** What a cluster shows of itself to who prints it. */
export interface ClusterView {
  readonly bootstrapServers: string
  /** Each with its address, its node id, its state and the number of its connections. */
  readonly brokers: readonly string[]
  /** Each with the numbers of its partitions and records. */
  readonly topics: readonly string[]
}

export function clusterView(brokers: BrokerSet, topics: TopicTable): ClusterView {
  return {
    bootstrapServers: brokers.addresses().join(','),
    brokers: [...brokers].map((broker) => `${brokers.addressOf(broker.nodeId)} ${describeBroker(broker)}`),
    topics: topics.all().map(describeTopic),
  }
}

function describeBroker({ nodeId, state, connectionCount }: Broker): string {
  const connections = state === 'down' ? '' : `, ${counted(connectionCount, 'connection')}`
  return `(node ${nodeId}), ${state}${connections}`
}

function describeTopic({ name, partitions }: Topic): string {
  const records = partitions.reduce((sum, { log }) => sum + log.endOffset - log.startOffset, 0)
  return `${name}: ${counted(partitions.length, 'partition')}, ${counted(records, 'record')}`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
