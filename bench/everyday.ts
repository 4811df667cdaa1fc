import { parseArgs } from 'node:util'
import { Admin } from '../src/index.js'
import { type NodeRelease, nodeProgram } from '../test/package/node-releases.js'
import { startKafka } from '../test/support/kafka/cluster.js'
import type { Outcome, Task, Workload } from './everyday/messages.js'
import { DriverProcess } from './memory/driver-process.js'
import { installJavaScriptPeers } from './peers/install.js'

/**
 * Simple programs with the defaults of each client. They await one record after the other, send everything in
 * one turn, send at a steady rate, or send as fast as possible. Each runs in a process of its own, in
 * rotating order. Prints the medians.
 */

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'await,all at once,open loop,full speed' },
    senders: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    partitions: { type: 'string', default: '6' },
  },
})

const NODE_OF: Readonly<Record<string, NodeRelease>> = { platformatic: '24.21.0' }
const ours = ['odradek', 'odradek lingerMs 0', 'odradek lingerMs 5']
const topic = 'everyday'

interface Case {
  readonly workload: Workload
  readonly recordSize: number
  readonly senders: readonly string[]
}

const seconds = Number(options.seconds)
const cases: readonly Case[] = [
  {
    workload: { kind: 'await', seconds },
    recordSize: 100,
    senders: [...ours, 'kafkajs', 'platformatic'],
  },
  {
    workload: { kind: 'all at once', records: 100_000 },
    recordSize: 1_000,
    senders: ['odradek', 'kafkajs', 'platformatic'],
  },
  { workload: { kind: 'open loop', perSecond: 10_000, seconds }, recordSize: 100, senders: ours },
  {
    workload: { kind: 'full speed', records: 3_000_000, outstanding: 20_000 },
    recordSize: 100,
    senders: ['odradek', 'odradek lingerMs 5'],
  },
]

async function main(): Promise<void> {
  const chosen = cases.filter(({ workload }) => options.only.split(',').includes(workload.kind))
  const wanted = options.senders?.split(',')
  const names = (of: Case): string[] =>
    of.senders.filter((name) => wanted === undefined || wanted.includes(name))
  if (chosen.flatMap(names).some((name) => !ours.includes(name))) await installJavaScriptPeers()
  await using kafka = await startKafka({ brokers: 1 })
  await using admin = new Admin({ bootstrapServers: kafka.bootstrapServers })
  const configs = { 'retention.bytes': '200000000', 'segment.bytes': '100000000' }
  await admin.createTopics([{ topic, numPartitions: Number(options.partitions), configs }])
  for (const one of chosen) {
    const outcomes = new Map<string, Outcome[]>(names(one).map((name) => [name, []]))
    // Round 0 does not count. A fresh broker is slow until its code is compiled: the first client would pay.
    for (let round = 0; round <= Number(options.rounds); round++) {
      const order = names(one)
      order.push(...order.splice(0, round % order.length))
      for (const sender of order) {
        const { workload, recordSize } = one
        const { bootstrapServers } = kafka
        const outcome = await run({ sender, workload, bootstrapServers, topic, recordSize })
        if (round > 0) outcomes.get(sender)?.push(outcome)
      }
    }
    print(one, outcomes)
  }
}

async function run(task: Task): Promise<Outcome> {
  const release = NODE_OF[task.sender]
  const program = release === undefined ? process.execPath : await nodeProgram(release)
  using driver = new DriverProcess<Task, Outcome>(
    new URL('everyday/driver.js', import.meta.url),
    task,
    [],
    program,
  )
  return await driver.next()
}

function print({ workload, recordSize }: Case, outcomes: ReadonlyMap<string, readonly Outcome[]>): void {
  const what = Object.entries(workload).map(([key, value]) => (key === 'kind' ? value : `${key} ${value}`))
  console.log(`\n${what.join(', ')}; ${recordSize} B; median of ${options.rounds} (lowest to highest)`)
  for (const [name, of] of outcomes) {
    const [first] = of
    if (first === undefined) continue
    const failed: Record<string, number> = {}
    for (const outcome of of)
      for (const [code, count] of Object.entries(outcome.failed)) failed[code] = (failed[code] ?? 0) + count
    const cells = [
      `${spread(
        of.map((outcome) => outcome.acknowledged / outcome.seconds),
        0,
      )} records/s`,
      `p50 ${spread(
        of.flatMap(({ p50Ms }) => p50Ms ?? []),
        2,
      )} ms`,
      `p99 ${spread(
        of.flatMap(({ p99Ms }) => p99Ms ?? []),
        2,
      )} ms`,
      `CPU ${spread(
        of.map(({ cpuUs, acknowledged }) => cpuUs / acknowledged),
        2,
      )} us/record`,
      `${spread(
        of.flatMap(({ recordsPerBatch }) => recordsPerBatch ?? []),
        1,
      )} records/batch`,
      `failed ${JSON.stringify(failed)}`,
    ]
    const version = first.version === 'odradek' ? '' : ` (${first.version})`
    console.log(
      `  ${name}${version}, Node ${first.node}: ${cells.filter((cell) => !cell.includes('none')).join('; ')}`,
    )
  }
}

/** The median, with the lowest and the highest number in brackets. */
function spread(numbers: readonly number[], digits: number): string {
  const sorted = numbers.toSorted((a, b) => a - b)
  const [lowest, highest, middle] = [sorted[0], sorted.at(-1), sorted[sorted.length >> 1]]
  if (lowest === undefined || highest === undefined || middle === undefined) return 'none'
  const shown = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: digits })
  return `${shown(middle)} (${shown(lowest)} to ${shown(highest)})`
}

await main()
