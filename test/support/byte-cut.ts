import { Buffer } from 'node:buffer'
import type { Producer, ProducerRecord, RecordMetadata } from '../../src/index.js'
import type { Direction } from '../simulation/link.js'
import { VirtualBrokers } from './virtual-brokers.js'

export interface ByteCutOptions {
  readonly compressionType: 'none' | 'gzip'
  readonly partitions: number
  /** The producer's `retries`; 0 switches idempotence off. */
  readonly retries: number
}

/**
 * The position at which the network cuts the connection: after this many bytes of the request or response.
 */
export interface ByteCut {
  readonly direction: Direction
  readonly atByte: number
}

/** The result of one cut. */
export interface AfterCut {
  /** The bytes of the Produce request and of its response that arrived on the connection to be cut. */
  readonly arrived: Readonly<Record<Direction, Buffer>>
  /** Whether the network has cut the connection. */
  readonly wasCut: boolean
  /** The outcomes of the request's records, in the order of the sends. */
  readonly outcomes: readonly PromiseSettledResult<RecordMetadata>[]
  /** `partition/offset value` of all records in the final log, including one that was sent afterwards. */
  readonly log: readonly string[]
  /** The number of their batches that the broker has read in complete requests. */
  readonly batchesRead: number
}

const TOPIC = 't'
const RECORDS_PER_PARTITION = 2

/** The content of one request: some records for each partition. */
export function recordsOfOneRequest(partitions: number): { partition: number; value: string }[] {
  return Array.from({ length: partitions * RECORDS_PER_PARTITION }, (_, i) => ({
    partition: i % partitions,
    value: `record ${i}`,
  }))
}

/**
 * Sends one Produce request over a ready and idle connection, and cuts that connection. When all records have
 * settled, it sends another one to each partition. Each call has a new world with the same content.
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
  // By then the client has noticed a cut after the last byte of the response.
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
