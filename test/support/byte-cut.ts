import { Buffer } from 'node:buffer'
import type { Producer, ProducerRecord, RecordMetadata } from '../../src/index.js'
import type { Direction } from '../simulation/link.js'
import { VirtualBrokers } from './virtual-brokers.js'

export interface ByteCutOptions {
  readonly compressionType: 'none' | 'gzip'
  readonly partitions: number
  /** How often the producer tries again; 0 switches idempotence off. */
  readonly retries: number
}

/** Where the network cuts the connection: behind this many bytes of the Produce request, or of its response. */
export interface ByteCut {
  readonly direction: Direction
  readonly atByte: number
}

/** What a sweep wants to know of one cut. */
export interface AfterCut {
  /** What came through of the Produce request and of its response on the connection that was to be cut. */
  readonly arrived: Readonly<Record<Direction, Buffer>>
  /** Whether the network has cut it. */
  readonly wasCut: boolean
  /** Of the records of the one request, in the order of the sends. */
  readonly outcomes: readonly PromiseSettledResult<RecordMetadata>[]
  /** `partition/offset value` of all that the log holds in the end, a record that was sent afterwards included. */
  readonly log: readonly string[]
  /** How many batches of theirs the broker has read, in requests that came whole. */
  readonly batchesRead: number
}

const TOPIC = 't'
const RECORDS_PER_PARTITION = 2

/** What is sent in one request: some records for each partition. */
export function recordsOfOneRequest(partitions: number): { partition: number; value: string }[] {
  return Array.from({ length: partitions * RECORDS_PER_PARTITION }, (_, i) => ({
    partition: i % partitions,
    value: `record ${i}`,
  }))
}

/**
 * Sends one Produce request in a world of its own, which is the same world at each call, over a connection that is ready and otherwise quiet; cuts
 * that connection; and, when all is told, sends another record to each partition.
 */
export async function sendAcrossCut(options: ByteCutOptions, cut: ByteCut | null): Promise<AfterCut> {
  const { compressionType, partitions, retries } = options
  const brokers = await VirtualBrokers.start(1, TOPIC, partitions)
  const { cluster, network } = brokers
  const producer = brokers.producer({ clientId: 'swept', compressionType, retries, lingerMs: 0 })
  const toEach = (value: string): ProducerRecord[] =>
    Array.from({ length: partitions }, (_, partition) => ({ topic: TOPIC, partition, value }))
  await settle(brokers, producer, toEach('before'))
  await brokers.pass(50)
  const [link, ...others] = network.links()
  if (link === undefined || others.length > 0 || !network.isQuiet) throw new Error('not one quiet connection')
  cluster.clearRequests()
  const arrived: Record<Direction, Buffer> = { toBroker: Buffer.alloc(0), toClient: Buffer.alloc(0) }
  link.tap = (direction, bytes) => {
    arrived[direction] = Buffer.concat([arrived[direction], bytes])
  }
  if (cut !== null) link.cutAfter(cut.direction, cut.atByte)
  const records = recordsOfOneRequest(partitions).map((record) => ({ topic: TOPIC, ...record }))
  const outcomes = await settle(brokers, producer, records)
  const wasCut = link.isOver
  link.tap = null
  const batchesRead = cluster.requests().flatMap(({ produced }) => produced ?? []).length
  // By then the client has heard of a cut behind the last byte of the response.
  await brokers.pass(50)
  await settle(brokers, producer, toEach('after'))
  await brokers.ended(producer.close())
  await cluster.close()
  const log = cluster
    .records(TOPIC)
    .map(({ partition, offset, value }) => `${partition}/${offset} ${value?.toString()}`)
  return { arrived, wasCut, outcomes, log, batchesRead }
}

function settle(
  brokers: VirtualBrokers,
  producer: Producer,
  records: readonly ProducerRecord[],
): Promise<PromiseSettledResult<RecordMetadata>[]> {
  return brokers.ended(Promise.allSettled(records.map((record) => producer.send(record))))
}
