import type { Drivers } from '../drivers.js'
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
    const oracle = new Oracle(name, incarnations, recreation)
    await readLog(servers, name, oracle, readLimitMs)
    oracle.finish()
    read += oracle.read
    examples.push(...oracle.examples)
    for (const kind of Object.keys(verdict) as (keyof Verdict)[]) verdict[kind] += oracle.verdict[kind]
  }
  for (const { id, settledTwice } of incarnations.values()) {
    if (settledTwice === 0) continue
    verdict.unsettled += settledTwice
    examples.push(`${settledTwice} records of incarnation ${id} got a second outcome`)
  }
  return { verdict, examples, read }
}
