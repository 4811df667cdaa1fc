import type { ChaosRecord } from './chaos-client.js'
import type { WorkloadTopic } from './driver-settings.js'

const keyCount = 97

/**
 * The index of the topic of record `number`. Of 20 records, 18 go to the first topic and one to each of the
 * others.
 */
export function topicIndexOf(number: number): 0 | 1 | 2 {
  const rest = number % 20
  return rest === 7 ? 1 : rest === 14 ? 2 : 0
}

/**
 * Record `number` of an incarnation. In turn, records name a partition, have a key, or leave the choice to
 * the partitioner.
 */
export function recordOf(topics: readonly WorkloadTopic[], incarnation: number, number: number): ChaosRecord {
  const topic = topics[topicIndexOf(number)]
  if (topic === undefined) throw new Error('the workload needs three topics')
  const value = recordValue(incarnation, number)
  switch (number % 3) {
    case 0:
      return { topic: topic.name, partition: Math.floor(number / 3) % topic.partitions, value }
    case 1:
      return { topic: topic.name, key: `key ${number % keyCount}`, value }
    default:
      return { topic: topic.name, value }
  }
}

/** `<incarnation>.<number>.`, filled with one letter up to 60 to 139 characters, 100 on average. */
export function recordValue(incarnation: number, number: number): string {
  return `${incarnation}.${number}.`.padEnd(lengthOf(number), letterOf(number))
}

function lengthOf(number: number): number {
  return 60 + ((number * 37) % 80)
}

function letterOf(number: number): string {
  return String.fromCharCode(97 + (number % 26))
}

/** Whether these bytes are exactly the value of that record. */
export function isRecordValue(bytes: Uint8Array, headLength: number, number: number): boolean {
  if (bytes.length !== lengthOf(number)) return false
  const letter = 97 + (number % 26)
  for (let i = headLength; i < bytes.length; i++) if (bytes[i] !== letter) return false
  return true
}
