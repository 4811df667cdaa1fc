import type { NodeRelease } from '../../test/package/node-releases.js'

/** A client, and a way to call it. */
export interface Contender {
  /** The file in `test/chaos/clients`. */
  readonly client: string
  /** The package of the client; absent for this project's own. */
  readonly packageName?: string
  /** The Node release for a client whose `engines` exclude the Node that runs this program. */
  readonly node?: NodeRelease
  readonly calls: string
}

export const contenders: readonly Contender[] = [
  { client: 'odradek', calls: 'a send per record, none awaited' },
  {
    client: 'librdkafka',
    packageName: '@confluentinc/kafka-javascript',
    calls: 'a send per record, none awaited',
  },
  { client: 'kafkajs', packageName: 'kafkajs', calls: 'one send at a time' },
  {
    client: 'kafkajs-partitioned',
    packageName: 'kafkajs',
    calls: 'one send at a time, every record with its partition',
  },
  { client: 'kafkajs-concurrent', packageName: 'kafkajs', calls: 'a send per record, none awaited' },
  {
    client: 'platformatic',
    packageName: '@platformatic/kafka',
    node: '24.21.0',
    calls: 'one send at a time',
  },
  {
    client: 'platformatic-concurrent',
    packageName: '@platformatic/kafka',
    node: '24.21.0',
    calls: 'a send per record, none awaited',
  },
]
