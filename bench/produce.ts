import { Buffer } from 'node:buffer'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { Admin, Producer, type ProducerConfig } from '../src/index.js'
import { startKafka } from '../test/support/kafka/cluster.js'

/**
 * Measures records per second, CPU per record and memory against a real broker. It is a given one, or a node
 * of Apache Kafka that is started for this. Each round sends the same records to the same topic. The first
 * round warms up and is not counted.
 */

const { values: options } = parseArgs({
  options: {
    'bootstrap-server': { type: 'string' },
    records: { type: 'string', default: '3000000' },
    'record-size': { type: 'string', default: '100' },
    partitions: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '5' },
    'batch-size': { type: 'string' },
    'linger-ms': { type: 'string' },
    'compression-type': { type: 'string' },
    mode: { type: 'string', default: 'callback' },
    keyed: { type: 'boolean', default: false },
    outstanding: { type: 'string', default: '20000' },
  },
})

const records = Number(options.records)
const recordSize = Number(options['record-size'])
const outstandingLimit = Number(options.outstanding)

interface Round {
  readonly recordsPerSecond: number
  readonly cpuMicroseconds: number
  readonly rssMegabytes: number
}

async function main(): Promise<void> {
  const given = options['bootstrap-server']
  const kafka = given === undefined ? await startKafka({ brokers: 1 }) : null
  const bootstrapServers = given ?? (kafka as NonNullable<typeof kafka>).bootstrapServers
  const topic = `odradek-bench-${process.pid}`
  const admin = new Admin({ bootstrapServers })
  await admin.createTopics([
    {
      topic,
      numPartitions: Number(options.partitions),
      configs: { 'retention.bytes': '200000000', 'segment.bytes': '100000000' },
    },
  ])
  const config: ProducerConfig = {
    bootstrapServers,
    ...(options['batch-size'] && { batchSize: Number(options['batch-size']) }),
    ...(options['linger-ms'] && { lingerMs: Number(options['linger-ms']) }),
    ...(options['compression-type'] === 'gzip' && { compressionType: 'gzip' }),
  }
  console.log(
    `Node ${process.version}, ${records} records of ${recordSize} B to ${options.partitions} partitions, acks=all, idempotent, ${options.mode}, ${JSON.stringify({ ...config, bootstrapServers: undefined })}`,
  )
  const rounds: Round[] = []
  for (let i = 0; i <= Number(options.rounds); i++) {
    const round = await run(config, topic)
    console.log(
      `${i === 0 ? 'warm-up' : `round ${i}`}: ${Math.round(round.recordsPerSecond)} records/s, ${round.cpuMicroseconds.toFixed(3)} us CPU/record, RSS ${Math.round(round.rssMegabytes)} MB`,
    )
    if (i > 0) rounds.push(round)
  }
  const middle = (of: (round: Round) => number): number =>
    rounds.map(of).sort((a, b) => a - b)[rounds.length >> 1] as number
  console.log(
    `median: ${Math.round(middle((round) => round.recordsPerSecond))} records/s, ${middle((round) => round.cpuMicroseconds).toFixed(3)} us CPU/record, RSS ${Math.round(middle((round) => round.rssMegabytes))} MB`,
  )
  await admin.deleteTopics([topic])
  await admin.close()
  await kafka?.stop()
}

async function run(config: ProducerConfig, topic: string): Promise<Round> {
  const producer = new Producer(config)
  await producer.connect()
  await producer.partitionsFor(topic)
  const cpu = process.cpuUsage()
  const started = performance.now()
  await (options.mode === 'promise' ? byPromise(producer, topic) : byCallback(producer, topic))
  const seconds = (performance.now() - started) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const rssMegabytes = process.memoryUsage.rss() / 1e6
  await producer.close()
  return { recordsPerSecond: records / seconds, cpuMicroseconds: (user + system) / records, rssMegabytes }
}

/** Sends by callback while the producer has room, and waits for `drain` otherwise. */
function byCallback(producer: Producer, topic: string): Promise<void> {
  const value = Buffer.alloc(recordSize, 'x')
  return new Promise((resolve, reject) => {
    let sent = 0
    let acknowledged = 0
    const callback = (error: Error | null): void => {
      if (error !== null) reject(error)
      if (++acknowledged === records) resolve()
    }
    const send = (): void => {
      while (sent < records) {
        const record = options.keyed ? { topic, key: `key-${sent % 10_000}`, value } : { topic, value }
        sent++
        if (!producer.send(record, callback)) {
          producer.once('drain', send)
          return
        }
      }
    }
    send()
  })
}

/** Sends with a bounded number of open promises. */
function byPromise(producer: Producer, topic: string): Promise<void> {
  const value = Buffer.alloc(recordSize, 'x')
  return new Promise((resolve, reject) => {
    let sent = 0
    let acknowledged = 0
    const settled = (): void => {
      acknowledged++
      if (acknowledged === records) resolve()
      else if (sent < records && sent - acknowledged < outstandingLimit / 2) fill()
    }
    const fill = (): void => {
      while (sent < records && sent - acknowledged < outstandingLimit) {
        sent++
        producer.send({ topic, value }).then(settled, reject)
      }
    }
    fill()
  })
}

await main()
