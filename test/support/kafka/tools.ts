export {
  type ConsoleConsumerOptions,
  consoleConsumer,
  consoleConsumerOutput,
  type PrintedRecord,
} from './console-consumer.js'
export { dumpLogSegments, type LoggedBatch } from './dump-log.js'
export { configCommand, isAtLeast, runKafkaTool, type ToolOptions } from './kafka-tool.js'
export { type KcatReadOptions, type KcatRecord, kcat, kcatRead } from './kcat.js'
export { javaMurmur2 } from './murmur2/java-murmur2.js'
export { type JavaRecord, type ReadOptions, readRecords } from './read-records/read-records.js'
export { runJava } from './run-java.js'
export { addPartitions, createTopic, deleteTopic, type TopicOptions } from './topics.js'
