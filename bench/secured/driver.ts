import { performance } from 'node:perf_hooks'
import { Producer } from '../../src/index.js'
import type { Outcome, Task } from './messages.js'

/** The process of one client. Its costs belong to one way and one kind of work. */

const OUTSTANDING = 20_000
/** What comes before the clock starts. It compiles code. */
const WARM_UP_CONNECTIONS = 20
const WARM_UP_RECORDS = 300

async function connections({ config, parallel }: Task, count: number): Promise<number> {
  let begun = 0
  let made = 0
  const lane = async (): Promise<void> => {
    while (begun < count) {
      begun++
      // A client of its own each time: one client derives the key of a password once for all connections.
      // Without idempotence the metadata are all that it asks for, on one connection.
      const producer = new Producer({ ...config, enableIdempotence: false })
      producer.on('connect', () => void made++)
      await producer.connect()
      await producer.close()
    }
  }
  await Promise.all(Array.from({ length: parallel }, lane))
  return made
}

function records(producer: Producer, { topic, recordSize }: Task, count: number): Promise<number> {
  const value = Buffer.alloc(recordSize, 'x')
  return new Promise((resolve, reject) => {
    let sent = 0
    let settled = 0
    const one = (): void => {
      sent++
      producer.send({ topic, value }, (error) => {
        if (error !== null) return reject(error)
        settled++
        if (settled === count) resolve(count)
        else if (sent < count) one()
      })
    }
    for (let i = 0; i < Math.min(OUTSTANDING, count); i++) one()
  })
}

async function measured(work: () => Promise<number>): Promise<Outcome> {
  const cpu = process.cpuUsage()
  const startMs = performance.now()
  const done = await work()
  const seconds = (performance.now() - startMs) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  return { done, seconds, cpuUs: user + system }
}

async function perform(task: Task): Promise<Outcome> {
  if (task.kind === 'connections') {
    await connections(task, WARM_UP_CONNECTIONS)
    return measured(() => connections(task, task.count))
  }
  await using producer = new Producer(task.config)
  await records(producer, task, WARM_UP_RECORDS)
  return await measured(() => records(producer, task, task.count))
}

process.once('message', async (message) => {
  const outcome = await perform(message as Task)
  process.send?.(outcome, () => process.disconnect())
})
