import type { Drivers } from '../drivers.js'
import type { Incarnation } from './incarnation.js'
import { noViolations, Oracle, type Recreation, type Verdict } from './oracle.js'
import { readLog } from './read-log.js'

export interface Judgement {
  readonly verdict: Verdict
  readonly examples: readonly string[]
  /** Records read from all logs. */
  readonly read: number
}

const readLimitMs = 15 * 60_000

/** Reads the whole logs and compares them with what the drivers heard. */
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

/** Reads the log of one topic and compares it. */
export async function judgeLog(
  servers: readonly string[],
  topic: string,
  recreation: Recreation | undefined,
  incarnations: ReadonlyMap<number, Incarnation>,
): Promise<Oracle> {
  const oracle = new Oracle(topic, incarnations, recreation)
  await readLog(servers, topic, oracle, readLimitMs)
  oracle.finish()
  return oracle
}

/** Adds the second to the first. */
export function add(sum: Verdict, verdict: Verdict): void {
  for (const kind of Object.keys(sum) as (keyof Verdict)[]) sum[kind] += verdict[kind]
}
