import { setTimeout as sleep } from 'node:timers/promises'
import type { Drivers } from '../drivers.js'
import type { Incarnation } from './incarnation.js'
import { noViolations, Oracle, type Recreation, type Verdict } from './oracle.js'
import { readLog } from './read-log.js'

export interface Judgement {
  readonly verdict: Verdict
  readonly examples: readonly string[]
  /** The number of records read from all logs. */
  readonly read: number
}

/** How logs are read, and the pause before one is read again. */
export interface Reading {
  readonly read: typeof readLog
  readonly pause: () => Promise<void>
}

const readLimitMs = 15 * 60_000
const readingsAtMost = 5

/** Reads the whole logs and compares them with the outcomes of the drivers. */
export async function judgeLogs(
  servers: readonly string[],
  topics: readonly { readonly name: string; readonly recreation: Recreation | undefined }[],
  { incarnations }: Drivers,
): Promise<Judgement> {
  const verdict = noViolations()
  const examples: string[] = []
  let read = 0
  for (const { name, recreation } of topics) {
    const oracle = await judgeLog(servers, name, recreation, incarnations)
    read += oracle.read
    examples.push(...oracle.examples)
    add(verdict, oracle.verdict)
  }
  for (const { id, settledTwice } of incarnations.values()) {
    if (settledTwice === 0) continue
    verdict.unsettled += settledTwice
    examples.push(`${settledTwice} records of incarnation ${id} got a second outcome`)
  }
  return { verdict, examples, read }
}

/**
 * Reads the log of one topic and compares it. Missing records count only if another reading finds no more
 * records: a newly elected leader does not know its high watermark yet, and shows a log that ends too early.
 */
export async function judgeLog(
  servers: readonly string[],
  topic: string,
  recreation: Recreation | undefined,
  incarnations: ReadonlyMap<number, Incarnation>,
  { read, pause }: Reading = { read: readLog, pause: () => sleep(5_000) },
): Promise<Oracle> {
  let before = -1
  for (let reading = 1; reading <= readingsAtMost; reading++) {
    const oracle = new Oracle(topic, incarnations, recreation)
    await read(servers, topic, oracle, readLimitMs)
    oracle.finish()
    if (oracle.verdict.lost === 0 || oracle.read === before) return oracle
    before = oracle.read
    await pause()
  }
  throw new Error(`${readingsAtMost} readings of ${topic} found more records each time`)
}

/** Adds `verdict` to `sum`. */
export function add(sum: Verdict, verdict: Verdict): void {
  for (const kind of Object.keys(sum) as (keyof Verdict)[]) sum[kind] += verdict[kind]
}
