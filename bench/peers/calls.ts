import type { ChaosClient, ChaosRecord, Outcome } from '../../test/chaos/driver/chaos-client.js'

/** The result of a call for one partition: its records are in the log from this offset on. */
export interface WrittenPartition {
  readonly partition: number
  readonly baseOffset: bigint
}

/**
 * One call of a client with some records. It rejects if any of them failed, because such clients do not
 * report which.
 */
export type Call = (records: readonly ChaosRecord[]) => Promise<readonly WrittenPartition[]>

type Settled = (outcome: Outcome) => void

/**
 * The most records of one call. After a long outage thousands of records wait, and one call with all of them
 * would take too long.
 */
const recordsPerCall = 500

/**
 * Uses a client with one call at a time, as its documentation shows, which is needed if the order counts. A
 * call has all records that arrived during the last one. The client does not report the places of the single
 * records of a call.
 */
export function oneCallAtATime(call: Call, disconnect: () => Promise<void>): ChaosClient {
  let waiting: { readonly record: ChaosRecord; readonly settled: Settled }[] = []
  let idle: Promise<void> = Promise.resolve()
  let isCalling = false

  async function callUntilEmpty(): Promise<void> {
    isCalling = true
    // Records of one turn of the event loop go into one call.
    await Promise.resolve()
    while (waiting.length > 0) {
      const now = waiting.slice(0, recordsPerCall)
      waiting = waiting.slice(recordsPerCall)
      const outcomes = await outcomesOf(
        call,
        now.map(({ record }) => record),
      )
      for (const [i, { settled }] of now.entries()) settled(outcomes[i] ?? untold)
    }
    isCalling = false
  }

  return {
    send: (record, settled) => {
      waiting.push({ record, settled })
      if (!isCalling) idle = callUntilEmpty()
    },
    close: async () => {
      await idle
      await disconnect()
    },
  }
}

/**
 * Uses a client with a call for each record, without waiting for the last one, like a server with many
 * requests at a time.
 */
export function callPerRecord(call: Call, disconnect: () => Promise<void>): ChaosClient {
  const unsettled = new Set<Promise<void>>()

  async function callWith(record: ChaosRecord, settled: Settled): Promise<void> {
    const [outcome] = await outcomesOf(call, [record])
    settled(outcome ?? untold)
  }

  return {
    send: (record, settled) => {
      const sending = callWith(record, settled)
      unsettled.add(sending)
      void sending.then(() => unsettled.delete(sending))
    },
    close: async () => {
      await Promise.all(unsettled)
      await disconnect()
    },
  }
}

/** The outcomes in the order of the records. It never rejects. */
async function outcomesOf(call: Call, records: readonly ChaosRecord[]): Promise<Outcome[]> {
  try {
    const written = await call(records)
    const [only, ...others] = written
    if (records.length === 1 && only !== undefined && others.length === 0)
      return [{ kind: 'acknowledged', partition: only.partition, offset: only.baseOffset }]
    return records.map(({ partition = -1 }) => ({ kind: 'acknowledged', partition, offset: -1n }))
  } catch (error) {
    const failed: Outcome = { kind: 'failed', possiblyPersisted: true, ...codeAndMessage(error) }
    return records.map(() => failed)
  }
}

const untold: Outcome = { kind: 'failed', possiblyPersisted: true, code: 'NOTHING_SAID', message: '' }

/** The code and the message of any client's error, for the report. */
export function codeAndMessage(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: 'NO_ERROR_OBJECT', message: String(error) }
  const { code, type } = error as { readonly code?: unknown; readonly type?: unknown }
  const told = [type, code, error.name].find((name) => name !== undefined)
  return { code: String(told), message: error.message }
}
