import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Admin } from '../src/index.js'
import { type KafkaCluster, startKafka } from '../test/support/kafka/cluster.js'
import type { DownTask, Report, Variant } from './broker-down/messages.js'
import { DriverProcess } from './memory/driver-process.js'
import { type Bound, judge } from './memory/verdict.js'

/**
 * A user keeps sending with the default configuration while the only broker is killed and is down for a
 * minute. The peak memory of the process until the broker is back is compared with that of the same process
 * with a stub for `send`. The exit code is 1 if it is higher by more than buffer.memory, waitingMemory and
 * 64 MB, or if a record has no outcome. A user who never waits has a million open promises. These are the
 * user's own memory, so the stub leaves as many open.
 *
 * The peak behind that is shown as well. A million records leave within seconds then, and V8 collects what
 * they leave behind late.
 */

const { values: options } = parseArgs({
  options: {
    'down-seconds': { type: 'string', default: '60' },
    'record-size': { type: 'string', default: '100' },
    by: { type: 'string' },
    pace: { type: 'string' },
  },
})

const BUFFER_MEMORY = 33_554_432
const WAITING_MEMORY = 268_435_456
const ALLOWANCE = 64_000_000
const SECONDS_BEFORE = 5
const SECONDS_AFTER = 10
const STUB_SECONDS = 20
const REPORT_SECONDS = 20

const VARIANTS: readonly Variant[] = [
  { by: 'callback', pace: 'heeds' },
  { by: 'callback', pace: 'never waits' },
  { by: 'promise', pace: 'heeds' },
  { by: 'promise', pace: 'never waits' },
]

const topic = 'broker-down'

async function main(): Promise<void> {
  const variants = VARIANTS.filter(
    ({ by, pace }) => by === (options.by ?? by) && pace === (options.pace ?? pace),
  )
  if (variants.length === 0) throw new Error('--by is callback or promise, and --pace heeds or "never waits"')
  await using kafka = await startKafka({ brokers: 1 })
  await using admin = new Admin({ bootstrapServers: kafka.bootstrapServers })
  await admin.createTopics([
    { topic, numPartitions: 6, configs: { 'retention.bytes': '50000000', 'segment.bytes': '25000000' } },
  ])
  console.log(
    `Node ${process.version}, values of ${options['record-size']} B, default config, broker down for ${options['down-seconds']} s`,
  )
  const bounds: Bound[] = []
  for (const variant of variants) bounds.push(...(await measure(kafka, variant)))
  judge(bounds)
}

async function measure(kafka: KafkaCluster, variant: Variant): Promise<Bound[]> {
  const name = `by ${variant.by}, ${variant.pace}`
  let peakWhileDown = 0
  const report = await run(variant, kafka.bootstrapServers, 0, async (driver) => {
    await sleep(SECONDS_BEFORE * 1_000)
    await fail(kafka, async () => {
      for (let left = Number(options['down-seconds']); left > 0; left -= REPORT_SECONDS) {
        await sleep(Math.min(left, REPORT_SECONDS) * 1_000)
        driver.say({ kind: 'report' })
        const meanwhile = await driver.next()
        peakWhileDown = meanwhile.peakRss
        console.log(`${name}, broker down: ${shown(meanwhile)}`)
      }
    })
    await sleep(SECONDS_AFTER * 1_000)
  })
  console.log(`${name}, after all: ${shown(report)}`)
  const { sent, acknowledged, failed } = report
  const outcomes = acknowledged + Object.values(failed).reduce((sum, count) => sum + count, 0)
  const stubLeavesOpen = variant.by === 'promise' && variant.pace === 'never waits' ? report.mostOpen : 0
  const stub = await run(variant, null, stubLeavesOpen, async (driver) => {
    await sleep(STUB_SECONDS * 1_000)
    driver.say({ kind: 'broker is back' })
    await sleep(SECONDS_AFTER * 1_000)
  })
  console.log(`${name}, send stubbed, ${stubLeavesOpen} left open: ${shown(stub)}`)
  const limit = stub.peakRss + BUFFER_MEMORY + WAITING_MEMORY + ALLOWANCE
  return [
    {
      what: `${name}: peak RSS until the broker is back`,
      measured: `${megabytes(peakWhileDown)} (${megabytes(report.peakRss)} behind that)`,
      allowed: `${megabytes(stub.peakRss)} of the stub with ${stubLeavesOpen} left open + buffer.memory + waitingMemory + 64 MB = ${megabytes(limit)}`,
      holds: peakWhileDown < limit,
    },
    {
      what: `${name}: outcomes of ${sent} records`,
      measured: `${outcomes}`,
      allowed: 'one for each',
      holds: outcomes === sent && report.heldBytes === 0,
    },
  ]
}

/** Runs one driver from its start to its end. */
async function run(
  variant: Variant,
  bootstrapServers: readonly string[] | null,
  stubLeavesOpen: number,
  meanwhile: (driver: DriverProcess<DownTask, Report>) => Promise<void>,
): Promise<Report> {
  const recordSize = Number(options['record-size'])
  const task: DownTask = { ...variant, bootstrapServers, stubLeavesOpen, topic, recordSize }
  using driver = new DriverProcess<DownTask, Report>(new URL('broker-down/driver.js', import.meta.url), task)
  await meanwhile(driver)
  driver.say({ kind: 'finish' })
  return await driver.next()
}

/** Kills the only broker, and starts it again after `meanwhile`. */
async function fail({ brokers: [broker] }: KafkaCluster, meanwhile: () => Promise<void>): Promise<void> {
  if (broker === undefined) throw new Error('there is no broker')
  broker.kill('SIGKILL')
  await broker.waitForExit()
  await meanwhile()
  await broker.start()
}

function shown({ rss, peakRss, heapUsed, external, heldBytes, sent, acknowledged, failed }: Report): string {
  const memory = `RSS ${megabytes(rss)}, peak ${megabytes(peakRss)}, heap ${megabytes(heapUsed)}, external ${megabytes(external)}, held ${megabytes(heldBytes)}`
  return `${memory}; ${sent} sent, ${acknowledged} acknowledged, failed: ${JSON.stringify(failed)}`
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

await main()
