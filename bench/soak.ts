import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Admin } from '../src/index.js'
import { startKafka } from '../test/support/kafka/cluster.js'
import { DriverProcess } from './memory/driver-process.js'
import { median, slope, spread } from './memory/statistics.js'
import { type Bound, judge } from './memory/verdict.js'
import type { Sample, SoakTask } from './soak/messages.js'

/**
 * A producer at full speed for a long time, against one node of Apache Kafka whose topics keep less than 1
 * GB. Its memory must not grow. The last two thirds of the time are judged. The exit code is 1 if a bound
 * does not hold.
 */

const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    'record-size': { type: 'string', default: '100' },
  },
})
const minutes = Number(options.minutes)

const HEAP_SLOPE_LIMIT = 2
const RSS_SPREAD_LIMIT = 0.05
/**
 * A minute with less than this share of the usual rate does not count for memory: the machine was busy, and
 * an idle process gives memory back.
 */
const FULL_SPEED_SHARE = 0.2
/**
 * The bytes of each partition after retention has deleted segments. Segments that are not deleted yet come on
 * top.
 */
const PARTITION_BYTES = 40_000_000
const PARTITIONS = 6

async function main(): Promise<void> {
  await using kafka = await startKafka({
    brokers: 1,
    // At full speed a log grows by its whole size within seconds, so it has to be cut as quickly.
    config: {
      'log.retention.check.interval.ms': '1000',
      'log.initial.task.delay.ms': '1000',
      'log.segment.delete.delay.ms': '500',
    },
  })
  const { bootstrapServers } = kafka
  const topic = 'soak'
  const sideTopic = 'soak-aside'
  await using admin = new Admin({ bootstrapServers })
  const configs = { 'retention.bytes': `${PARTITION_BYTES}`, 'segment.bytes': `${PARTITION_BYTES / 4}` }
  await admin.createTopics(
    [topic, sideTopic].map((name) => ({ topic: name, numPartitions: PARTITIONS, configs })),
  )
  const task: SoakTask = {
    bootstrapServers,
    minutes,
    recordSize: Number(options['record-size']),
    topic,
    sideTopic,
  }
  console.log(
    `Node ${process.version}, ${minutes} minutes, values of ${task.recordSize} B to ${PARTITIONS} partitions, default config`,
  )
  console.log('minute  heapUsed MB  external MB  RSS MB  under load MB  records/s  broker log MB  handles')
  using driver = new DriverProcess<SoakTask, Sample>(new URL('soak/driver.js', import.meta.url), task, [
    '--expose-gc',
  ])
  const samples: Sample[] = []
  while (samples.length < minutes) {
    const sample = await driver.next()
    const logBytes = await sizeOf(kafka.brokers[0]?.dataFolder ?? '')
    console.log(lineOf(sample, samples.at(-1), logBytes))
    samples.push(sample)
  }
  judge(boundsOf(samples))
}

function lineOf(sample: Sample, before: Sample | undefined, logBytes: number): string {
  const { minute, heapUsed, external, rss, rssUnderLoad, sent, handles, faults } = sample
  const columns = [
    [`${minute}`, 6],
    [(heapUsed / 1e6).toFixed(3), 13],
    [(external / 1e6).toFixed(1), 13],
    [(rss / 1e6).toFixed(1), 8],
    [(rssUnderLoad / 1e6).toFixed(1), 15],
    [`${Math.round((sent - (before?.sent ?? 0)) / 60)}`, 11],
    [(logBytes / 1e6).toFixed(0), 15],
  ] as const
  const line = columns.map(([text, width]) => text.padStart(width)).join('')
  return [`${line}  ${JSON.stringify(handles)}`, ...faults].join('\n')
}

function boundsOf(samples: readonly Sample[]): Bound[] {
  const judged = samples.filter(({ minute }) => minute * 3 > minutes)
  const growth = slope(judged.map(({ minute, heapUsed }) => ({ x: minute / 60, y: heapUsed / 1e6 })))
  const rates = new Map(samples.map((sample, i) => [sample, sample.sent - (samples[i - 1]?.sent ?? 0)]))
  const usualRate = median([...rates.values()])
  const atSpeed = judged.filter((sample) => (rates.get(sample) ?? 0) >= usualRate * FULL_SPEED_SHARE)
  const rss = spread(atSpeed.map((sample) => sample.rss))
  const handles = new Set(judged.map((sample) => JSON.stringify(sample.handles)))
  const last = samples.at(-1)
  const held = Math.max(...samples.map(({ heldBytes }) => heldBytes))
  return [
    {
      what: `heapUsed after a collection, slope over the last ${judged.length} minutes`,
      measured: `${growth.toFixed(3)} MB/h`,
      allowed: `less than ${HEAP_SLOPE_LIMIT} MB/h`,
      holds: growth < HEAP_SLOPE_LIMIT,
    },
    {
      what: `RSS after a collection, (highest - lowest) / mean of the ${atSpeed.length} minutes at full speed`,
      measured: `${(rss * 100).toFixed(2)} %`,
      allowed: `${RSS_SPREAD_LIMIT * 100} %`,
      holds: rss <= RSS_SPREAD_LIMIT,
    },
    {
      what: 'handles',
      measured: [...handles].join(' then '),
      allowed: 'always the same',
      holds: handles.size === 1,
    },
    {
      what: 'bytes held while no record is in flight',
      measured: `${held}`,
      allowed: '0',
      holds: held === 0,
    },
    {
      what: `${last?.sent} records sent`,
      measured: `${last?.acknowledged} acknowledged, ${last?.faults.length} faults`,
      allowed: 'all of them, none',
      holds: last !== undefined && last.acknowledged === last.sent && last.faults.length === 0,
    },
  ]
}

/** The bytes of all files in a folder. Files that disappear meanwhile do not count. */
async function sizeOf(folder: string): Promise<number> {
  let bytes = 0
  for (const file of await readdir(folder, { recursive: true })) {
    const found = await stat(join(folder, file)).catch(() => null)
    // Counts allocated blocks and not file lengths, because Kafka creates empty indexes at full length.
    if (found?.isFile()) bytes += found.blocks * 512
  }
  return bytes
}

await main()
