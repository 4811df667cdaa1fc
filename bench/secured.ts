import { parseArgs } from 'node:util'
import { Admin } from '../src/index.js'
import { type KafkaCluster, startKafka } from '../test/support/kafka/cluster.js'
import { DriverProcess } from './memory/driver-process.js'
import { median } from './memory/statistics.js'
import type { Outcome, Task, Way } from './secured/messages.js'
import { allWays, configOf, openKafka } from './secured/ways.js'

/**
 * The cost of TLS and logins for the client: of a connection by each way, and of a record at full speed. The
 * ways take turns in each round, each in a process of its own. Prints the medians. SCRAM has 4,096
 * iterations. `--cpu-prof FOLDER` keeps a CPU profile of each process.
 */

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'connections,records' },
    ways: { type: 'string' },
    connections: { type: 'string', default: '500' },
    parallel: { type: 'string', default: '4' },
    records: { type: 'string', default: '3000000' },
    'record-size': { type: 'string', default: '100' },
    rounds: { type: 'string', default: '5' },
    'cpu-prof': { type: 'string' },
  },
})

const topic = 'secured'
const rounds = Number(options.rounds)

async function main(): Promise<void> {
  const wanted = options.ways?.split('/')
  const ways = allWays.filter((way) => wanted === undefined || wanted.includes(way))
  if (ways.length === 0)
    throw new Error(`--ways takes some of these, with / between them: ${allWays.join('/')}`)
  await using kafka = await startKafka(openKafka)
  await using admin = new Admin({ bootstrapServers: kafka.bootstrapServers })
  const configs = { 'retention.bytes': '200000000', 'segment.bytes': '100000000' }
  await admin.createTopics([{ topic, numPartitions: 6, configs }])
  console.log(`Node ${process.version}, Kafka ${kafka.version}, median of ${rounds} (lowest to highest)`)
  const chosen = options.only.split(',')
  if (chosen.includes('connections')) {
    const count = Number(options.connections)
    console.log(`\n${count} connections, ${options.parallel} at a time, each of a new client`)
    print(await roundsOf('connections', count, ways, kafka), 'connections/s', 'ms/connection', 1_000)
  }
  if (chosen.includes('records')) {
    const count = Number(options.records)
    console.log(`\n${count} records of ${options['record-size']} B at full speed, default config`)
    print(await roundsOf('records', count, ways, kafka), 'records/s', 'us/record', 1)
  }
}

async function roundsOf(
  kind: Task['kind'],
  count: number,
  ways: readonly Way[],
  kafka: KafkaCluster,
): Promise<Map<Way, Outcome[]>> {
  const outcomes = new Map<Way, Outcome[]>(ways.map((way) => [way, []]))
  const common = { kind, count, topic, parallel: Number(options.parallel) }
  // Round 0 does not count. A fresh broker is slow until its code is compiled: the first way would pay.
  for (let round = 0; round <= rounds; round++) {
    const order = [...ways]
    order.push(...order.splice(0, round % order.length))
    for (const way of order) {
      const config = configOf(way, kafka)
      const outcome = await run({ ...common, config, recordSize: Number(options['record-size']) })
      if (round > 0) outcomes.get(way)?.push(outcome)
    }
  }
  return outcomes
}

async function run(task: Task): Promise<Outcome> {
  const folder = options['cpu-prof']
  const profile = folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`]
  using driver = new DriverProcess<Task, Outcome>(
    new URL('secured/driver.js', import.meta.url),
    task,
    profile,
  )
  const outcome = await driver.next()
  // The profile is written at the end of the process.
  if (folder !== undefined) await driver.ended()
  return outcome
}

/** One line for each way: how fast it is, its CPU for each, and that CPU against the first way's. */
function print(
  outcomes: ReadonlyMap<Way, readonly Outcome[]>,
  speed: string,
  cost: string,
  usPerUnit: number,
): void {
  const width = Math.max(...allWays.map((way) => way.length))
  const [first] = outcomes.values()
  const costsOf = (of: readonly Outcome[]): number[] => of.map(({ cpuUs, done }) => cpuUs / done / usPerUnit)
  for (const [way, of] of outcomes) {
    const speeds = of.map(({ done, seconds }) => done / seconds)
    const ratio = median(costsOf(of)) / median(costsOf(first ?? of))
    console.log(
      `  ${way.padEnd(width)}  ${shown(speeds, 0)} ${speed}  CPU ${shown(costsOf(of), 2)} ${cost}, ${ratio.toFixed(2)} times`,
    )
  }
}

function shown(numbers: readonly number[], digits: number): string {
  const text = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: digits })
  return `${text(median(numbers))} (${text(Math.min(...numbers))} to ${text(Math.max(...numbers))})`
}

await main()
