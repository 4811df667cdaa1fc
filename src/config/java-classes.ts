import type { ProducerConfig } from './types.js'

/** Java's serializers for strings and bytes. Here these need no serializer. */
export const serializersOfBytes: ReadonlySet<string> = new Set(
  ['String', 'ByteArray', 'ByteBuffer', 'Bytes'].map(
    (type) => `org.apache.kafka.common.serialization.${type}Serializer`,
  ),
)

/** Java's keys for the encoding of its StringSerializer. */
export const encodingKeys: ReadonlySet<string> = new Set([
  'serializer.encoding',
  'key.serializer.encoding',
  'value.serializer.encoding',
])

/** Java's partitioner classes, including those that Kafka 4 removed, each with our settings for it. */
export const partitionerClasses: ReadonlyMap<
  string,
  Pick<ProducerConfig, 'partitioner' | 'partitionerIgnoreKeys'>
> = new Map([
  ['org.apache.kafka.clients.producer.RoundRobinPartitioner', { partitioner: 'round-robin' }],
  ['org.apache.kafka.clients.producer.internals.DefaultPartitioner', { partitioner: 'default' }],
  [
    'org.apache.kafka.clients.producer.UniformStickyPartitioner',
    { partitioner: 'default', partitionerIgnoreKeys: true },
  ],
])
